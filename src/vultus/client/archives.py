"""Archives of galleries on their way from and to a server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from vultus.errors import ArchiveInvalid, ArchiveTooNew, ArchiveUnwritable
from vultus.whole_file import written_whole


@contextmanager
def written_to(target: Path) -> Iterator[BinaryIO]:
    """A file that is at `target` when the block ends well, and nowhere otherwise.

    Only its owner may read it.

    Raises:
        ArchiveUnwritable: it cannot be written there.
    """
    try:
        with written_whole(target) as file:
            yield file
    except OSError as error:
        raise ArchiveUnwritable(str(target), error.strerror or str(error)) from error


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
