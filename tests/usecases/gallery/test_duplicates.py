import numpy as np
import pytest

from painted import CRIMSON, GREEN, RED, photo, square_recognizer
from vultus.domain.changes import NewSubject
from vultus.errors import InvalidValue, ThresholdMissing
from vultus.usecases.gallery.enroll import Lookalikes
from vultus.usecases.gallery.opened import OpenGallery


@pytest.fixture
def staff(open_galleries) -> OpenGallery:
    return open_galleries(lookalikes=Lookalikes.IGNORE).create("staff")


def names(gallery: OpenGallery, least: float, limit: int = 100) -> list[set[str]]:
    found = gallery.duplicates(least, limit=limit)
    return [{pair.first.name, pair.second.name} for pair in found]


def test_subjects_that_look_alike_are_a_pair_with_the_faces_that_tell(staff: OpenGallery) -> None:
    staff.enroll("Ada", [photo(GREEN), photo(RED)])
    staff.enroll("Augusta", photo(CRIMSON))
    staff.enroll_templates("Bob", [[0, 0, 1]])
    (pair,) = staff.duplicates()
    assert {pair.first.name, pair.second.name} == {"Ada", "Augusta"}
    assert {pair.first_face_id, pair.second_face_id} == {
        staff.faces("Ada")[1].id,
        staff.faces("Augusta")[0].id,
    }
    assert pair.similarity > 0.9


def test_pairs_come_most_similar_first_and_once_each(staff: OpenGallery) -> None:
    for name, angle in (("a", 0.0), ("b", 0.1), ("c", 0.3), ("d", 1.5)):
        staff.enroll_templates(name, [[np.cos(angle), np.sin(angle), 0]])
    assert names(staff, 0.9) == [{"a", "b"}, {"b", "c"}, {"a", "c"}]
    assert names(staff, 0.9, limit=1) == [{"a", "b"}]


def test_pairs_are_those_that_comparing_all_with_all_finds(staff: OpenGallery) -> None:
    rng = np.random.default_rng(5)
    vectors = rng.normal(size=(60, 3))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    for number, vector in enumerate(vectors):
        staff.enroll_templates(NewSubject(str(number)), [vector])
    cosines = vectors @ vectors.T
    expected = {
        frozenset({str(one), str(other)})
        for one, other in np.argwhere(np.triu(cosines, 1) >= 0.99).tolist()
    }
    assert len(expected) > 5
    assert {frozenset(pair) for pair in names(staff, 0.99)} == expected


def test_each_template_looked_at_is_a_step(staff: OpenGallery) -> None:
    staff.enroll_templates("Ada", np.eye(3))
    steps: list[int] = []
    assert staff.duplicates(step=steps.append) == []
    assert steps == [3]


def test_an_empty_gallery_has_none(staff: OpenGallery) -> None:
    assert staff.duplicates() == []


def test_no_pairs_cannot_be_asked_for(staff: OpenGallery) -> None:
    with pytest.raises(InvalidValue):
        staff.duplicates(limit=0)


def test_without_a_threshold_the_least_similarity_is_needed(open_galleries) -> None:
    undecided = open_galleries(square_recognizer(policy=None)).create("staff")
    with pytest.raises(ThresholdMissing):
        undecided.duplicates()
    assert undecided.duplicates(0.9) == []
