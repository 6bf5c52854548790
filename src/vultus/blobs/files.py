"""Blobs as files below a directory."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import time

from vultus.blobs.port import check_blob_name
from vultus.errors import BlobNotFound, BlobsUnavailable, InvalidValue
from vultus.whole_file import settle

INCOMING = ".incoming"
"""Where files are written before they get their names; no blob's name begins with a dot."""

ABANDONED_S = 3_600
"""A file that came in so long ago and has no name yet belongs to a process that died."""


class DirectoryBlobStore:
    """A `BlobStore` in one directory, for its owner's eyes alone.

    A name may not be both a blob and the beginning of others, as `a` and `a/b`.
    """

    def __init__(self, directory: Path) -> None:
        """Keep blobs below `directory`, which is made if it is not there.

        Raises:
            BlobsUnavailable: it cannot be made.
        """
        self._root = directory
        self._incoming = directory / INCOMING
        with self._translated():
            self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._sweep()

    def put(self, name: str, data: bytes) -> None:
        """See `BlobStore`."""
        path = self._path(name)
        with self._translated():
            try:
                self._make_directory(path.parent)
                self._write(path, data)
            except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
                problem = f"{name!r} is the beginning of other names, or one is of it"
                raise InvalidValue("blob name", problem) from error

    def get(self, name: str) -> bytes:
        """See `BlobStore`."""
        with self._translated():
            try:
                return self._path(name).read_bytes()
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
                raise BlobNotFound(name) from error

    def exists(self, name: str) -> bool:
        """See `BlobStore`."""
        with self._translated():
            return self._path(name).is_file()

    def delete(self, name: str) -> None:
        """See `BlobStore`."""
        path = self._path(name)
        with self._translated():
            if path.is_file():
                path.unlink(missing_ok=True)
                settle(path.parent)

    def names(self, prefix: str = "") -> Iterator[str]:
        """See `BlobStore`."""
        base = prefix.rpartition("/")[0]
        if base:
            check_blob_name(base)
        with self._translated():
            yield from self._below(f"{base}/" if base else "", prefix)

    def _path(self, name: str) -> Path:
        check_blob_name(name)
        return self._root / name

    def _make_directory(self, directory: Path) -> None:
        if not directory.is_dir():
            self._make_directory(directory.parent)
            directory.mkdir(mode=0o700, exist_ok=True)
            settle(directory.parent)

    def _write(self, path: Path, data: bytes) -> None:
        with NamedTemporaryFile(dir=self._incoming, delete=False) as file:
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                os.replace(file.name, path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        settle(path.parent)

    def _below(self, base: str, prefix: str) -> Iterator[str]:
        """Names below a directory in the order of their characters, of which `/` is one."""
        try:
            entries = [
                (f"{e.name}/" if e.is_dir() else e.name) for e in os.scandir(self._root / base)
            ]
        except (FileNotFoundError, NotADirectoryError):
            return
        for entry in sorted(entries):
            name = base + entry
            if entry.startswith(".") or not (name.startswith(prefix) or prefix.startswith(name)):
                continue
            if entry.endswith("/"):
                yield from self._below(name, prefix)
            elif name.startswith(prefix):
                yield name

    def _sweep(self) -> None:
        for file in self._incoming.iterdir():
            if file.stat().st_mtime < time() - ABANDONED_S:
                file.unlink(missing_ok=True)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            problem = error.strerror or type(error).__name__
            raise BlobsUnavailable(str(self._root), problem) from error
