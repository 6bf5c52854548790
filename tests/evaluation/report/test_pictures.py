import base64
from io import BytesIO

import numpy as np
from PIL import Image as pillow

from painted import GREEN, RED, photo, square_recognizer
from vultus.errors import BlobNotFound
from vultus.evaluation.report.pictures import SIDE_PX, Pictures

PHOTOS = {"one": photo(RED), "scene": photo(), "broken": b"no image", "two": photo(GREEN, RED)}


def read(digest: str) -> bytes:
    if digest not in PHOTOS:
        raise BlobNotFound(digest)
    return PHOTOS[digest]


def pixels(digest: str) -> np.ndarray:
    with pillow.open(
        BytesIO(base64.b64decode(Pictures(square_recognizer(), read).of(digest)))
    ) as p:
        return np.asarray(p.convert("RGB"))


def test_a_picture_is_a_small_square_of_the_face() -> None:
    shown = pixels("one")
    assert shown.shape == (SIDE_PX, SIDE_PX, 3)
    red = (shown[..., 0] > 150).mean()
    assert 0.2 < red < 0.6


def test_an_image_without_a_face_is_shown_itself() -> None:
    assert pixels("scene").max() < 20


def test_an_image_that_cannot_be_read_has_no_picture() -> None:
    pictures = Pictures(square_recognizer(), read)
    assert pictures.of("broken") == ""
    assert pictures.of("missing") == ""
