import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.evaluation.metrics.estimate import Estimate
from vultus.evaluation.metrics.unpaired import unpaired_difference


def test_the_interval_of_a_difference_adds_the_squares_of_both() -> None:
    # Newcombe (1998), method 10: 56/70 less 48/80, from their Wilson intervals.
    one, other = Estimate(0.6, 0.4905, 0.7003), Estimate(0.8, 0.6916, 0.8772)
    change = unpaired_difference(one, other)
    assert change.difference.value == pytest.approx(0.2)
    assert change.difference.low == pytest.approx(0.0524, abs=5e-4)
    assert change.difference.high == pytest.approx(0.3339, abs=5e-4)
    assert change.real
    assert 0.005 < change.chance < 0.02


def test_intervals_that_overlap_may_still_tell_a_difference_and_equal_figures_tell_none() -> None:
    overlapping = unpaired_difference(Estimate(0.90, 0.88, 0.92), Estimate(0.935, 0.915, 0.955))
    assert overlapping.real
    same = unpaired_difference(Estimate(0.9, 0.9, 0.9), Estimate(0.9, 0.9, 0.9))
    assert not same.real
    assert same.chance == 1


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 0.2), st.floats(0.01, 0.2))
def test_what_lies_off_zero_has_little_chance(
    first: float, second: float, one: float, other: float
) -> None:
    change = unpaired_difference(
        Estimate(first, first - one, first + one), Estimate(second, second - other, second + other)
    )
    assert change.difference.high - change.difference.value == pytest.approx(math.hypot(one, other))
    assert change.real == (change.chance < 0.05) or change.chance == pytest.approx(0.05)


def test_a_figure_outside_of_its_interval_makes_no_narrower_one() -> None:
    # The calibration error of draws is higher than that of the data.
    change = unpaired_difference(Estimate(0.002, 0.003, 0.006), Estimate(0.01, 0.011, 0.02))
    assert change.difference.low <= change.difference.value <= change.difference.high
