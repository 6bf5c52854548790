"""Images on their way to a server."""

import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import BinaryIO, Protocol

from vultus.domain.changes import NewSubject
from vultus.domain.face import Box
from vultus.errors import ImageNotFound

ImageFile = str | PathLike[str] | bytes
"""The path of an image file, or what is in one."""

Part = tuple[str, tuple[str, BinaryIO, str]]
"""A part of a form: its name, and the name, content and kind of a file."""


class Photo(Protocol):
    """A photo to enroll, and whom it shows; the library's own `Photo` is one."""

    @property
    def name(self) -> str:
        """What stands for it in reports."""

    @property
    def subject(self) -> NewSubject | str:
        """Whom it shows: the id of a subject, or what is known of a new one."""

    @property
    def box(self) -> Box | None:
        """Which of several faces is meant, in pixels of the file."""

    @property
    def read(self) -> Callable[[int], object]:
        """Gives the bytes of its file, or refuses it where they are more than so many."""


@contextmanager
def opened(images: Sequence[ImageFile]) -> Iterator[list[Part]]:
    """Parts of a form, read while they are sent: a file is never held in memory as a whole.

    What a file is called stays here: it may be somebody's name.

    Raises:
        ImageNotFound: no such file, or it cannot be read, or it is no ordinary file.
    """
    with ExitStack() as files:
        yield [
            ("image", ("image", files.enter_context(_stream(image)), "application/octet-stream"))
            for image in images
        ]


def _stream(image: ImageFile) -> BinaryIO:
    if isinstance(image, bytes | bytearray | memoryview):
        return BytesIO(image)
    path = Path(image)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise OSError("it is a directory or a device, not a file")
        return path.open("rb")
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or str(error)
        raise ImageNotFound(str(path), problem[:1].lower() + problem[1:]) from error


def name_of(image: ImageFile) -> str:
    """What stands for an image in reports: its path, if it has one."""
    return path_of(image) or "photo"


def path_of(image: ImageFile) -> str | None:
    """The path of an image, if it has one."""
    return str(image) if isinstance(image, str | PathLike) else None
