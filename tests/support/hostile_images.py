"""Files that lie about their size, or that grow without end when somebody unpacks them."""

import struct
import zlib

import numpy as np

from image_files import SIGNATURE, chunk, encoded, png, quarters, tiff

ENDLESS = zlib.compress(bytes(50 * 2**20), 9)
"""50 MiB in 50 kB."""


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of one pixel that says it has more."""
    return png(np.array([[7]]), 8, 0, size=(width, height))


def png_with_texts() -> bytes:
    """A PNG of one pixel with 3 GB of text and a colour profile, well compressed."""
    texts = chunk(b"zTXt", b"k\0\0" + ENDLESS) * 30 + chunk(b"iTXt", b"k\0\1\0\0\0" + ENDLESS) * 30
    return png(np.array([[7]]), 8, 0, chunk(b"iCCP", b"k\0\0" + ENDLESS) + texts)


def png_in_crumbs() -> bytes:
    """A PNG of one pixel among 400,000 empty chunks."""
    whole = png(np.array([[7]]), 8, 0, chunk(b"teXt", b"") * 400_000)
    assert whole.startswith(SIGNATURE)
    return whole


def gif_claiming(screen: int, frame: int) -> bytes:
    """A GIF that gives two sizes."""
    head = b"GIF89a" + struct.pack("<HHBBB", screen, screen, 0x80, 0, 0) + bytes(6)
    return head + b"," + struct.pack("<4HB", 0, 0, frame, frame, 0) + b"\2\2\x44\1\0;"


def gif_of_comments() -> bytes:
    """A GIF of one pixel behind a comment of two million blocks."""
    whole = gif_claiming(1, 1)
    return whole[:19] + b"!\xfe" + b"\1x" * 2_000_000 + b"\0" + whole[19:]


def jpeg_claiming(width: int, height: int) -> bytes:
    """A JPEG whose frame header lies."""
    data = bytearray(encoded(quarters(), "JPEG"))
    struct.pack_into(">HH", data, data.index(b"\xff\xc0") + 5, height, width)
    return bytes(data)


def jpeg_of_scans() -> bytes:
    """A progressive JPEG that refines its last coefficients 50,000 times."""
    data = encoded(quarters(800, 600), "JPEG", progressive=True)
    last_scan = data.rindex(b"\xff\xda")
    return data[:last_scan] + data[last_scan:-2] * 50_000 + data[-2:]


def jpeg_of_segments() -> bytes:
    """A JPEG behind 300,000 segments, each with a JFIF header."""
    data = encoded(quarters(), "JPEG")
    return data[:2] + data[2:20] * 300_000 + data[2:]


def bmp_claiming(width: int, height: int) -> bytes:
    """A BMP whose header lies."""
    data = bytearray(encoded(quarters(), "BMP"))
    struct.pack_into("<ii", data, 18, width, height)
    return bytes(data)


def tiff_page(**numbers: int) -> dict[int, tuple[str, list[int]]]:
    """The tags of a grey page of 16 by 16 pixels in one strip or, where a tile is given, tile."""
    tags = {
        256: ("I", [numbers.get("width", 16)]),
        257: ("I", [numbers.get("height", 16)]),
        258: ("H", [8]),
        262: ("H", [1]),
    }
    if "tile" not in numbers:
        return tags | {273: ("I", [8]), 279: ("I", [256])}
    tile = ("I", [numbers["tile"]])
    return tags | {322: tile, 323: tile, 324: ("I", [8]), 325: ("I", [256]), 259: ("H", [8])}


def tiff_claiming(**numbers: int) -> bytes:
    """A TIFF of 256 pixels that says it is larger, or that its tile is."""
    return tiff(tiff_page(**numbers), bytes(256))


def tiff_of_values() -> bytes:
    """A TIFF with a tag of four billion numbers."""
    data = tiff_claiming()
    entry = data.index(struct.pack("<HHI", 273, 4, 1))
    return data[: entry + 4] + b"\xff\xff\xff\xff" + data[entry + 8 :]


def tiff_of_pages() -> bytes:
    """A TIFF of one page and two million empty ones."""
    data = tiff_claiming()
    first = len(data)
    pages = b"".join(struct.pack("<HI", 0, first + 6 * (index + 1)) for index in range(2_000_000))
    return data[: first - 4] + struct.pack("<I", first) + pages


def with_sizes(data: bytes, width: int, height: int) -> bytes:
    """An AVIF or HEIC that gives this size, whatever its stream says."""
    changed = bytearray(data)
    at = data.find(b"ispe")
    while at >= 0:
        struct.pack_into(">II", changed, at + 8, width, height)
        at = data.find(b"ispe", at + 4)
    return bytes(changed)


def without_size(data: bytes) -> bytes:
    """A HEIC that gives no size: its picture is linked to another property instead."""
    boxes = data[data.index(b"ipco") + 4 : data.index(b"ipma") - 4]
    kinds, at = [], 0
    while at < len(boxes):
        length, kind = struct.unpack_from(">I4s", boxes, at)
        kinds.append(kind)
        at += length
    links = data.index(b"ipma") + 4 + 4 + 4 + 2 + 1
    changed = bytearray(data)
    link = next(at for at in range(links, len(data)) if data[at] & 0x7F == kinds.index(b"ispe") + 1)
    changed[link] = kinds.index(b"pixi") + 1
    return bytes(changed)


def grid_claiming(side: int) -> bytes:
    """A HEIC of four small tiles that says that they make a large picture."""
    data = bytearray(encoded(quarters(256, 256), "HEIC", tile_size=128))
    struct.pack_into(">HH", data, data.index(b"idat") + 8, side, side)
    return bytes(data)


def heic_of_pictures(count: int) -> bytes:
    """A HEIC that has the stream of its picture several times over."""
    data = bytearray(encoded(quarters(), "HEIC"))
    start = data.index(b"mdat") + 4
    payload = bytes(data[start:])
    length_at = data.index(struct.pack(">I", len(payload)), data.index(b"iloc"))
    struct.pack_into(">I", data, length_at, count * len(payload))
    struct.pack_into(">I", data, start - 8, 8 + count * len(payload))
    return bytes(data) + payload * (count - 1)


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    """A WebP of these chunks."""
    body = b"".join(
        kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)
        for kind, content in chunks
    )
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def webp_claiming(canvas: int, frame: int) -> bytes:
    """A WebP that gives two sizes, the inner one for a lossless picture."""
    sides = (canvas - 1).to_bytes(3, "little") * 2
    bits = (frame - 1) | (frame - 1) << 14
    picture = b"\x2f" + struct.pack("<I", bits) + bytes(64)
    return riff((b"VP8X", bytes(4) + sides), (b"VP8L", picture))


def webp_of_tables(groups: int = 65_536) -> bytes:
    """A lossless WebP of a megapixel, each sixteen pixels of which have their own five codes.

    Source: RFC 9649, 3.7.2: what a group of prefix codes costs in the file, and in memory.
    """
    side, bits = 1024, _Bits()
    bits.put(0x2F, 8)
    for value in (side - 1, side - 1):
        bits.put(value, 14)
    bits.put(0, 1 + 3 + 1 + 1)  # no alpha, version 0, no transform, no cache
    bits.put(1, 1)  # groups, each for four by four pixels
    bits.put(0, 3 + 1)
    for alphabet in (280, 256):
        bits.put_code_of_256(alphabet)
    for _ in range(3):
        bits.put_code_of_1()
    for group in range((side // 4) ** 2):
        bits.put_reversed(group % groups & 255)
        bits.put_reversed(group % groups >> 8)
    for _ in range(5 * groups):
        bits.put_code_of_1()
    return riff((b"VP8L", bits.written() + bytes(8)))


class _Bits:
    """Writes bits one after another, the lowest first."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._held = self._count = 0

    def put(self, value: int, count: int) -> None:
        self._held |= value << self._count
        self._count += count
        while self._count >= 8:
            self._bytes.append(self._held & 255)
            self._held >>= 8
            self._count -= 8

    def put_reversed(self, byte: int) -> None:
        self.put(int(f"{byte:08b}"[::-1], 2), 8)

    def put_code_of_1(self) -> None:
        """A code with one symbol, 0, which then takes no bits at all."""
        self.put(0b0001, 4)

    def put_code_of_256(self, alphabet: int) -> None:
        """A code with 8 bits for each of 256 symbols, and none for the rest of the alphabet."""
        self.put(0, 1)
        self.put(12 - 4, 4)
        for length in (17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8):
            self.put(length in (0, 8), 3)
        self.put(0, 1)
        for symbol in range(alphabet):
            self.put(symbol < 256, 1)

    def written(self) -> bytes:
        return bytes(self._bytes) + bytes([self._held])
