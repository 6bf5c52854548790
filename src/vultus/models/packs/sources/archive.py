"""One file out of a zip or tar archive, streamed."""

import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from vultus.errors import SourceUnavailable
from vultus.models.packs.sources.transfer import CHUNK_BYTES, Incoming

MAX_UNPACKED_BYTES = 4 * 1024**3
DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
)


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    """The file `member` of a zip or tar archive, whatever it is compressed with."""

    archive: Path
    member: str
    source: str

    @contextmanager
    def open_at(self, _offset: int) -> Iterator[Incoming]:
        """Open the member, always at its first byte.

        Raises:
            SourceUnavailable: the archive is damaged, or has no such file.
        """
        try:
            zipped = zipfile.is_zipfile(self.archive)
            with self._zip_member() if zipped else self._tar_member() as (file, size_bytes):
                yield Incoming(0, size_bytes, iter(lambda: file.read(CHUNK_BYTES), b""))
        except DAMAGED as error:
            raise SourceUnavailable(self.source, f"its archive is damaged ({error})") from error

    @contextmanager
    def _zip_member(self) -> Iterator[tuple[IO[bytes], int]]:
        with zipfile.ZipFile(self.archive) as archive:
            try:
                info = archive.getinfo(self.member)
            except KeyError as error:
                raise self._missing() from error
            with archive.open(info) as file:
                yield file, info.file_size

    @contextmanager
    def _tar_member(self) -> Iterator[tuple[IO[bytes], int]]:
        # Read as a stream: looking for the member in the index of a large archive would unpack
        # all of it, only to unpack up to the member again.
        with tarfile.open(self.archive, "r|*") as archive:
            for info in archive:
                if archive.offset > MAX_UNPACKED_BYTES:
                    break
                if info.name == self.member and info.isreg():
                    file = archive.extractfile(info)
                    assert file is not None, "a regular file"
                    yield file, info.size
                    return
        raise self._missing()

    def _missing(self) -> SourceUnavailable:
        return SourceUnavailable(self.source, f"its archive has no file {self.member}")
