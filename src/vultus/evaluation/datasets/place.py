"""Where the bytes of an image lie that a dataset does not copy."""

from dataclasses import dataclass
from pathlib import Path

from vultus.errors import ImageNotFound, ImageTooHeavy
from vultus.vision.decode import read_bounded


@dataclass(frozen=True, slots=True)
class Place:
    """A file of this machine, or so many of its bytes: as a member of a tar file.

    `path` is absolute. `size_bytes` is None where the whole file is meant.
    """

    path: str
    offset: int = 0
    size_bytes: int | None = None

    def read(self, max_bytes: int) -> bytes:
        """Give the bytes, if they are not more than allowed.

        Raises:
            ImageNotFound: there is no such file, it cannot be read, or it ends before.
            ImageTooHeavy: they are more.
        """
        if self.size_bytes is None:
            return read_bounded(Path(self.path), max_bytes)
        if self.size_bytes > max_bytes:
            raise ImageTooHeavy(self.size_bytes, max_bytes)
        return _part(self.path, self.offset, self.size_bytes)


def _part(path: str, offset: int, size_bytes: int) -> bytes:
    try:
        with open(path, "rb") as file:
            file.seek(offset)
            data = file.read(size_bytes)
    except OSError as error:
        raise ImageNotFound(path, error.strerror or "it cannot be read") from error
    if len(data) != size_bytes:
        raise ImageNotFound(path, "it ends before the image does")
    return data
