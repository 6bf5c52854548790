import pytest
from hypothesis import given
from hypothesis import strategies as st

from painted import square_recognizer
from vultus.api.compat.similarity import Scale
from vultus.domain.candidate import Candidate
from vultus.domain.subject import Subject
from vultus.matching.calibration import PairCalibration
from vultus.matching.policy import Policy
from vultus.matching.thresholds import Threshold

PAIRS = PairCalibration((0.0, 0.9, 1.0), (0.01, 0.5, 0.99), 0.5, "made up")
cosines = st.integers(-1_000, 1_000).map(lambda each: each / 1_000)


def policy(threshold: float) -> Policy:
    return Policy(Threshold(threshold, "setting", None, None), threshold)


def candidate(probability: float | None) -> Candidate:
    return Candidate(Subject("1", "Ada"), 0.95, probability, "face")


@given(cosines, cosines, cosines)
def test_the_stretched_cosine_keeps_the_order_and_the_threshold(
    threshold: float, one: float, other: float
) -> None:
    scale = Scale("cosine", PAIRS, policy(threshold))
    first, second = scale.of_pair(one), scale.of_pair(other)
    assert 0 <= first <= 1
    assert (first >= 0.5) == (one >= threshold)
    assert first <= second or one > other


def test_without_a_threshold_the_middle_is_no_likeness() -> None:
    scale = Scale("cosine", None, None)
    assert [scale.of_pair(cosine) for cosine in (-1, 0, 1)] == [0, 0.5, 1]


def test_a_probability_goes_before_a_cosine() -> None:
    scale = Scale("probability", PAIRS, policy(0.9))
    assert scale.of_candidate(candidate(0.3)) == 0.3
    assert scale.of_candidate(candidate(None)) == pytest.approx(0.745)
    assert Scale("cosine", PAIRS, policy(0.9)).of_candidate(candidate(0.3)) == pytest.approx(0.75)


def test_where_nothing_is_calibrated_the_cosine_stands_for_the_probability() -> None:
    scale = Scale.of("probability", square_recognizer())
    assert scale.of_pair(0.9) == 0.5
