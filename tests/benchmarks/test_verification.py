import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from benchmarks.verification import (
    accuracy_over_folds,
    best_threshold,
    equal_error_rate,
    tar_at_far,
)

# A coarse grid, so that equal scores are common.
cosines = st.integers(-20, 20).map(lambda step: step / 20)
some_scores = arrays(np.float64, st.integers(1, 30), elements=cosines)


def share_right(scores: np.ndarray, genuine: np.ndarray, threshold: float) -> float:
    return np.mean((scores >= threshold) == genuine)


@given(some_scores, some_scores)
def test_no_threshold_decides_more_pairs_rightly_than_the_best_one(
    genuine: np.ndarray, impostor: np.ndarray
) -> None:
    scores = np.concatenate([genuine, impostor])
    is_genuine = np.arange(len(scores)) < len(genuine)
    best = share_right(scores, is_genuine, best_threshold(scores, is_genuine))
    assert all(share_right(scores, is_genuine, other) <= best for other in scores)


@given(some_scores, arrays(np.float64, st.integers(10, 30), elements=cosines))
def test_tar_at_far_is_the_most_that_any_threshold_reaches_within_the_rate(
    genuine: np.ndarray, impostor: np.ndarray
) -> None:
    within = [
        np.mean(genuine >= threshold)
        for threshold in [*genuine, *impostor]
        if np.mean(impostor >= threshold) <= 0.1
    ]
    assert tar_at_far(genuine, impostor, 0.1) == pytest.approx(max(within, default=0.0))


def test_a_rate_that_the_impostor_pairs_cannot_show_is_refused() -> None:
    with pytest.raises(ValueError, match="99 impostor pairs"):
        tar_at_far(np.ones(5), np.zeros(99), 0.01)


def test_a_pair_without_a_score_is_never_accepted() -> None:
    scores = np.array([0.9, -np.inf, 0.1, -np.inf])
    genuine = np.array([True, True, False, False])
    assert tar_at_far(scores[genuine], np.full(100, -np.inf), 0.01) == 0.5
    assert share_right(scores, genuine, best_threshold(scores, genuine)) == 0.75


def test_separated_scores_have_no_equal_error() -> None:
    assert equal_error_rate(np.array([0.8, 0.9]), np.array([0.1, 0.2])) == 0


def test_one_pair_in_four_on_the_wrong_side_is_an_equal_error_of_a_quarter() -> None:
    genuine, impostor = np.array([0.9, 0.8, 0.7, 0.2]), np.array([0.1, 0.3, 0.15, 0.75])
    assert equal_error_rate(genuine, impostor) == 0.25


def test_a_fold_is_decided_by_the_threshold_of_the_others() -> None:
    # Fold 1 alone would choose 0.6 and be always right; fold 0 makes it take 0.4.
    scores = np.array([0.4, 0.3, 0.6, 0.5])
    genuine = np.array([True, False, True, False])
    accuracy = accuracy_over_folds(scores, genuine, np.array([0, 0, 1, 1]))
    assert accuracy.thresholds == (0.6, 0.4)
    assert accuracy.mean == 0.5
    assert accuracy.standard_error == 0.0
