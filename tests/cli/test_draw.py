from pathlib import Path

import numpy as np
import pytest
from PIL import Image as pillow

from fakes import detection_at
from vultus.cli.draw import KNOWN, Mark, Pictures, annotate
from vultus.domain.image import Image

GREY = np.full((200, 300, 3), 127, np.uint8)
GREEN = (0x2E, 0x9E, 0x5B)


def test_a_box_is_drawn_where_the_face_is() -> None:
    drawn = np.asarray(annotate(Image(GREY), [Mark(detection_at(100, 80), "", KNOWN)]))
    assert tuple(drawn[80, 120]) == GREEN
    assert tuple(drawn[10, 10]) == (127, 127, 127)


def test_marks_of_a_reduced_image_are_drawn_in_its_own_pixels() -> None:
    drawn = np.asarray(annotate(Image(GREY, shrink=2), [Mark(detection_at(200, 160), "", KNOWN)]))
    assert tuple(drawn[80, 110]) == GREEN


@pytest.mark.parametrize(("x", "y"), [(0, 0), (260, 160), (-30, -30), (290, 190)])
def test_a_label_stays_inside_the_picture(x: float, y: float) -> None:
    drawn = np.asarray(annotate(Image(GREY), [Mark(detection_at(x, y), "Ada 0.97", KNOWN)]))
    assert (drawn == GREEN).all(axis=2).sum() > 800
    assert (drawn.min(axis=2) > 200).sum() > 50


def test_photos_of_the_same_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path / "new", lambda _: Image(GREY))
    names = [pictures.write(Path(folder) / "a.png", []).name for folder in ("one", "two", "three")]
    assert names == ["a.jpg", "a-2.jpg", "a-3.jpg"]
    with pillow.open(tmp_path / "new" / "a-3.jpg") as written:
        assert written.size == (300, 200)
