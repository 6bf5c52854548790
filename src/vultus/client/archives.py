"""Archives of galleries on their way from and to a server."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from vultus.errors import ArchiveInvalid, ArchiveTooNew, ArchiveUnwritable


@contextmanager
def written_to(target: Path) -> Iterator[BinaryIO]:
    """A file that is at `target` when the block ends well, and nowhere otherwise.

    Raises:
        ArchiveUnwritable: it cannot be written there.
    """
    partial = target.with_name(f".{target.name}.part")
    try:
        with partial.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    except OSError as error:
        raise ArchiveUnwritable(str(target), error.strerror or str(error)) from error
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def read_from(source: Path) -> Iterator[BinaryIO]:
    """An archive to send. What the server says of it is said of the file here.

    Raises:
        ArchiveInvalid: there is none, it cannot be read, or the server cannot make use of it.
        ArchiveTooNew: a newer Vultus wrote it.
    """
    try:
        file = source.open("rb")
    except OSError as error:
        raise ArchiveInvalid(str(source), str(error)) from error
    with file:
        try:
            yield file
        except (ArchiveInvalid, ArchiveTooNew) as error:
            raise replace(error, path=str(source)) from None
