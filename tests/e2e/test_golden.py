"""The default pack gives the templates that it gave when it was measured."""

import json
from pathlib import Path

import numpy as np
import pytest

from vultus.usecases.recognizer import Recognizer

GOLDEN = Path(__file__).parent / "golden" / "dlib.json"
ALIKE = 0.998
"""Least cosine; without int8 dot products the range is reduced, and templates come less close."""
PHOTOS: dict[str, dict[str, list[float]]] = json.loads(GOLDEN.read_text())


@pytest.mark.parametrize("photo", PHOTOS)
def test_a_portrait_still_gives_its_template(
    recognizer: Recognizer, portraits: Path, photo: str
) -> None:
    face = max(recognizer.faces(portraits / photo), key=lambda face: face.detection.box.area)
    assert float(face.template.vector @ np.array(PHOTOS[photo]["template"])) > ALIKE
    np.testing.assert_allclose(face.detection.box.xyxy, PHOTOS[photo]["box"], atol=3)
