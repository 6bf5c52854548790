"""The boxes that HEIF and AVIF files are made of, read within bounds.

Source: ISO/IEC 14496-12, 4.2.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

MOST_BOXES = 10_000


class Box(NamedTuple):
    """A box: what kind, where its name stands, and from where to where its content goes."""

    kind: bytes
    name_at: int
    start: int
    end: int


def boxes(data: bytes | bytearray, start: int, end: int) -> Iterator[Box]:
    """The boxes between two places.

    Raises:
        IndexError: one of them goes beyond the end.
        ValueError: there are more than anybody needs.
    """
    for _ in range(MOST_BOXES):
        if start >= end:
            return
        length, kind = struct.unpack_from(">I4s", data, start)
        content = start + 8
        if length == 1:
            (length,) = struct.unpack_from(">Q", data, content)
            content += 8
        stop = start + length if length else end
        if not content <= stop <= end:
            raise IndexError
        yield Box(kind, start + 4, content, stop)
        start = stop
    raise ValueError(f"it has more than {MOST_BOXES:,} boxes")


@dataclass(slots=True)
class Cursor:
    """Reads big-endian numbers one after another, never past the end of a box."""

    data: bytes
    position: int
    end: int

    def take(self, size_bytes: int) -> int:
        """The next number of that many bytes.

        Raises:
            IndexError: the box has no more.
        """
        start, self.position = self.position, self.position + size_bytes
        if self.position > self.end:
            raise IndexError
        return int.from_bytes(self.data[start : self.position], "big")

    def take_count(self, size_bytes: int, most: int) -> int:
        """The next number, which says how much follows.

        Raises:
            ValueError: it says more than anybody needs.
        """
        count = self.take(size_bytes)
        if count > most:
            raise ValueError(f"it has {count:,} parts where {most:,} are plenty")
        return count
