"""HEIF and AVIF files: the pictures inside, told from the boxes alone.

Source: ISO/IEC 14496-12, 8.11 (items) and ISO/IEC 23008-12, 6.5 and 9.3 (their properties).
"""

import struct
from dataclasses import dataclass, field

from vultus.errors import UnsupportedImage
from vultus.vision.decode.boxes import MOST_BOXES, Box, Cursor, boxes
from vultus.vision.decode.header import Size

MOST_EXTENTS = 32
TOP = frozenset({b"ftyp", b"meta", b"mdat"})
META = frozenset({b"hdlr", b"pitm", b"iloc", b"iinf", b"iprp", b"iref", b"idat"})
PROPERTIES, LINKS, SIZE = b"ipco", b"ipma", b"ispe"
GRID = b"grid"
IGNORED = b"free"
FILM_BRANDS = {b"avis": b"avif", b"msf1": b"mif1", b"hevc": b"heic", b"hevx": b"heix"}


@dataclass(slots=True)
class Item:
    """A picture inside the file: how it is coded, how large it says it is, and its bytes."""

    coding: bytes
    sizes: set[Size] = field(default_factory=set)
    payload: bytes = b""


class Container:
    """The pictures of one coding that a file holds, and the file without everything else.

    `content` has the length of the file, so that what it says about places stays true: boxes and
    items that are not needed (metadata, films, other codings) are renamed, so that no decoder
    reads them. What two decoders could understand in two ways is refused.
    """

    def __init__(self, data: bytes, coding: bytes) -> None:
        self.items: dict[int, Item] = {}
        self.content = bytearray(data)
        self._data = data
        self._coding = coding
        self._meta: dict[bytes, Box] = {}
        self._keep_one_picture()
        self._find_items()
        self._check_primary()
        self._find_sizes()
        self._find_payloads()

    def _keep_one_picture(self) -> None:
        seen: set[bytes] = set()
        for box in boxes(self._data, 0, len(self._data)):
            if box.kind not in TOP or (box.kind in seen and box.kind != b"mdat"):
                self._ignore(box.name_at)
            elif box.kind == b"ftyp":
                self._name_no_film(box)
            elif box.kind == b"meta":
                self._keep_what_describes_pictures(box)
            seen.add(box.kind)

    def _ignore(self, name_at: int) -> None:
        self.content[name_at : name_at + 4] = IGNORED

    def _name_no_film(self, brands: Box) -> None:
        for film, picture in FILM_BRANDS.items():
            named = self.content[brands.start : brands.end].replace(film, picture)
            self.content[brands.start : brands.end] = named

    def _keep_what_describes_pictures(self, meta: Box) -> None:
        for box in boxes(self._data, meta.start + 4, meta.end):
            if box.kind not in META or box.kind in self._meta:
                self._ignore(box.name_at)
            else:
                self._meta[box.kind] = box

    def _part(self, kind: bytes) -> Box:
        if kind not in self._meta:
            raise ValueError(f"it has no {kind.decode()} box")
        return self._meta[kind]

    def _open(self, kind: bytes) -> tuple[Cursor, int]:
        """A cursor behind the version and flags of a part of `meta`, and the version."""
        box = self._part(kind)
        cursor = Cursor(self._data, box.start, box.end)
        version = cursor.take(1)
        cursor.take(3)
        return cursor, version

    def _find_items(self) -> None:
        cursor, version = self._open(b"iinf")
        cursor.take(4 if version else 2)
        for box in boxes(self._data, cursor.position, cursor.end):
            entry = Cursor(self._data, box.start, box.end)
            number = entry.take(4 if entry.take(4) >> 24 == 3 else 2)
            coding_at = entry.position + 2
            coding = self._data[coding_at : coding_at + 4]
            if number in self.items:
                raise ValueError("it describes a picture twice")
            if coding in (self._coding, GRID):
                self.items[number] = Item(coding)
            else:
                self._ignore(coding_at)

    def _check_primary(self) -> None:
        cursor, version = self._open(b"pitm")
        if cursor.take(4 if version else 2) not in self.items:
            raise UnsupportedImage(f"a HEIF file with no picture in {self._coding.decode()}")

    def _find_sizes(self) -> None:
        """Give each item the sizes among its properties."""
        part = self._part(b"iprp")
        parts = list(boxes(self._data, part.start, part.end))
        properties = [box for box in parts if box.kind == PROPERTIES]
        if len(properties) != 1:
            raise ValueError("it does not say how large it is")
        known: dict[int, Size] = {}
        for index, box in enumerate(boxes(self._data, properties[0].start, properties[0].end), 1):
            if box.kind == SIZE:
                known[index] = struct.unpack_from(">II", self._data, box.start + 4)
        for box in parts:
            if box.kind == LINKS:
                self._link(Cursor(self._data, box.start, box.end), known)
        if not all(item.sizes for item in self.items.values()):
            raise ValueError("it does not say how large it is")

    def _link(self, cursor: Cursor, known: dict[int, Size]) -> None:
        version, flags = cursor.take(1), cursor.take(3)
        width, mask = (2, 0x7FFF) if flags & 1 else (1, 0x7F)
        for _ in range(cursor.take_count(4, MOST_BOXES)):
            item = self.items.get(cursor.take(4 if version else 2))
            for _ in range(cursor.take(1)):
                index = cursor.take(width) & mask
                if item and index in known:
                    item.sizes.add(known[index])

    def _find_payloads(self) -> None:
        """Give each item its bytes; all together they have no more than the file."""
        cursor, version = self._open(b"iloc")
        offset_and_length, base_and_index = cursor.take(1), cursor.take(1)
        offset_width, length_width = offset_and_length >> 4, offset_and_length & 15
        base_width, index_width = base_and_index >> 4, base_and_index & 15 if version else 0
        left = len(self._data)
        for _ in range(cursor.take_count(4 if version == 2 else 2, MOST_BOXES)):
            item = self.items.get(cursor.take(4 if version == 2 else 2))
            method = cursor.take(2) & 15 if version else 0
            cursor.take(2)
            base = cursor.take(base_width)
            extents = []
            for _ in range(cursor.take_count(2, MOST_EXTENTS)):
                cursor.take(index_width)
                extents.append((base + cursor.take(offset_width), cursor.take(length_width)))
            if item:
                left -= sum(length for _, length in extents)
                if left < 0 or item.payload:
                    raise ValueError("its parts overlap")
                item.payload = self._payload(extents, method)
        if not all(item.payload for item in self.items.values()):
            raise ValueError("it has a picture without bytes")

    def _payload(self, extents: list[tuple[int, int]], method: int) -> bytes:
        if method > 1 or not all(length for _, length in extents):
            raise ValueError("it keeps its pictures in a way that is not read")
        shift = self._part(b"idat").start if method else 0
        return b"".join(self._data[shift + at : shift + at + length] for at, length in extents)


def grid_size(payload: bytes) -> Size:
    """The size of a picture put together from tiles. Source: ISO/IEC 23008-12, 6.6.2.3."""
    width, height = struct.unpack_from(">II" if payload[1] & 1 else ">HH", payload, 4)
    return width, height
