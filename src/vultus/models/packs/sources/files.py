"""`file:` addresses: files that are already on this machine."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from vultus.errors import SourceInvalid
from vultus.models.packs.sources.port import Progress, Wanted
from vultus.models.packs.sources.transfer import (
    CHUNK_BYTES,
    PAUSES_S,
    Incoming,
    Promise,
    is_intact,
    receive,
)


class FileSource:
    """Copies `file:/absolute/path` and `file:///absolute/path`."""

    scheme = "file"

    def __init__(self, pauses_s: Sequence[float] = PAUSES_S) -> None:
        self._pauses_s = pauses_s

    def fetch(self, wanted: Wanted, target: Path, progress: Progress) -> None:
        """Copy the wanted file to `target`; see the port."""
        if is_intact(target, wanted.sha256, wanted.size_bytes):
            return
        open_at = partial(_open_at, _path(wanted.source))
        receive(Promise.of(wanted), target, open_at, progress, self._pauses_s)


def _path(source: str) -> Path:
    address = urlsplit(source)
    if address.scheme != "file" or address.netloc not in ("", "localhost"):
        raise SourceInvalid(source, "it names no file of this machine")
    path = Path(unquote(address.path))
    if not path.is_absolute():
        raise SourceInvalid(source, "its path is not absolute")
    return path


@contextmanager
def _open_at(path: Path, offset: int) -> Iterator[Incoming]:
    with path.open("rb") as file:
        total_bytes = path.stat().st_size
        start = file.seek(offset if offset <= total_bytes else 0)
        yield Incoming(start, total_bytes, _chunks(file))


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(CHUNK_BYTES), b"")
