"""TIFF: the first page, its directory written anew with what decides about pixels alone.

Source: TIFF Revision 6.0, sections 3 to 8, 13 to 15 and 21.
"""

from vultus.errors import UnsupportedImage
from vultus.vision.decode.header import Header, Size
from vultus.vision.decode.tiff_directory import BYTES, LONG, SHORT, Directory, Tags, rewritten

PREVIEW, WIDTH, HEIGHT, BITS, COMPRESSION, COLOURS = 254, 256, 257, 258, 259, 262
FILL_ORDER, STRIPS, ORIENTATION, CHANNELS, STRIP_ROWS = 266, 273, 274, 277, 278
STRIP_LENGTHS, PLANES, FAX3, FAX4, PREDICTOR, PALETTE = 279, 284, 292, 293, 317, 320
TILE_WIDTH, TILE_HEIGHT, TILES, TILE_LENGTHS = 322, 323, 324, 325
EXTRA, SAMPLE_FORMAT, JPEG_TABLES, SUBSAMPLING = 338, 339, 347, 530
CAMERA_RAW = 50706

COMPRESSIONS = frozenset({1, 2, 3, 4, 5, 7, 8, 32773, 32946})
"""None, CCITT fax (three), LZW, JPEG, Deflate, PackBits, and Deflate by its older number."""

WHITE_IS_ZERO, BLACK_IS_ZERO, PALETTED = 0, 1, 3
SPACES = frozenset({WHITE_IS_ZERO, BLACK_IS_ZERO, 2, PALETTED, 5, 6})
"""Grey (two), RGB, palette, CMYK, YCbCr."""

DEPTHS = frozenset({1, 2, 4, 8, 16})
UNSIGNED = frozenset({1, 4})
SEPARATE = 2
MOST_CHANNELS = 8
LEAST_TILE_PX = 16
LONGEST_TABLES_BYTES = 65_536

COPIED = {
    BITS: (SHORT, MOST_CHANNELS),
    COMPRESSION: (SHORT, 1),
    FILL_ORDER: (SHORT, 1),
    CHANNELS: (SHORT, 1),
    PLANES: (SHORT, 1),
    FAX3: (LONG, 1),
    FAX4: (LONG, 1),
    PREDICTOR: (SHORT, 1),
    EXTRA: (SHORT, MOST_CHANNELS),
    JPEG_TABLES: (BYTES, LONGEST_TABLES_BYTES),
    SUBSAMPLING: (SHORT, 2),
}
"""The tags that the decoder gets as they are, where a file has them, and how many numbers."""


def read_header(data: bytes) -> Header:
    """Read the first directory of a TIFF without decoding its page."""
    page = Directory(data)
    _refuse_what_is_not_read(page)
    size = page.number(WIDTH), page.number(HEIGHT)
    colours, depth = page.number(COLOURS, WHITE_IS_ZERO), page.number(BITS, 1)
    # Pillow takes 16 bits for white on black, whatever the file says.
    negative = colours == WHITE_IS_ZERO and depth == 16
    tags: Tags = {
        tag: (kind, page.numbers(tag, 1, most))
        for tag, (kind, most) in COPIED.items()
        if tag in page
    }
    tags[WIDTH], tags[HEIGHT] = (LONG, size[:1]), (LONG, size[1:])
    tags[COLOURS] = SHORT, (BLACK_IS_ZERO if negative else colours,)
    if colours == PALETTED:
        tags[PALETTE] = SHORT, page.numbers(PALETTE, 3 << depth)
    room, places = _tiles(page, size) if TILE_WIDTH in page else _strips(page, size)
    content = rewritten(data, page.order, tags | places, frozenset({STRIPS, TILES}))
    return Header((size, room), content, page.count_pages(), page.number(ORIENTATION, 1), negative)


def _refuse_what_is_not_read(page: Directory) -> None:
    if CAMERA_RAW in page or page.number(PREVIEW, 0) & 1:
        raise UnsupportedImage("a camera raw file, or a TIFF that begins with a preview")
    if (compression := page.number(COMPRESSION, 1)) not in COMPRESSIONS:
        raise UnsupportedImage(f"a TIFF with compression {compression}")
    if (space := page.number(COLOURS, WHITE_IS_ZERO)) not in SPACES:
        raise UnsupportedImage(f"a TIFF in colour space {space}")
    if page.number(SAMPLE_FORMAT, 1) not in UNSIGNED:
        raise UnsupportedImage("a TIFF of signed or floating-point samples")
    if (depth := page.number(BITS, 1)) not in DEPTHS:
        raise UnsupportedImage(f"a TIFF of {depth}-bit samples")


def _planes(page: Directory) -> int:
    channels = page.number(CHANNELS, 1)
    if channels > MOST_CHANNELS:
        raise UnsupportedImage(f"a TIFF of {channels} channels")
    return channels if page.number(PLANES, 1) == SEPARATE else 1


def _strips(page: Directory, size: Size) -> tuple[Size, Tags]:
    """The size of a strip, and the tags that say where the strips are."""
    width, height = size
    rows = min(page.number(STRIP_ROWS, height), height) or height
    count = -(-height // rows) * _planes(page)
    tags: Tags = {STRIP_ROWS: (LONG, (rows,)), STRIPS: (LONG, page.numbers(STRIPS, count))}
    if STRIP_LENGTHS in page:
        tags[STRIP_LENGTHS] = LONG, page.numbers(STRIP_LENGTHS, count)
    return (width, rows), tags


def _tiles(page: Directory, size: Size) -> tuple[Size, Tags]:
    """The size of a tile, and the tags that say where the tiles are."""
    tile = page.number(TILE_WIDTH), page.number(TILE_HEIGHT)
    if min(tile) < LEAST_TILE_PX:
        raise ValueError("its tiles are too small")
    count = -(-size[0] // tile[0]) * -(-size[1] // tile[1]) * _planes(page)
    return tile, {
        TILE_WIDTH: (LONG, tile[:1]),
        TILE_HEIGHT: (LONG, tile[1:]),
        TILES: (LONG, page.numbers(TILES, count)),
        TILE_LENGTHS: (LONG, page.numbers(TILE_LENGTHS, count)),
    }
