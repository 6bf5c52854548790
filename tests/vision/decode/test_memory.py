"""No input makes a process use more memory than is stated."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image

import hostile_images as hostile
from image_files import encoded, quarters
from vultus.vision.decode import DecodeLimits
from vultus.vision.decode.limits import FILE_COPIES, PIXEL_BYTES, WEBP_TABLES_BYTES

MEBIBYTE = 2**20
SLACK_BYTES = 24 * MEBIBYTE
"""What a decoder's own library and the allocator take, whatever the image."""

# Not `ru_maxrss`: a child starts with its parent's, and this process has seen large images.
PROGRAM = """
import json, sys
from vultus.errors import ImageRefused
from vultus.vision.decode import DecodeLimits, decode

def peak_bytes():
    with open("/proc/self/status") as status:
        return next(1024 * int(line.split()[1]) for line in status if line.startswith("VmHWM"))

limits = DecodeLimits(*map(int, sys.argv[1:]))
data = sys.stdin.buffer.read()
before = peak_bytes()
try:
    decode(data, limits)
    outcome = "decoded"
except ImageRefused as refusal:
    outcome = type(refusal).__name__
print(json.dumps({"outcome": outcome, "grown_bytes": peak_bytes() - before}))
"""

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="peak memory is read from /proc"
)

SMALL = DecodeLimits(30 * MEBIBYTE, 1_000_000, 16_384, 1000)


def decode_elsewhere(data: bytes, limits: DecodeLimits) -> tuple[str, int]:
    """What became of it in a process of its own, and by how many bytes that grew."""
    numbers = (limits.max_bytes, limits.max_pixels, limits.max_side_px, limits.max_frames)
    command = [sys.executable, "-c", PROGRAM, *map(str, numbers)]
    run = subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True)
    report = json.loads(run.stdout)
    return report["outcome"], report["grown_bytes"]


BIG = 60_000
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "PNG of 60,000²": (lambda: hostile.png_claiming(BIG, BIG), "ImageSideTooLong"),
    "PNG of 16,000²": (lambda: hostile.png_claiming(16_000, 16_000), "ImageTooLarge"),
    "PNG of 1 by 65,535": (lambda: hostile.png_claiming(1, 65_535), "ImageSideTooLong"),
    "PNG, lying": (lambda: hostile.png_claiming(1000, 1000), "BrokenImage"),
    "PNG, texts": (hostile.png_with_texts, "decoded"),
    "PNG, crumbs": (hostile.png_in_crumbs, "decoded"),
    "GIF, screen": (lambda: hostile.gif_claiming(65_535, 1), "ImageSideTooLong"),
    "GIF, frame": (lambda: hostile.gif_claiming(1, 65_535), "ImageSideTooLong"),
    "GIF, comments": (hostile.gif_of_comments, "decoded"),
    "JPEG of 65,535²": (lambda: hostile.jpeg_claiming(65_535, 65_535), "ImageSideTooLong"),
    "JPEG of 16,000²": (lambda: hostile.jpeg_claiming(16_000, 16_000), "ImageTooLarge"),
    "JPEG, scans": (hostile.jpeg_of_scans, "BrokenImage"),
    "JPEG, segments": (hostile.jpeg_of_segments, "decoded"),
    "BMP of 60,000²": (lambda: hostile.bmp_claiming(BIG, -BIG), "ImageSideTooLong"),
    "TIFF of 60,000²": (lambda: hostile.tiff_claiming(width=BIG), "ImageSideTooLong"),
    "TIFF, tile of 60,000²": (lambda: hostile.tiff_claiming(tile=BIG), "ImageSideTooLong"),
    "TIFF, tile of 16,000²": (lambda: hostile.tiff_claiming(tile=16_000), "ImageTooLarge"),
    "TIFF, tile of 1": (lambda: hostile.tiff_claiming(tile=1), "BrokenImage"),
    "TIFF, values": (hostile.tiff_of_values, "decoded"),
    "TIFF, pages": (hostile.tiff_of_pages, "TooManyFrames"),
    "WebP, canvas": (lambda: hostile.webp_claiming(BIG, 8), "ImageSideTooLong"),
    "WebP, picture": (lambda: hostile.webp_claiming(8, 16_384), "BrokenImage"),
    "AVIF, boxes": (
        lambda: hostile.with_sizes(encoded(quarters(), "AVIF"), BIG, BIG),
        "ImageSideTooLong",
    ),
    "AVIF, stream": (
        lambda: hostile.with_sizes(encoded(quarters(2000, 2000), "AVIF"), 64, 64),
        "ImageTooLarge",
    ),
    "HEIC, boxes": (
        lambda: hostile.with_sizes(encoded(quarters(), "HEIC"), BIG, BIG),
        "ImageSideTooLong",
    ),
    "HEIC, stream": (
        lambda: hostile.with_sizes(encoded(quarters(2000, 2000), "HEIC"), 64, 64),
        "BrokenImage",
    ),
    "HEIC without a size": (
        lambda: hostile.without_size(encoded(quarters(2000, 2000), "HEIC")),
        "BrokenImage",
    ),
    "HEIC, tiles": (lambda: hostile.grid_claiming(16_000), "ImageTooLarge"),
    "HEIC, one picture": (lambda: hostile.heic_of_pictures(1), "decoded"),
    "HEIC, film": (lambda: hostile.heic_of_pictures(20), "UnsupportedImage"),
    "SVG": (lambda: b"<svg><image href='file:///etc/passwd'/></svg>" * 10**5, "UnsupportedImage"),
    "XML": (lambda: b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]>", "UnsupportedImage"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_no_more_than_its_own_bytes_and_a_small_picture(name: str) -> None:
    make, expected = HOSTILE[name]
    data = make()

    outcome, grown_bytes = decode_elsewhere(data, SMALL)

    assert outcome == expected
    assert grown_bytes <= FILE_COPIES * len(data) + PIXEL_BYTES * SMALL.max_pixels + SLACK_BYTES


