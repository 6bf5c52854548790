"""From a path to bytes, never more of them than allowed."""

import os
import stat
from pathlib import Path

from vultus.errors import ImageNotFound, ImageTooHeavy


def read_bounded(path: Path, max_bytes: int) -> bytes:
    """Read a file of at most `max_bytes`.

    Raises:
        ImageNotFound: no such file, or it cannot be read, or it is no ordinary file.
        ImageTooHeavy: it has more bytes than allowed.
    """
    try:
        return _read(path, max_bytes)
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or str(error)
        raise ImageNotFound(str(path), problem[:1].lower() + problem[1:]) from error


def _read(path: Path, max_bytes: int) -> bytes:
    status = _status(path)
    if not stat.S_ISREG(status.st_mode):
        raise OSError("it is a directory or a device, not a file")
    _check(status.st_size, max_bytes)
    with path.open("rb") as file:
        data = file.read(max_bytes + 1)
    # It may have grown since it was measured.
    _check(len(data), max_bytes)
    return data


def _status(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except FileNotFoundError:
        if path.is_symlink():
            raise OSError(f"it is a link to {os.readlink(path)}, which is not there") from None
        raise


def _check(size_bytes: int, max_bytes: int) -> None:
    if size_bytes > max_bytes:
        raise ImageTooHeavy(size_bytes, max_bytes)
