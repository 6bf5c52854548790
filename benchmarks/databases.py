"""Databases to measure stores on: a file, or a new database on a server that runs already."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

SERVER = os.environ.get("VULTUS_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
"""Where databases are made and dropped."""


class NoServer(Exception):
    """There is no PostgreSQL to make a database on."""


@contextmanager
def new_sqlite_database() -> Iterator[str]:
    """Give the URL of a file that is not there yet, in a directory that goes away."""
    with TemporaryDirectory(prefix="vultus-") as directory:
        yield f"sqlite:///{Path(directory, 'store.db')}"


@contextmanager
def new_postgres_database() -> Iterator[str]:
    """Make an empty database on the server, give its URL, and drop it afterwards.

    Raises:
        NoServer: nobody answers, or the driver is not installed.
    """
    try:
        import psycopg
    except ImportError as error:
        raise NoServer("psycopg is not installed: pip install 'vultus[postgres]'") from error
    name = f"vultus_{uuid4().hex}"
    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        raise NoServer(f"VULTUS_TEST_POSTGRES_URL: {' '.join(str(error).split())}") from error
    with server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{SERVER.rpartition('/')[0]}/{name}"
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


DATABASES: dict[str, Callable[[], AbstractContextManager[str]]] = {
    "sqlite": new_sqlite_database,
    "postgresql": new_postgres_database,
}


def on_each(names: list[str], measure: Callable[[str], object]) -> dict[str, object]:
    """Measure on new databases of these kinds, given their URLs.

    Why one is not there is printed in a line, and stands in its place. Without any of them the
    benchmark ends.
    """
    results: dict[str, object] = {}
    absent = 0
    for name in names:
        try:
            with DATABASES[name]() as url:
                results[name] = measure(url)
        except NoServer as reason:
            print(f"{name} is not measured: {reason}", flush=True)
            results[name] = {"not_measured": str(reason)}
            absent += 1
    if absent == len(names):
        raise SystemExit("there is no database to measure")
    return results
