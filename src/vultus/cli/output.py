"""Files that commands write where their options say."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from vultus.errors import FileUnwritable
from vultus.whole_file import written_whole


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say of any failure of the block that nothing can be written at `path`.

    Raises:
        FileUnwritable: that is so.
    """
    try:
        yield
    except (FileExistsError, NotADirectoryError) as error:
        raise FileUnwritable(str(path), "there is a file where a folder is needed") from error
    except OSError as error:
        raise FileUnwritable(str(path), error.strerror or str(error)) from error


def make_folder_of(target: Path) -> None:
    """Make the folder of a file; to be done before the work whose results go there.

    Raises:
        FileUnwritable: it cannot be made.
    """
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)


@contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """A file that is at `target` when the block ends well, and nowhere otherwise.

    Raises:
        FileUnwritable: it cannot be written there.
    """
    make_folder_of(target)
    with writing(target), written_whole(target) as file:
        yield file