@pytest.mark.slow
def test_a_webp_of_nothing_but_tables_stays_within_what_is_set_aside_for_them() -> None:
    outcome, grown_bytes = decode_elsewhere(
        hostile.webp_of_tables(), DecodeLimits(MEBIBYTE, 1024 * 1024, 1024, 1)
    )

    assert outcome == "decoded"
    assert 300 * MEBIBYTE <= grown_bytes <= WEBP_TABLES_BYTES


WIDTH, HEIGHT = 4000, 3000


def waves() -> NDArray[np.uint8]:
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return np.dstack([x // 16, y // 16, (x + y) // 16, x // 8]).astype(np.uint8)


def heic_of_ten_bits() -> bytes:
    deep = waves().astype(np.uint16) << 8
    image = pillow_heif.from_bytes("RGBA;16", (WIDTH, HEIGHT), deep.tobytes())
    buffer = io.BytesIO()
    image.save(buffer, quality=20, chroma=444)
    return buffer.getvalue()


def _wave_file(mode: str, form: str, **options: Any) -> Callable[[], bytes]:
    return lambda: encoded(Image.fromarray(waves()).convert(mode), form, **options)


WIDEST = {
    "JPEG, CMYK, progressive": _wave_file("CMYK", "JPEG", progressive=True),
    "PNG, RGBA": _wave_file("RGBA", "PNG", compress_level=1),
    "GIF": _wave_file("P", "GIF"),
    "TIFF, RGBA": _wave_file("RGBA", "TIFF", compression="tiff_adobe_deflate"),
    "WebP, lossless": _wave_file("RGBA", "WEBP", lossless=True, method=0, quality=0),
    "AVIF, 4:4:4, alpha": _wave_file("RGBA", "AVIF", speed=10, subsampling="4:4:4"),
    "HEIC, 10 bits, 4:4:4, alpha": heic_of_ten_bits,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", WIDEST)
def test_a_large_picture_costs_no_more_per_pixel_than_is_stated(name: str) -> None:
    data = WIDEST[name]()
    pixels = WIDTH * HEIGHT

    outcome, grown_bytes = decode_elsewhere(data, DecodeLimits(30 * MEBIBYTE, pixels, 16_384, 1))

    assert outcome == "decoded"
    assert grown_bytes <= FILE_COPIES * len(data) + PIXEL_BYTES * pixels + SLACK_BYTES
