"""What a JPEG says before it is decoded, and what of it the decoder gets to see."""

from typing import Any

import numpy as np
import pytest
from PIL import Image

from image_files import encoded, quarters
from vultus.errors import BrokenImage
from vultus.vision.decode import DecodeLimits, decode
from vultus.vision.decode.jpeg import MOST_SCANS, read_header

LIMITS = DecodeLimits(2**22, 2_000_000, 4096, 10)
PLAIN = encoded(quarters(), "JPEG")


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body


def test_metadata_is_left_out() -> None:
    noisy = PLAIN[:2] + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>") + PLAIN[2:]
    noisy = noisy[:2] + segment(0xE2, b"ICC_PROFILE\0") + segment(0xFE, b"a comment") + noisy[2:]

    assert read_header(noisy).content == read_header(PLAIN).content == PLAIN


def test_what_follows_the_first_picture_is_left_out() -> None:
    preview = encoded(quarters(160, 96), "JPEG")

    assert read_header(PLAIN + preview).content == PLAIN


def test_a_picture_inside_the_metadata_is_not_taken_for_the_picture() -> None:
    preview = segment(0xED, encoded(quarters(160, 96), "JPEG"))

    header = read_header(PLAIN[:2] + preview + PLAIN[2:])

    assert header.sizes == ((80, 48),)


def test_noise_between_the_segments_is_passed_over() -> None:
    assert read_header(PLAIN[:2] + b"\0\xff\xff" + PLAIN[2:]).content == PLAIN


def test_only_the_first_exif_counts() -> None:
    sideways, upside_down = (exif_segment(orientation) for orientation in (6, 3))

    assert read_header(PLAIN[:2] + sideways + upside_down + PLAIN[2:]).orientation == 6


def exif_segment(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return segment(0xE1, exif.tobytes())


def with_scans(count: int) -> bytes:
    data = encoded(quarters(), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    more = count - data.count(b"\xff\xda")
    return data[:-2] + data[last:-2] * more + data[-2:]


def test_a_picture_may_have_many_scans() -> None:
    assert read_header(with_scans(MOST_SCANS)).sizes == ((80, 48),)


def test_a_picture_with_endless_scans_is_refused() -> None:
    with pytest.raises(ValueError, match="scans"):
        read_header(with_scans(MOST_SCANS + 1))


NOISE = Image.frombytes("RGB", (160, 240), np.random.default_rng(1).bytes(160 * 240 * 3))
GREY_BELOW = NOISE.copy()
GREY_BELOW.paste((128, 128, 128), (0, 80, 160, 240))
END = b"\xff\xd9"
KINDS = {
    "plain": {},
    "every pixel's colour": {"subsampling": 0},
    "optimised": {"optimize": True},
    "restarts": {"restart_marker_blocks": 4},
    "grey": {"mode": "L"},
    "CMYK": {"mode": "CMYK"},
}


@pytest.mark.parametrize("long_side_px", [None, 30])
@pytest.mark.parametrize("part", [0.1, 1 / 3, 0.9])
@pytest.mark.parametrize("kind", KINDS)
def test_a_cut_picture_that_claims_to_end_is_broken(
    kind: str, part: float, long_side_px: int | None
) -> None:
    data = saved(NOISE, **KINDS[kind])
    first = data.index(b"\xff\xda")
    cut = data[: first + 14 + int((len(data) - first) * part)].rstrip(b"\xff") + END
    with pytest.raises(BrokenImage, match="stop before the picture is whole"):
        decode(cut, LIMITS, long_side_px)


@pytest.mark.parametrize("long_side_px", [None, 30])
@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_picture_may_end_in_grey(kind: str, long_side_px: int | None) -> None:
    image = decode(saved(GREY_BELOW, **KINDS[kind]), LIMITS, long_side_px)
    assert set(image.rgb[-1].ravel().tolist()) <= {127, 128}


def test_of_a_progressive_picture_that_was_cut_the_whole_can_be_seen() -> None:
    data = saved(NOISE, progressive=True)
    rgb = decode(data[: len(data) // 3] + END, LIMITS).rgb
    assert rgb[-1].std() > 1


def saved(image: Image.Image, mode: str = "RGB", **options: Any) -> bytes:
    return encoded(image.convert(mode), "JPEG", **options)
