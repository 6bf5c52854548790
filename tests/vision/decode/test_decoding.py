"""Files of every kind become the pixels they show."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image, ImageOps

from image_files import (
    BLUE,
    GREEN,
    RED,
    WHITE,
    chunk,
    cmyk_without_adobe,
    corners,
    encoded,
    film,
    grey_tiff,
    interlaced_png,
    png,
    quarters,
    tiff,
    turned,
    ycck,
)
from vultus.errors import UnsupportedImage
from vultus.vision.decode import DecodeLimits, decode

LIMITS = DecodeLimits(2**22, 2_000_000, 4096, 10)
LOSSY = 6

RGB = quarters()
FILES = {
    "JPEG": encoded(RGB, "JPEG", quality=95),
    "JPEG, progressive": encoded(RGB, "JPEG", quality=95, progressive=True),
    "JPEG, CMYK": encoded(RGB.convert("CMYK"), "JPEG", quality=95),
    "JPEG, CMYK without Adobe": cmyk_without_adobe(RGB),
    "JPEG, YCCK": ycck(RGB),
    "PNG": encoded(RGB, "PNG"),
    "PNG, palette": encoded(RGB.convert("P"), "PNG"),
    "PNG, RGBA": encoded(RGB.convert("RGBA"), "PNG"),
    "PNG, 16 bits": png(np.asarray(RGB).astype(np.uint16) * 257, 16, 2),
    "WebP": encoded(RGB, "WEBP", quality=95),
    "WebP, lossless": encoded(RGB, "WEBP", lossless=True),
    "WebP, alpha": encoded(RGB.convert("RGBA"), "WEBP", lossless=True),
    "AVIF": encoded(RGB, "AVIF", quality=90),
    "AVIF, alpha": encoded(RGB.convert("RGBA"), "AVIF", quality=90),
    "HEIC": encoded(RGB, "HEIC", quality=90),
    "HEIC, alpha": encoded(RGB.convert("RGBA"), "HEIC", quality=90),
    "HEIC, tiles": encoded(quarters(256, 256), "HEIC", quality=90, tile_size=128),
    "GIF": encoded(RGB, "GIF"),
    "BMP": encoded(RGB, "BMP"),
    "BMP, palette": encoded(RGB.convert("P"), "BMP"),
    "BMP, RGBA": encoded(RGB.convert("RGBA"), "BMP"),
    "TIFF": encoded(RGB, "TIFF"),
    "TIFF, big": encoded(RGB, "TIFF", big_tiff=True),
    "TIFF, palette": encoded(RGB.convert("P"), "TIFF"),
    "TIFF, CMYK": encoded(RGB.convert("CMYK"), "TIFF"),
    "TIFF, YCbCr": encoded(RGB.convert("YCbCr"), "TIFF"),
    "TIFF, RGBA": encoded(RGB.convert("RGBA"), "TIFF"),
    "TIFF, LZW": encoded(RGB, "TIFF", compression="tiff_lzw"),
    "TIFF, Deflate": encoded(RGB, "TIFF", compression="tiff_adobe_deflate"),
    "TIFF, PackBits": encoded(RGB, "TIFF", compression="packbits"),
    "TIFF, JPEG": encoded(RGB, "TIFF", compression="jpeg", quality=95),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_every_kind_becomes_its_colours(name: str) -> None:
    image = decode(FILES[name], LIMITS)

    assert image.shrink == 1
    assert image.rgb.dtype == np.uint8
    assert image.rgb.flags.c_contiguous
    assert corners(image.rgb) == pytest.approx(np.array([RED, GREEN, BLUE, WHITE]), abs=LOSSY)


GREYS = {
    "JPEG": encoded(RGB.convert("L"), "JPEG", quality=95),
    "PNG": encoded(RGB.convert("L"), "PNG"),
    "PNG, alpha": encoded(RGB.convert("LA"), "PNG"),
    "HEIC": encoded(RGB.convert("L"), "HEIC", quality=90),
    "GIF": encoded(RGB.convert("L"), "GIF"),
    "BMP": encoded(RGB.convert("L"), "BMP"),
    "TIFF": encoded(RGB.convert("L"), "TIFF"),
    "TIFF, alpha": encoded(RGB.convert("LA"), "TIFF"),
}


@pytest.mark.parametrize("name", GREYS)
def test_grey_becomes_three_equal_channels(name: str) -> None:
    rgb = decode(GREYS[name], LIMITS).rgb

    assert (rgb == rgb[:, :, :1]).all()
    assert corners(rgb)[:, 0] == pytest.approx([76, 150, 29, 255], abs=LOSSY)


@pytest.mark.parametrize(
    ("form", "options"),
    [("PNG", {}), ("BMP", {}), ("TIFF", {}), ("TIFF", {"compression": "group4"})],
)
def test_one_bit_becomes_black_and_white(form: str, options: dict[str, str]) -> None:
    black_and_white = RGB.convert("L").point(lambda value: value > 100, "1")

    rgb = decode(encoded(black_and_white, form, **options), LIMITS).rgb

    assert corners(rgb)[:, 0].tolist() == [0, 255, 0, 255]


RAMP = np.arange(0, 65536, 16, np.uint16).reshape(32, 128)
DEEP = {
    "PNG": png(RAMP, 16, 0),
    "TIFF, little-endian": grey_tiff(RAMP, 1, "<"),
    "TIFF, big-endian": grey_tiff(RAMP, 1, ">"),
    "TIFF, 0 is white": grey_tiff(65535 - RAMP, 0, "<"),
    "TIFF, 0 is white, big-endian": grey_tiff(65535 - RAMP, 0, ">"),
}


@pytest.mark.parametrize("name", DEEP)
def test_sixteen_bits_are_scaled_to_eight_not_cut_off(name: str) -> None:
    rgb = decode(DEEP[name], LIMITS).rgb

    assert (rgb == (RAMP >> 8)[..., np.newaxis]).all()


def test_the_tiles_of_a_tiff_are_put_together() -> None:
    tiles = bytes([10]) * 256 + bytes([20]) * 256
    tags = {
        256: ("I", [20]),
        257: ("I", [8]),
        258: ("H", [8]),
        262: ("H", [1]),
        322: ("I", [16]),
        323: ("I", [16]),
        324: ("I", [8, 264]),
        325: ("I", [256, 256]),
    }

    rgb = decode(tiff(tags, tiles), LIMITS).rgb

    assert rgb.shape == (8, 20, 3)
    assert rgb[7, [0, 15, 16, 19], 0].tolist() == [10, 10, 20, 20]


def test_the_planes_of_a_tiff_are_put_together() -> None:
    tags = {
        256: ("I", [2]),
        257: ("I", [1]),
        258: ("H", [8, 8, 8]),
        262: ("H", [2]),
        273: ("I", [8, 10, 12]),
        277: ("H", [3]),
        279: ("I", [2, 2, 2]),
        284: ("H", [2]),
    }

    rgb = decode(tiff(tags, bytes([1, 2, 3, 4, 5, 6])), LIMITS).rgb

    assert rgb.tolist() == [[[1, 3, 5], [2, 4, 6]]]


def test_an_interlaced_png_is_put_together() -> None:
    rgb = decode(interlaced_png([0, 64, 128, 255]), LIMITS).rgb

    assert rgb[:, :, 0].tolist() == [[0, 64], [128, 255]]


@pytest.mark.parametrize("mode", ["I", "F", "LAB"])
def test_a_tiff_whose_values_have_no_known_meaning_is_refused(mode: str) -> None:
    with pytest.raises(UnsupportedImage, match="a TIFF"):
        decode(encoded(Image.new(mode, (8, 8)), "TIFF"), LIMITS)


def test_a_camera_raw_file_is_refused_rather_than_read_by_its_preview() -> None:
    data = tiff({254: ("I", [1]), 256: ("I", [1]), 257: ("I", [1]), 273: ("I", [8])}, b"\0")

    with pytest.raises(UnsupportedImage, match="camera raw"):
        decode(data, LIMITS)


TRANSPARENT = {
    "RGBA": (encoded(Image.new("RGBA", (1, 1), (255, 0, 0, 128)), "PNG"), (255, 127, 127)),
    "RGBA, clear": (encoded(Image.new("RGBA", (1, 1), (0, 0, 0, 0)), "PNG"), WHITE),
    "RGBA, 16 bits": (png(np.array([[[65535, 0, 0, 0]]]), 16, 6), WHITE),
    "grey and alpha": (encoded(Image.new("LA", (1, 1), (0, 0)), "PNG"), WHITE),
    "grey and alpha, 16 bits": (png(np.array([[[0, 0]]]), 16, 4), WHITE),
    "palette, one clear": (
        png(np.array([[0]]), 8, 3, chunk(b"PLTE", bytes(RED)) + chunk(b"tRNS", b"\0")),
        WHITE,
    ),
    "palette, one half clear": (
        png(np.array([[0]]), 8, 3, chunk(b"PLTE", bytes(RED)) + chunk(b"tRNS", b"\x80")),
        (255, 127, 127),
    ),
    "one clear grey": (png(np.array([[7]]), 8, 0, chunk(b"tRNS", b"\0\7")), WHITE),
    "one clear grey of 1 bit": (png(np.array([[0]]), 1, 0, chunk(b"tRNS", b"\0\0")), WHITE),
    "one clear grey of 2 bits": (png(np.array([[1]]), 2, 0, chunk(b"tRNS", b"\0\1")), WHITE),
    "one clear grey of 4 bits": (png(np.array([[9]]), 4, 0, chunk(b"tRNS", b"\0\x09")), WHITE),
    "one clear grey of 16 bits": (png(np.array([[772]]), 16, 0, chunk(b"tRNS", b"\3\4")), WHITE),
    "one clear colour": (
        png(np.array([[[1, 2, 3]]]), 8, 2, chunk(b"tRNS", b"\0\1\0\2\0\3")),
        WHITE,
    ),
    "one clear colour of 16 bits": (
        png(np.array([[[256, 512, 768]]]), 16, 2, chunk(b"tRNS", b"\1\0\2\0\3\0")),
        WHITE,
    ),
    "another grey is clear": (png(np.array([[7]]), 8, 0, chunk(b"tRNS", b"\0\6")), (7, 7, 7)),
    "GIF": (encoded(Image.new("P", (1, 1), 5), "GIF", transparency=5), WHITE),
    "WebP": (encoded(Image.new("RGBA", (1, 1), (0, 0, 0, 0)), "WEBP", lossless=True), WHITE),
    "TIFF": (encoded(Image.new("RGBA", (1, 1), (0, 0, 0, 0)), "TIFF"), WHITE),
    "AVIF": (encoded(Image.new("RGBA", (16, 16), (0, 0, 0, 0)), "AVIF"), WHITE),
    "HEIC": (encoded(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "HEIC"), WHITE),
}


@pytest.mark.parametrize("name", TRANSPARENT)
def test_what_is_transparent_shows_white(name: str) -> None:
    data, expected = TRANSPARENT[name]

    assert decode(data, LIMITS).rgb[0, 0].tolist() == pytest.approx(expected, abs=2)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_a_photo_is_turned_upright(form: str, orientation: int) -> None:
    upright = RGB.copy()
    upright.getexif()[0x0112] = orientation
    expected = np.asarray(ImageOps.exif_transpose(upright))

    rgb = decode(turned(RGB, form, orientation), LIMITS).rgb

    assert rgb.shape == expected.shape
    assert corners(rgb) == pytest.approx(corners(expected), abs=2 * LOSSY)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_heic_is_turned_upright_once(orientation: int) -> None:
    upright = quarters(128, 64)
    upright.getexif()[0x0112] = orientation
    expected = np.asarray(ImageOps.exif_transpose(upright))

    rgb = decode(turned(quarters(128, 64), "HEIC", orientation), LIMITS).rgb

    assert rgb.shape == expected.shape
    assert corners(rgb) == pytest.approx(corners(expected), abs=2 * LOSSY)


@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"Exif\0\0",
        b"Exif\0\0MM\0*",
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"Exif\0\0" + b"\xff" * 99,
    ],
    ids=["none", "empty", "cut", "astray", "noise"],
)
def test_damaged_exif_leaves_the_photo_as_it_is(exif: bytes) -> None:
    rgb = decode(encoded(RGB, "JPEG", quality=95, exif=exif), LIMITS).rgb

    assert corners(rgb) == pytest.approx(np.array([RED, GREEN, BLUE, WHITE]), abs=LOSSY)


FILMS = {
    "GIF": film("GIF", 3),
    "WebP": film("WEBP", 3, lossless=True),
    "AVIF": film("AVIF", 3, quality=90),
    "APNG": film("PNG", 3),
    "TIFF": film("TIFF", 3),
}


@pytest.mark.parametrize("name", FILMS)
def test_of_a_film_the_first_picture_is_read(name: str) -> None:
    rgb = decode(FILMS[name], LIMITS).rgb

    assert corners(rgb) == pytest.approx(np.array([RED, GREEN, BLUE, WHITE]), abs=LOSSY)


@pytest.mark.parametrize(
    ("size", "long_side_px", "shrink"),
    [
        ((800, 600), 801, 1),
        ((800, 600), 401, 1),
        ((800, 600), 400, 2),
        ((600, 800), 200, 4),
        ((800, 600), 100, 8),
        ((800, 600), 1, 8),
        ((803, 599), 100, 8),
        ((800, 5), 100, 4),
        ((800, 1), 100, 1),
    ],
)
def test_a_large_jpeg_is_decoded_no_larger_than_needed(
    size: tuple[int, int], long_side_px: int, shrink: int
) -> None:
    image = decode(encoded(quarters(*size), "JPEG"), LIMITS, long_side_px)

    width, height = size
    assert image.shrink == shrink
    assert image.rgb.shape == (-(-height // shrink), -(-width // shrink), 3)
    assert max(image.rgb.shape) >= min(long_side_px, width, height) or shrink == 1


def test_a_shrunk_jpeg_shows_the_same_picture() -> None:
    whole = decode(encoded(quarters(640, 480), "JPEG", quality=95), LIMITS)
    small = decode(encoded(quarters(640, 480), "JPEG", quality=95), LIMITS, 80)

    assert small.shrink == 8
    assert corners(small.rgb) == pytest.approx(corners(whole.rgb), abs=LOSSY)


def test_only_a_jpeg_is_shrunk() -> None:
    assert decode(encoded(quarters(800, 600), "PNG"), LIMITS, 100).shrink == 1


@pytest.mark.parametrize("size", [(1, 1), (1, 700), (700, 1), (1023, 517)])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "CMYK", "L"])
def test_every_pixel_of_a_picture_of_any_size_is_converted(
    mode: str, size: tuple[int, int]
) -> None:
    noise = np.random.default_rng(7).integers(0, 256, (size[1], size[0], 3), np.uint8)
    image = Image.fromarray(noise).convert(mode)

    rgb = decode(encoded(image, "TIFF"), LIMITS).rgb

    assert np.array_equal(rgb, np.asarray(image.convert("RGB")))


def test_threads_decode_alongside_each_other() -> None:
    names = sorted(FILES) * 4
    alone = {name: decode(data, LIMITS).rgb for name, data in FILES.items()}

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda name: decode(FILES[name], LIMITS).rgb, names))

    assert all(np.array_equal(rgb, alone[name]) for name, rgb in zip(names, together, strict=True))


def test_no_decoder_is_loaded_that_nobody_needs() -> None:
    program = (
        "import sys; from vultus.vision.decode import DecodeLimits, decode\n"
        "decode(sys.stdin.buffer.read(), DecodeLimits(2**20, 10**6, 4096, 1))\n"
        "print(*sys.modules)"
    )

    run = subprocess.run(
        [sys.executable, "-c", program], input=FILES["PNG"], capture_output=True, check=True
    )

    loaded = set(run.stdout.decode().split())
    assert loaded.isdisjoint({"PIL.EpsImagePlugin", "PIL.FitsImagePlugin", "pi_heif"})
