import numpy as np
import pytest

from vultus.api.compat.compreface.parameters import asked_of, page_of, read_query
from vultus.domain.face import Box, Detection, Landmarks
from vultus.errors import RequestInvalid


def test_without_a_word_the_defaults_of_compreface_hold() -> None:
    asked = asked_of({})
    assert (asked.limit, asked.prediction_count, asked.det_prob_threshold) == (0, 1, 0)
    assert (asked.status, asked.detect_faces) == (False, True)
    assert page_of({}) == (0, 20)


@pytest.mark.parametrize(
    "query",
    [
        "limit=2&det_prob_threshold=0.8&prediction_count=3&face_plugins=landmarks,calculator&status=true",
        # As the Python client writes it: a `&` too many, and Python's own True.
        "&limit=2&det_prob_threshold=0.8&prediction_count=3&face_plugins=landmarks,calculator&status=True",
        # As the JavaScript client writes it where no limit is given first.
        "limit=2?det_prob_threshold=0.8?prediction_count=3?face_plugins=landmarks,calculator?status=true",
    ],
)
def test_parameters_are_understood_as_each_client_writes_them(query: str) -> None:
    asked = asked_of(read_query(query))
    assert (asked.limit, asked.det_prob_threshold, asked.prediction_count) == (2, 0.8, 3)
    assert asked.plugins == {"landmarks", "calculator"}
    assert asked.status


def test_a_subject_keeps_its_own_question_mark() -> None:
    query = read_query("subject=Who%3F+Ada?det_prob_threshold=0.5")
    assert query == {"subject": "Who? Ada", "det_prob_threshold": "0.5"}
    assert read_query("subject=Ada?")["subject"] == "Ada?"


@pytest.mark.parametrize(
    "query",
    [
        "limit=-1",
        "limit=many",
        "limit=1e3",
        "limit=99999999999999999999",
        "prediction_count=0",
        "prediction_count=1001",
        "det_prob_threshold=1.1",
        "det_prob_threshold=nan",
        "det_prob_threshold=high",
        "status=perhaps",
        "detect_faces=2",
    ],
)
def test_a_parameter_out_of_its_range_is_an_invalid_request(query: str) -> None:
    with pytest.raises(RequestInvalid):
        asked_of(read_query(query))


@pytest.mark.parametrize("query", ["page=-1", "size=0", "size=all", "page=first"])
def test_a_page_out_of_range_is_an_invalid_request(query: str) -> None:
    with pytest.raises(RequestInvalid):
        page_of(read_query(query))


def detection(side: float, confidence: float) -> Detection:
    return Detection(Box(0, 0, side, side), Landmarks(np.zeros((5, 2))), confidence)


def test_the_largest_faces_that_are_certain_enough_are_chosen() -> None:
    small, large, doubtful = detection(10, 0.9), detection(30, 0.8), detection(50, 0.4)
    asked = asked_of({"limit": "1", "det_prob_threshold": "0.5"})
    assert asked.chosen([small, large, doubtful], lambda each: each) == [large]
    assert asked_of({}).chosen([small, large, doubtful], lambda each: each) == [
        doubtful,
        large,
        small,
    ]


def test_a_page_is_no_longer_than_a_thousand_faces() -> None:
    assert page_of({"page": "2", "size": "5000"}) == (2, 1_000)
