"""What is too large is refused before it is decoded."""

import numpy as np
import pytest

from image_files import encoded, film, quarters
from vultus.errors import (
    ImageRefused,
    ImageSideTooLong,
    ImageTooHeavy,
    ImageTooLarge,
    InvalidValue,
    TooManyFrames,
)
from vultus.vision.decode import DecodeLimits, decode

FORMS = ["JPEG", "PNG", "WEBP", "AVIF", "HEIC", "GIF", "BMP", "TIFF"]
FILMS = ["GIF", "WEBP", "PNG", "TIFF"]


def limits(
    max_bytes: int = 2**20, max_pixels: int = 10**6, max_side_px: int = 1000, max_frames: int = 9
) -> DecodeLimits:
    return DecodeLimits(max_bytes, max_pixels, max_side_px, max_frames)


@pytest.mark.parametrize("field", ["max_bytes", "max_pixels", "max_side_px", "max_frames"])
def test_a_limit_of_nothing_is_no_limit(field: str) -> None:
    with pytest.raises(InvalidValue, match=field):
        limits(**{field: 0})


def test_more_pixels_than_pillow_takes_cannot_be_allowed() -> None:
    with pytest.raises(InvalidValue, match="89,478,485"):
        limits(max_pixels=89_478_486)


def test_a_file_may_have_as_many_bytes_as_the_limit_and_no_more() -> None:
    data = encoded(quarters(), "PNG")

    decode(data, limits(max_bytes=len(data)))
    with pytest.raises(ImageTooHeavy) as refusal:
        decode(data, limits(max_bytes=len(data) - 1))
    assert refusal.value.facts == {"size_bytes": len(data), "limit_bytes": len(data) - 1}


@pytest.mark.parametrize("form", FORMS)
def test_a_picture_may_have_as_many_pixels_as_the_limit_and_no_more(form: str) -> None:
    data = encoded(quarters(128, 64), form)

    decode(data, limits(max_pixels=128 * 64))
    with pytest.raises(ImageTooLarge) as refusal:
        decode(data, limits(max_pixels=128 * 64 - 1))
    assert refusal.value.facts == {"pixels": 128 * 64, "limit": 128 * 64 - 1}


@pytest.mark.parametrize("form", FORMS)
def test_a_side_may_be_as_long_as_the_limit_and_no_longer(form: str) -> None:
    data = encoded(quarters(64, 128), form)

    decode(data, limits(max_side_px=128))
    with pytest.raises(ImageSideTooLong) as refusal:
        decode(data, limits(max_side_px=127))
    assert refusal.value.facts == {"side_px": 128, "limit_px": 127}


@pytest.mark.parametrize("form", FILMS)
def test_a_film_may_have_as_many_frames_as_the_limit_and_no_more(form: str) -> None:
    data = film(form, 4)

    decode(data, limits(max_frames=4))
    with pytest.raises(TooManyFrames) as refusal:
        decode(data, limits(max_frames=3))
    assert refusal.value.facts == {"frames": 4, "limit": 3}


def test_a_still_picture_is_one_frame() -> None:
    for form in FORMS:
        decode(encoded(quarters(), form), limits(max_frames=1))


def test_a_file_is_weighed_before_anything_else() -> None:
    noise = np.random.default_rng(1).bytes(2000)

    with pytest.raises(ImageRefused) as refusal:
        decode(noise, limits(max_bytes=1999))
    assert isinstance(refusal.value, ImageTooHeavy)


def test_the_memory_of_a_decoding_follows_from_its_limits() -> None:
    assert limits().memory_bytes == 800 * 2**20 + 4 * 2**20 + 20 * 10**6
