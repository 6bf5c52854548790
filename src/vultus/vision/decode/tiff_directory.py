"""The directory of a TIFF: tags and their numbers, read within bounds and written anew.

Source: TIFF Revision 6.0, section 2, and the BigTIFF proposal.
"""

import struct

SHORT, LONG, BYTES = 3, 4, 7
LETTERS = {1: "B", SHORT: "H", LONG: "I", BYTES: "B", 13: "I", 16: "Q"}
BIG = 43
MOST_PAGES = 65_536

Tags = dict[int, tuple[int, tuple[int, ...]]]
"""What kind of numbers a tag has, and the numbers."""


class Directory:
    """The first directory of a TIFF, classic or big, in either byte order.

    Raises:
        struct.error: the file ends before the directory or its numbers do.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.order = "<" if data[:2] == b"II" else ">"
        big = BIG in data[2:4]
        self._offset, self._start = ("Q", 8) if big else ("I", 4)
        self._count, self._head, self._inline = ("Q", "HHQ", 8) if big else ("H", "HHI", 4)
        self._entries: dict[int, tuple[int, int, int]] = {}
        first, entries = self._first_entry(self._start)
        for index in range(entries):
            at = first + index * self._entry_bytes
            tag, kind, count = self._unpack(self._head, at)
            self._entries.setdefault(tag, (kind, count, at + struct.calcsize("<" + self._head)))

    def __contains__(self, tag: int) -> bool:
        return tag in self._entries

    def number(self, tag: int, default: int | None = None) -> int:
        """The first number of a tag, or the default.

        Raises:
            ValueError: the tag is missing and has no default.
        """
        if tag not in self and default is not None:
            return default
        return self.numbers(tag, 1)[0]

    def numbers(self, tag: int, least: int, most: int | None = None) -> tuple[int, ...]:
        """The numbers of a tag: `least`, or as many as there are up to `most`.

        Raises:
            ValueError: there are fewer than `least`.
        """
        kind, count, at = self._entries.get(tag, (0, 0, 0))
        if kind not in LETTERS or count < least:
            raise ValueError(f"its tag {tag} is missing or too short")
        wanted = f"{min(count, most or least)}{LETTERS[kind]}"
        if struct.calcsize(f"<{count}{LETTERS[kind]}") > self._inline:
            (at,) = self._unpack(self._offset, at)
        return self._unpack(wanted, at)

    def count_pages(self) -> int:
        """How many directories follow one another, this one included; counts to 65,536."""
        seen: set[int] = set()
        pointer = self._start
        while len(seen) < MOST_PAGES:
            try:
                (page,) = self._unpack(self._offset, pointer)
                if page == 0 or page in seen:
                    break
                first, entries = self._first_entry(pointer)
            except (struct.error, OverflowError):
                break
            seen.add(page)
            pointer = first + entries * self._entry_bytes
        return len(seen)

    @property
    def _entry_bytes(self) -> int:
        return struct.calcsize("<" + self._head) + self._inline

    def _first_entry(self, pointer: int) -> tuple[int, int]:
        """Where the entries of the directory start that `pointer` points to, and how many."""
        (at,) = self._unpack(self._offset, pointer)
        (entries,) = self._unpack(self._count, at)
        return at + struct.calcsize("<" + self._count), entries

    def _unpack(self, letters: str, at: int) -> tuple[int, ...]:
        return struct.unpack_from(self.order + letters, self._data, at)


def rewritten(data: bytes, order: str, tags: Tags, places: frozenset[int]) -> bytes:
    """The file behind a directory of these tags alone; `places` are the tags with offsets in it.

    A big TIFF becomes a classic one. The file stays last, so that one that was cut still ends
    where it was cut.
    """
    values_at = 8 + 2 + 12 * len(tags) + 4
    moved = values_at + sum(_outside(kind, len(numbers)) for kind, numbers in tags.values())
    entries, values = bytearray(), bytearray()
    for tag, (kind, numbers) in sorted(tags.items()):
        shifted = [number + moved for number in numbers] if tag in places else numbers
        packed = struct.pack(f"{order}{len(numbers)}{LETTERS[kind]}", *shifted)
        entries += struct.pack(order + "HHI", tag, kind, len(numbers))
        if outside := _outside(kind, len(numbers)):
            entries += struct.pack(order + "I", values_at + len(values))
            values += packed.ljust(outside, b"\0")
        else:
            entries += packed.ljust(4, b"\0")
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "IH", 8, len(tags))
    return b"".join((head, entries, bytes(4), values, data))


def _outside(kind: int, count: int) -> int:
    """How many bytes the numbers take behind the directory; none where they fit into it."""
    size = struct.calcsize(f"<{count}{LETTERS[kind]}")
    return size + size % 2 if size > 4 else 0
