"""From a path to bytes, never more of them than allowed."""

import stat
from pathlib import Path

from vultus.errors import ImageNotFound
from vultus.vision.decode.limits import DecodeLimits


def read_bounded(path: Path, limits: DecodeLimits) -> bytes:
    """Read a file of at most `limits.max_bytes`.

    Raises:
        ImageNotFound: no such file, or it cannot be read, or it is no ordinary file.
        ImageTooHeavy: it has more bytes than allowed.
    """
    try:
        return _read(path, limits)
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or str(error)
        raise ImageNotFound(str(path), problem[:1].lower() + problem[1:]) from error


def _read(path: Path, limits: DecodeLimits) -> bytes:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise OSError("it is a directory or a device, not a file")
    limits.check_bytes(status.st_size)
    with path.open("rb") as file:
        data = file.read(limits.max_bytes + 1)
    # It may have grown since it was measured.
    limits.check_bytes(len(data))
    return data
