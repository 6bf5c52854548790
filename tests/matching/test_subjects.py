import numpy as np
import pytest

from fakes import template
from vultus.domain.gallery import SubjectTemplates
from vultus.domain.subject import Subject
from vultus.matching.subjects import most_similar_face, subject_similarities

X, Y, Z = np.eye(3, dtype=np.float32)


def templates(*own: list[np.ndarray], resultants: list[float] | None = None) -> SubjectTemplates:
    vectors = np.array([vector for each in own for vector in each], np.float32)
    return SubjectTemplates(
        subjects=tuple(Subject(str(number), str(number)) for number in range(len(own))),
        starts=np.cumsum([0, *(len(each) for each in own[:-1])]),
        face_ids=tuple(f"{s}-{f}" for s, each in enumerate(own) for f in range(len(each))),
        vectors=vectors.reshape(-1, 3),
        resultants=np.array(resultants or [1] * len(vectors), np.float32),
    )


def test_of_one_template_it_is_the_cosine() -> None:
    found = subject_similarities(np.array([X, Y]), templates([X], [Y], [(X + Y) / np.sqrt(2)]))
    np.testing.assert_allclose(found, [[1, 0, 0.7071], [0, 1, 0.7071]], atol=1e-4)


def test_the_mean_of_several_counts_where_it_is_nearer_than_each() -> None:
    between = template(1, 1, 0).vector[np.newaxis]
    assert subject_similarities(between, templates([X, Y]))[0, 0] == pytest.approx(1)


def test_the_most_similar_counts_where_the_mean_is_farther() -> None:
    assert subject_similarities(X[np.newaxis], templates([X, Y, Z]))[0, 0] == pytest.approx(1)


def test_a_running_mean_weighs_as_much_as_what_went_into_it() -> None:
    probe = template(3, 1, 0).vector[np.newaxis]
    assert subject_similarities(probe, templates([X, Y], resultants=[3, 1]))[0, 0] == pytest.approx(
        1
    )


def test_templates_that_cancel_each_other_out_have_no_mean() -> None:
    found = subject_similarities(np.array([X, Y]), templates([X, -X]))
    np.testing.assert_allclose(found, [[1], [0]], atol=1e-6)


def test_nobody_is_similar_to_nobody() -> None:
    assert subject_similarities(np.array([X, Y]), templates()).shape == (2, 0)


def test_the_most_similar_face_is_named() -> None:
    several = templates([X, Y], [Z], [Y, X])
    assert [most_similar_face(X, several, subject) for subject in range(3)] == ["0-0", "1-0", "2-1"]
