import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.evaluation.apart import apart
from vultus.evaluation.report.figure import Figure


def figure(value: float | None, low: float | None, high: float | None) -> Figure:
    return Figure("key", "Title", value, "made up", low, high)


def test_the_interval_of_a_difference_adds_the_squares_of_both() -> None:
    # Newcombe (1998), method 10: 56/70 less 48/80, from their Wilson intervals.
    one, other = figure(0.6, 0.4905, 0.7003), figure(0.8, 0.6916, 0.8772)
    change = apart(one, other)
    assert change is not None
    assert change.difference.value == pytest.approx(0.2)
    assert change.difference.low == pytest.approx(0.0524, abs=5e-4)
    assert change.difference.high == pytest.approx(0.3339, abs=5e-4)
    assert change.real
    assert 0.005 < change.chance < 0.02


def test_intervals_that_overlap_may_still_tell_a_difference_and_equal_figures_tell_none() -> None:
    overlapping = apart(figure(0.90, 0.88, 0.92), figure(0.935, 0.915, 0.955))
    assert overlapping is not None
    assert overlapping.real
    same = apart(figure(0.9, 0.9, 0.9), figure(0.9, 0.9, 0.9))
    assert same is not None
    assert not same.real
    assert same.chance == 1


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 0.2), st.floats(0.01, 0.2))
def test_what_lies_off_zero_has_little_chance(
    first: float, second: float, one: float, other: float
) -> None:
    change = apart(
        figure(first, first - one, first + one), figure(second, second - other, second + other)
    )
    assert change is not None
    assert change.difference.high - change.difference.value == pytest.approx(math.hypot(one, other))
    assert change.real == (change.chance < 0.05) or change.chance == pytest.approx(0.05)


@pytest.mark.parametrize(
    "bare", [figure(None, None, None), figure(0.5, None, 0.6), figure(0.5, 0.4, None)]
)
def test_what_was_not_measured_or_has_no_interval_is_not_compared(bare: Figure) -> None:
    assert apart(bare, figure(0.5, 0.4, 0.6)) is None
    assert apart(figure(0.5, 0.4, 0.6), bare) is None


def test_a_figure_outside_of_its_interval_makes_no_narrower_one() -> None:
    # The calibration error of draws is higher than that of the data.
    change = apart(figure(0.002, 0.003, 0.006), figure(0.01, 0.011, 0.02))
    assert change is not None
    assert change.difference.low <= change.difference.value <= change.difference.high
