"""WebP: canvas size, orientation and frames."""

import struct
from collections.abc import Iterator

from vultus.vision.decode.exif import orientation_of
from vultus.vision.decode.header import Header, Size

FIRST_CHUNK = 12


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    position = FIRST_CHUNK
    while position + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, position)
        yield kind, position + 8, position + 8 + length
        position += 8 + length + length % 2


def _size(data: bytes) -> Size:
    """The canvas, from the first chunk. Source: RFC 9649, 2.5 to 2.7."""
    kind = data[FIRST_CHUNK : FIRST_CHUNK + 4]
    if kind == b"VP8X":
        width_low, width_high, height_low, height_high = struct.unpack_from("<HBHB", data, 24)
        return (width_low | width_high << 16) + 1, (height_low | height_high << 16) + 1
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError("it has no picture")


def read_header(data: bytes) -> Header:
    """Read the chunks of a WebP without decoding them."""
    frames, orientation = 0, 1
    for kind, start, end in _chunks(data):
        frames += kind == b"ANMF"
        if kind == b"EXIF":
            orientation = orientation_of(data[start:end])
    return Header((_size(data),), data, max(frames, 1), orientation)
