"""How the memory of a process that serves for weeks is given back."""

import ctypes
from contextlib import suppress

MEBIBYTE = 1024 * 1024

# Options of glibc's mallopt(3), by their numbers there, and what they are set to.
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
LARGE_BYTES = 16 * MEBIBYTE
SPARE_BYTES = 64 * MEBIBYTE


def give_large_blocks_back() -> None:
    """Let memory of large blocks go back to the system as soon as they are freed.

    By itself glibc learns from the first large block that is freed to take such blocks from its
    heaps, which give nothing back while anything behind it lives: after a few large requests a
    service held twice of what it needed. Other C libraries know no such options, and do not learn.
    """
    with suppress(OSError, AttributeError):
        set_option = ctypes.CDLL(None).mallopt
        set_option(MMAP_THRESHOLD, LARGE_BYTES)
        set_option(TRIM_THRESHOLD, SPARE_BYTES)
