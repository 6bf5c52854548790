"""What a JPEG says before it is decoded, and what of it the decoder gets to see."""

import pytest
from PIL import Image

from image_files import encoded, quarters
from vultus.vision.decode.jpeg import MOST_SCANS, read_header

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
