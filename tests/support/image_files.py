"""Image files made on the spot, of every kind that is read."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
ADOBE = b"\xff\xee\x00\x0eAdobe"
ORIENTATION = 0x0112
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def quarters(width: int = 80, height: int = 48) -> Image.Image:
    """Red, green over blue, white: no two corners alike, so every turn shows."""
    rgb = np.empty((height, width, 3), np.uint8)
    rgb[: height // 2, : width // 2] = RED
    rgb[: height // 2, width // 2 :] = GREEN
    rgb[height // 2 :, : width // 2] = BLUE
    rgb[height // 2 :, width // 2 :] = WHITE
    return Image.fromarray(rgb)


def corners(rgb: NDArray[np.uint8]) -> NDArray[np.int64]:
    """(4, 3): the colours near the corners, the upper ones first, from the left."""
    return rgb[[4, 4, -5, -5], [4, -5, 4, -5]].astype(np.int64)


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    """The image as the bytes of a file."""
    buffer = io.BytesIO()
    if form == "HEIC":
        pillow_heif.from_pillow(image).save(buffer, **options)
    else:
        image.save(buffer, form, **options)
    return buffer.getvalue()


def turned(image: Image.Image, form: str, orientation: int) -> bytes:
    """A file that says it was taken with the camera turned."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return encoded(image, form, exif=exif.tobytes())


def film(form: str, frames: int, **options: Any) -> bytes:
    """Quarters, then other pictures."""
    others = [Image.new("RGB", (80, 48), (0, 0, 8 * index)) for index in range(1, frames)]
    return encoded(quarters(), form, save_all=True, append_images=others, **options)


def cmyk_without_adobe(image: Image.Image) -> bytes:
    """A CMYK JPEG with ink stored as ink, and nothing that calls it Adobe's."""
    inverted = Image.fromarray(255 - np.asarray(image.convert("CMYK")), "CMYK")
    data = encoded(inverted, "JPEG", quality=95)
    start = data.index(ADOBE)
    return data[:start] + data[start + 16 :]


def ycck(image: Image.Image) -> bytes:
    """A JPEG of four channels whose first three are luminance and two chrominances."""
    negative = Image.fromarray(255 - np.asarray(image)).convert("YCbCr")
    channels = [band.point(lambda value: 255 - value) for band in negative.split()]
    black = Image.new("L", image.size, 0)
    data = encoded(Image.merge("CMYK", [*channels, black]), "JPEG", quality=95)
    transform_at = data.index(ADOBE) + 15
    return data[:transform_at] + b"\2" + data[transform_at + 1 :]


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", checksum)


def png(
    samples: NDArray[np.integer[Any]],
    depth: int,
    colour: int,
    extra: bytes = b"",
    size: tuple[int, int] | None = None,
) -> bytes:
    """A PNG of (H, W) or (H, W, channels) samples; `size` lies about it where given."""
    height, width = samples.shape[:2]
    header = struct.pack(">IIBBBBB", *(size or (width, height)), depth, colour, 0, 0, 0)
    rows = b"".join(b"\0" + _packed(row, depth) for row in samples.reshape(height, -1))
    pixels = chunk(b"IDAT", zlib.compress(rows))
    return SIGNATURE + chunk(b"IHDR", header) + extra + pixels + chunk(b"IEND", b"")


def interlaced_png(values: list[int]) -> bytes:
    """A grey PNG of two by two pixels in the order of Adam7, in which three passes have any."""
    first, second, third, fourth = values
    passes = bytes([0, first, 0, second, 0, third, fourth])
    header = struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 1)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(passes)) + chunk(b"IEND", b"")
    return SIGNATURE + body


def _packed(row: NDArray[np.integer[Any]], depth: int) -> bytes:
    if depth == 16:
        return row.astype(">u2").tobytes()
    if depth == 8:
        return row.astype(np.uint8).tobytes()
    bits = (row[:, np.newaxis] >> np.arange(depth)[::-1] & 1).reshape(-1)
    return np.packbits(bits.astype(np.uint8)).tobytes()


def tiff(tags: dict[int, tuple[str, list[int]]], data: bytes = b"", order: str = "<") -> bytes:
    """A TIFF with these tags, given as letters of `struct` and numbers; `data` stands at 8."""
    kinds = {"B": 1, "H": 3, "I": 4}
    start = 8 + len(data) + len(data) % 2
    values_at = start + 2 + 12 * len(tags) + 4
    entries, values = b"", b""
    for tag, (letter, numbers) in sorted(tags.items()):
        packed = struct.pack(f"{order}{len(numbers)}{letter}", *numbers)
        if len(packed) > 4:
            place = struct.pack(order + "I", values_at + len(values))
            values += packed
        else:
            place = packed.ljust(4, b"\0")
        entries += struct.pack(order + "HHI", tag, kinds[letter], len(numbers)) + place
    head = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(order + "I", start)
    directory = struct.pack(order + "H", len(tags)) + entries + bytes(4)
    return head + data.ljust(start - 8, b"\0") + directory + values


def grey_tiff(samples: NDArray[np.uint16], colours: int, order: str) -> bytes:
    """A TIFF of 16-bit grey; `colours` is 0 where 0 means white, and 1 where it means black."""
    height, width = samples.shape
    tags = {
        256: ("I", [width]),
        257: ("I", [height]),
        258: ("H", [16]),
        259: ("H", [1]),
        262: ("H", [colours]),
        273: ("I", [8]),
        277: ("H", [1]),
        278: ("I", [height]),
        279: ("I", [samples.nbytes]),
    }
    return tiff(tags, samples.astype(f"{order}u2").tobytes(), order)
