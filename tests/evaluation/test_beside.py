import cv2
import numpy as np
import pytest

from painted import photo, square_recognizer
from studies import dataset
from vultus.evaluation.beside import LEAST_TAUGHT, baselines_beside, taught_by
from vultus.evaluation.datasets.dataset import Dataset, DatasetImage, Pair
from vultus.evaluation.templates.table import TemplateTable


def textured(seed: int) -> bytes:
    """A photo whose face is a square of its own texture."""
    rgb = np.zeros((100, 120, 3), np.uint8)
    coarse = np.random.default_rng(seed).integers(110, 250, (6, 6, 3), np.uint8)
    rgb[20:80, 20:80] = coarse.repeat(10, axis=0).repeat(10, axis=1)
    return cv2.imencode(".png", rgb)[1].tobytes()


PHOTOS = {"a": textured(1), "b": textured(2), "c": textured(3), "none": photo()}


@pytest.mark.parametrize(("people", "whose"), [(LEAST_TAUGHT + 2, "no pair"), (10, "flatters")])
def test_eigenfaces_learn_from_people_in_no_pair_where_there_are_enough(
    people: int, whose: str
) -> None:
    of = dataset(people=people, photos=1)
    paired = Dataset(of.name, of.source, of.images, (Pair(0, 1, False, 0),))
    rows, said = taught_by(paired)
    assert whose in said
    assert (0 in rows) is (people == 10)


def test_baselines_look_at_the_faces_that_the_model_found() -> None:
    images = tuple(DatasetImage(digest, digest, f"{digest}.png") for digest in PHOTOS)
    recognizer = square_recognizer()
    found = np.array([True, True, True, False])
    table = TemplateTable(
        recognizer.model, np.zeros((4, 3), np.float32), found, found.astype(np.int64), {}
    )
    told: list[tuple[int, int]] = []
    beside = list(
        baselines_beside(
            Dataset("colours", "painted", images),
            table,
            recognizer,
            PHOTOS.__getitem__,
            lambda done, total: told.append((done, total)),
        )
    )
    assert [each.name for each in beside] == ["chance", "eigenfaces", "lbp"]
    for each in beside:
        norms = np.linalg.norm(each.table.vectors, axis=1)
        assert norms[3] == 0
        assert np.allclose(norms[:3], 1)
    assert told == [(1, 3), (2, 3), (3, 3)]
