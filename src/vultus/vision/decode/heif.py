"""HEIC and HEIF: the sizes of all pictures inside, and their decoding by libheif."""

import struct
from typing import IO

import PIL.Image

from vultus.errors import UnsupportedImage
from vultus.vision.decode.container import GRID, Container, grid_size
from vultus.vision.decode.header import Header, Size

LAST_PICTURE_UNIT = 31
FIRST_SLICE = 0x80


def read_header(data: bytes) -> Header:
    """Read the boxes of a HEIC without decoding its picture.

    libheif holds the HEVC stream to the size in the boxes, and turns the picture upright.
    """
    container = Container(data, b"hvc1")
    sizes: set[Size] = set()
    for item in container.items.values():
        sizes |= item.sizes
        if item.coding == GRID:
            sizes.add(grid_size(item.payload))
        elif _count_pictures(item.payload) > 1:
            raise UnsupportedImage("a HEIC file with a film for a picture")
    return Header(tuple(sizes), bytes(container.content))


def _count_pictures(payload: bytes) -> int:
    """How many pictures an HEVC stream starts. Source: ITU-T H.265, 7.3.1.2 and 7.3.6.1."""
    pictures = position = 0
    while position < len(payload):
        length, head = struct.unpack_from(">IB", payload, position)
        slice_head = int.from_bytes(payload[position + 6 : position + 7])
        if head >> 1 & 0x3F <= LAST_PICTURE_UNIT and slice_head & FIRST_SLICE:
            pictures += 1
        position += 4 + length
    return pictures


def open_heif(file: IO[bytes]) -> PIL.Image.Image:
    """Decode the primary picture; 10 and 12 bits become 8."""
    # Late, because it costs 4 MB, and most processes meet no HEIC.
    import pi_heif

    opened = pi_heif.open_heif(file, convert_hdr_to_8bit=True, remove_stride=False)
    picture: PIL.Image.Image = opened.to_pillow()
    return picture
