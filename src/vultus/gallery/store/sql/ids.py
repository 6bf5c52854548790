"""Names of rows for the world outside."""

import os
from time import time_ns

VERSION_AND_VARIANT = 0x7 << 76 | 0x2 << 62


def new_id() -> str:
    """A UUID of version 7 in 32 hexadecimal digits: the time in milliseconds, then chance.

    Ids that rise with time are written to one end of an index; random ones touch all of it.

    Source: RFC 9562, section 5.7.
    """
    chance = int.from_bytes(os.urandom(10), "big") & ~(0xF << 76 | 0x3 << 62)
    return f"{time_ns() // 1_000_000 << 80 | VERSION_AND_VARIANT | chance:032x}"
