"""Files that appear whole or not at all, for their owner's eyes alone."""

import glob
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp
from time import time
from typing import BinaryIO

ABANDONED_S = 3_600
"""What was begun so long ago and written no more belongs to a process that died."""
MOST_OF_A_NAME = 100
"""Characters of the name that a file has while it is written."""


@contextmanager
def written_whole(target: Path) -> Iterator[BinaryIO]:
    """A file that is at `target` when the block ends well, and nowhere otherwise.

    Until then it has a name of its own, so any number of processes may write the same target. When
    the block has ended it would survive a power failure.

    Raises:
        OSError: it cannot be written there.
    """
    begun = f".{target.name[:MOST_OF_A_NAME]}."
    _sweep(target.parent, begun)
    descriptor, name = mkstemp(dir=target.parent, prefix=begun, suffix=".part")
    partial = Path(name)
    try:
        with open(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
        settle(target.parent)
    finally:
        partial.unlink(missing_ok=True)


def _sweep(folder: Path, begun: str) -> None:
    for left in folder.glob(f"{glob.escape(begun)}*.part"):
        # Somebody else's, or gone since: no reason not to write.
        with suppress(OSError):
            if left.stat().st_mtime < time() - ABANDONED_S:
                left.unlink()


def settle(path: Path) -> None:
    """Make sure that a file, or the names in a folder, are on the disk."""
    # Windows cannot open a folder, and needs not to.
    if os.name != "posix" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
