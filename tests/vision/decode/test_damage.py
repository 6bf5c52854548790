"""Damaged files are refused, and nothing else comes out of them."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from image_files import encoded, film, quarters, turned
from vultus.errors import BrokenImage, ImageRefused
from vultus.vision.decode import DecodeLimits, decode

LIMITS = DecodeLimits(2**20, 500_000, 4096, 10)

RGB = quarters()
FILES = {
    "JPEG": turned(RGB, "JPEG", 6),
    "JPEG, progressive": encoded(RGB, "JPEG", progressive=True),
    "JPEG, CMYK": encoded(RGB.convert("CMYK"), "JPEG"),
    "PNG": turned(RGB, "PNG", 6),
    "PNG, palette": encoded(RGB.convert("P"), "PNG", transparency=3),
    "APNG": film("PNG", 2),
    "WebP": turned(RGB, "WEBP", 6),
    "WebP, lossless": encoded(RGB.convert("RGBA"), "WEBP", lossless=True),
    "WebP, film": film("WEBP", 2),
    "AVIF": turned(RGB, "AVIF", 6),
    "AVIF, alpha": encoded(RGB.convert("RGBA"), "AVIF"),
    "AVIF, film": film("AVIF", 2),
    "HEIC": turned(RGB, "HEIC", 6),
    "HEIC, alpha": encoded(RGB.convert("RGBA"), "HEIC"),
    "HEIC, tiles": encoded(quarters(256, 256), "HEIC", tile_size=128),
    "GIF": film("GIF", 2),
    "BMP": encoded(RGB, "BMP"),
    "BMP, palette": encoded(RGB.convert("P"), "BMP"),
    "TIFF": turned(RGB, "TIFF", 6),
    "TIFF, big": encoded(RGB, "TIFF", big_tiff=True),
    "TIFF, LZW": encoded(RGB, "TIFF", compression="tiff_lzw"),
    "TIFF, Deflate": encoded(RGB, "TIFF", compression="tiff_adobe_deflate"),
    "TIFF, JPEG": encoded(RGB, "TIFF", compression="jpeg"),
    "TIFF, fax": encoded(RGB.convert("1"), "TIFF", compression="group4"),
}
COMPLETE_BEFORE_THE_END = {"APNG": 0.5, "GIF": 0.6, "PNG": 0.9}
"""What follows the first picture is never looked at, nor is the mark of the end missed."""

thorough = settings(max_examples=300, deadline=None)


def decode_or_refuse(data: bytes) -> None:
    """Decode; anything but a picture or a refusal fails the test."""
    with suppress(ImageRefused):
        rgb = decode(data, LIMITS, long_side_px=40).rgb
        assert rgb.shape[0] * rgb.shape[1] <= LIMITS.max_pixels


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_cut_is_a_broken_image(name: str) -> None:
    data = FILES[name]
    until = int(len(data) * COMPLETE_BEFORE_THE_END.get(name, 0.97))

    for length in range(20, until, max(1, until // 50)):
        with pytest.raises(BrokenImage) as refusal:
            decode(data[:length], LIMITS)
        assert name.startswith(refusal.value.kind) or name == "APNG"
        assert refusal.value.problem


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_a_png_with_one_wrong_bit_is_a_broken_image(at: float) -> None:
    data = bytearray(encoded(RGB, "PNG"))
    data[int(len(data) * at)] ^= 1

    with pytest.raises(BrokenImage):
        decode(bytes(data), LIMITS)


@thorough
@given(st.binary(max_size=300))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    decode_or_refuse(data)


@thorough
@given(st.sampled_from(sorted(FILES)), st.integers(4, 40), st.binary(max_size=200))
def test_any_bytes_behind_a_known_beginning_are_decoded_or_refused(
    name: str, kept: int, rest: bytes
) -> None:
    decode_or_refuse(FILES[name][:kept] + rest)


edits = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 4),
        st.one_of(st.binary(max_size=4), st.sampled_from([b"\xff" * 4, bytes(4), b"\x7f\xff"])),
    ),
    min_size=1,
    max_size=8,
)


@thorough
@given(st.sampled_from(sorted(FILES)), edits)
def test_a_file_that_was_tampered_with_is_decoded_or_refused(
    name: str, edits: list[tuple[float, int, bytes]]
) -> None:
    data = bytearray(FILES[name])
    for where, removed, put in edits:
        # Squared: what decides stands near the beginning.
        at = int(where**2 * len(data))
        data[at : at + removed] = put

    decode_or_refuse(bytes(data))
