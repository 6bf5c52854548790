"""Ten comparisons whose rates can be counted by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import roc_auc_score

from vultus.errors import TooFewComparisons
from vultus.evaluation.metrics.levels import levels_of
from vultus.evaluation.metrics.rates import (
    area_under_roc,
    equal_error_rate,
    fmr_at,
    fnmr_at,
    fnmr_at_fmr,
    least_comparisons,
    tar_at_far,
    threshold_at_fmr,
)
from vultus.evaluation.metrics.trials import NOT_COMPARED
from vultus.evaluation.metrics.weighed import area

GENUINE = np.array([0.9, 0.8, 0.7, 0.4, 0.3], np.float32)
IMPOSTOR = np.array([0.6, 0.35, 0.2, 0.1, 0.0], np.float32)

SOME = arrays(np.float32, st.integers(1, 30), elements=st.floats(-1, 1, width=32))


@pytest.mark.parametrize(
    ("threshold", "fmr", "fnmr"),
    [(-1, 1, 0), (0.35, 0.4, 0.2), (0.36, 0.2, 0.2), (0.6, 0.2, 0.4), (0.61, 0, 0.4), (1, 0, 1)],
)
def test_rates_are_shares_and_the_threshold_itself_accepts(
    threshold: float, fmr: float, fnmr: float
) -> None:
    assert fmr_at(IMPOSTOR, threshold) == pytest.approx(fmr)
    assert fnmr_at(GENUINE, threshold) == pytest.approx(fnmr)


def test_the_threshold_of_a_rate_is_the_least_that_keeps_it() -> None:
    threshold = threshold_at_fmr(IMPOSTOR, 0.2)
    assert threshold == pytest.approx(0.35, abs=1e-6)
    assert fmr_at(IMPOSTOR, threshold) == pytest.approx(0.2)
    below = float(np.nextafter(np.float32(threshold), np.float32(-1)))
    assert fmr_at(IMPOSTOR, below) == pytest.approx(0.4)


def test_misses_are_counted_where_the_false_matches_are_few_enough() -> None:
    assert fnmr_at_fmr(GENUINE, IMPOSTOR, 0.2) == pytest.approx(0.2)
    assert tar_at_far(GENUINE, IMPOSTOR, 0.2) == pytest.approx(0.8)
    assert tar_at_far(GENUINE, IMPOSTOR, 0.39) == pytest.approx(0.8)


def test_where_false_matches_are_as_frequent_as_misses_is_the_equal_error_rate() -> None:
    assert equal_error_rate(GENUINE, IMPOSTOR) == pytest.approx(0.2)


def test_the_area_is_how_often_a_genuine_score_is_above_an_impostor_one() -> None:
    # Of 25 couples, 0.4 and 0.3 are below 0.6, and 0.3 below 0.35.
    assert area_under_roc(GENUINE, IMPOSTOR) == pytest.approx(22 / 25)


def test_a_comparison_that_never_took_place_is_refused_at_every_threshold() -> None:
    genuine = np.append(GENUINE, NOT_COMPARED)
    assert fnmr_at(genuine, -1) == pytest.approx(1 / 6)
    assert fmr_at(np.append(IMPOSTOR, NOT_COMPARED), -1) == pytest.approx(5 / 6)
    assert tar_at_far(genuine, IMPOSTOR, 0.2) == pytest.approx(4 / 6)


def test_a_rate_that_the_data_cannot_show_is_refused_with_what_it_takes() -> None:
    with pytest.raises(TooFewComparisons) as refused:
        tar_at_far(GENUINE, IMPOSTOR, 0.01)
    assert refused.value.comparisons == 5
    assert refused.value.needed == 100
    assert "at least 100" in str(refused.value)


@pytest.mark.parametrize(("rate", "needed"), [(1e-3, 1000), (0.3, 4), (0.1, 10), (1e-6, 10**6)])
def test_one_error_among_enough_comparisons_is_the_least_rate(rate: float, needed: int) -> None:
    assert least_comparisons(rate) == needed


def test_no_comparison_has_no_rate() -> None:
    nothing = np.empty(0, np.float32)
    for measure in (
        lambda: fmr_at(nothing, 0.5),
        lambda: equal_error_rate(nothing, IMPOSTOR),
        lambda: area_under_roc(GENUINE, nothing),
    ):
        with pytest.raises(TooFewComparisons):
            measure()


@given(SOME, st.floats(0.04, 0.99))
def test_the_threshold_of_a_rate_never_lets_more_through(impostor: np.ndarray, rate: float) -> None:
    if len(impostor) < least_comparisons(rate):
        return
    assert fmr_at(impostor, threshold_at_fmr(impostor, rate)) <= rate * (1 + 1e-6)


@given(SOME, arrays(np.float32, st.integers(10, 30), elements=st.floats(-1, 1, width=32)))
def test_tar_at_far_is_the_most_that_any_threshold_reaches_within_the_rate(
    genuine: np.ndarray, impostor: np.ndarray
) -> None:
    within = [
        np.mean(genuine >= threshold)
        for threshold in [*genuine, *impostor]
        if np.mean(impostor >= threshold) <= 0.1
    ]
    assert tar_at_far(genuine, impostor, 0.1) == pytest.approx(max(within, default=0.0))


@given(SOME, SOME)
def test_rates_fall_and_rise_along_the_threshold_and_meet_their_ends(
    genuine: np.ndarray, impostor: np.ndarray
) -> None:
    levels = levels_of(genuine, impostor)
    fmr, fnmr = levels.fmr()[0], levels.fnmr()[0]
    assert (np.diff(fmr) <= 0).all()
    assert (np.diff(fnmr) >= -1e-12).all()
    assert (fmr[0], fmr[-1]) == (1, 0)
    assert fnmr[-1] == 1
    assert fnmr[0] == pytest.approx(0)


@given(SOME, SOME)
def test_our_area_is_that_of_scikit_learn_also_with_ties(
    genuine: np.ndarray, impostor: np.ndarray
) -> None:
    labels = np.repeat([1, 0], [len(genuine), len(impostor)])
    theirs = roc_auc_score(labels, np.concatenate([genuine, impostor]))
    assert area(levels_of(genuine, impostor))[0] == pytest.approx(theirs)


@given(SOME, SOME, st.integers(0, 5), st.integers(0, 5))
def test_our_area_counts_what_was_not_compared_like_the_lowest_score(
    genuine: np.ndarray, impostor: np.ndarray, more: int, others: int
) -> None:
    genuine = np.append(genuine, np.full(more, NOT_COMPARED))
    impostor = np.append(impostor, np.full(others, NOT_COMPARED))
    ours = area(levels_of(genuine, impostor))[0]
    assert ours == pytest.approx(area_under_roc(genuine, impostor))
