import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.errors import InvalidValue
from vultus.matching.calibration import Calibration

CURVE = Calibration((0.2, 0.4, 0.8), (0.01, 0.5, 0.99), prior=0.5, protocol="made up")


@pytest.mark.parametrize(
    ("similarity", "probability"),
    [(-1, 0.01), (0.2, 0.01), (0.3, 0.255), (0.4, 0.5), (0.6, 0.745), (0.8, 0.99), (1, 0.99)],
)
def test_probability_follows_the_knots(similarity: float, probability: float) -> None:
    assert CURVE.probability(similarity) == pytest.approx(probability)


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_a_higher_similarity_is_never_less_probable(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert CURVE.probability(low) <= CURVE.probability(high)


@pytest.mark.parametrize(
    ("similarities", "probabilities"),
    [((0.1,), (0.5,)), ((0.2, 0.1), (0.1, 0.9)), ((0.1, 0.2), (0.9, 0.1)), ((0.1, 0.2), (0, 0.5))],
)
def test_a_curve_that_does_not_rise_inside_zero_and_one_is_refused(
    similarities: tuple[float, ...], probabilities: tuple[float, ...]
) -> None:
    with pytest.raises(InvalidValue):
        Calibration(similarities, probabilities, prior=0.5, protocol="made up")
