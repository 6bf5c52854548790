from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparisons import some_trials, trials_of
from vultus.errors import TooFewComparisons
from vultus.evaluation.metrics.folds import accuracy_over_folds, fold_accuracy
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.metrics.trials import NOT_COMPARED, Trials

FEW = Resampling(20)


def decided_rightly(trials: Trials, threshold: float) -> int:
    return int(((trials.scores >= threshold) == trials.genuine).sum())


def test_each_fold_is_decided_at_the_threshold_of_the_others() -> None:
    # Between 0.6 and 0.7 fold 1 is wrong once, between 0.1 and 0.3 fold 0 is never wrong.
    trials = trials_of(
        [0.3, 0.1, 0.9, 0.5, 0.7, 0.6, 0.9, 0.15],
        [0, 0, 1, 1, 2, 2, 3, 3],
        [0, 1, 1, 1, 2, 3, 3, 2],
        [0, 0, 0, 0, 1, 1, 1, 1],
    )
    measured = accuracy_over_folds(trials, FEW)
    assert measured.shares == (0.5, 0.75)
    assert measured.mean.value == pytest.approx(0.625)
    assert measured.standard_error == pytest.approx(0.125)
    assert measured.thresholds == pytest.approx((0.65, 0.2))


def test_a_threshold_lies_between_scores_of_the_others_whatever_those_of_the_fold() -> None:
    # Fold 1 says: anywhere from 0.2 to 0.8, so 0.5. Taking 0.63, which lies among fold 0's own
    # scores, would decide all of fold 0 rightly, and would have been told by them.
    trials = trials_of(
        [0.60, 0.61, 0.65, 0.66, 0.1, 0.2, 0.8, 0.9],
        [0, 0, 0, 1, 2, 2, 2, 3],
        [1, 1, 0, 1, 3, 3, 2, 3],
        [0, 0, 0, 0, 1, 1, 1, 1],
    )
    measured = accuracy_over_folds(trials, FEW)
    assert measured.thresholds == pytest.approx((0.5, 0.63))
    assert measured.shares == (0.5, 1)


def test_of_ranges_that_decide_alike_the_widest_counts() -> None:
    # Fold 1 is wrong once from 0.1 to 0.2, and once from 0.3 to 0.8.
    trials = trials_of(
        [0.4, 0.6, 0.1, 0.2, 0.3, 0.8],
        [0, 0, 2, 2, 2, 2],
        [1, 0, 3, 2, 3, 2],
        [0, 0, 1, 1, 1, 1],
    )
    measured = accuracy_over_folds(trials, FEW)
    assert measured.thresholds[0] == pytest.approx(0.55)
    assert measured.shares[0] == 1


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_scores_of_a_fold_have_no_say_in_its_own_threshold(seed: int, other: int) -> None:
    one, another = some_trials(16, seed), some_trials(16, other)
    changed = replace(one, scores=np.where(one.folds == 0, another.scores, one.scores))
    thresholds = [accuracy_over_folds(each, FEW).thresholds[0] for each in (one, changed)]
    assert thresholds[0] == thresholds[1]


@given(st.integers(0, 500), st.integers(2, 4))
def test_no_other_threshold_decides_the_others_better(seed: int, folds: int) -> None:
    trials = some_trials(16, seed, folds=folds)
    trials.scores[:2] = NOT_COMPARED
    measured = accuracy_over_folds(trials, FEW)
    for fold, threshold, share in zip(
        range(folds), measured.thresholds, measured.shares, strict=True
    ):
        others, own = (
            trials.only(trials.folds == fold if mine else trials.folds != fold)
            for mine in (False, True)
        )
        best = max(decided_rightly(others, each) for each in np.linspace(-1, 1.001, 2000))
        assert decided_rightly(others, threshold) >= best
        assert share == pytest.approx(decided_rightly(own, threshold) / len(own))


def test_where_everything_is_right_the_accuracy_is_known_by_the_number_of_people() -> None:
    measured = accuracy_over_folds(some_trials(40, 1, shift=2.0), Resampling(50))
    assert measured.mean.value == 1
    assert measured.mean.low == pytest.approx(1 - 3 / 40)


def test_the_interval_holds_the_accuracy() -> None:
    measured = accuracy_over_folds(some_trials(40, 1), Resampling(200))
    assert measured.mean.low <= measured.mean.value <= measured.mean.high
    assert 0.001 < measured.mean.high - measured.mean.low < 0.2


def test_a_weighed_fold_is_one_with_so_many_comparisons() -> None:
    trials = some_trials(8, 5, folds=2)
    weights = np.random.default_rng(0).integers(0, 3, len(trials))
    repeated = trials.only(np.repeat(np.arange(len(trials)), weights))
    ones = np.ones((1, len(repeated)))
    weighed = fold_accuracy(trials)(weights[np.newaxis].astype(float))
    assert weighed == pytest.approx(fold_accuracy(repeated)(ones))


def test_one_fold_is_too_few() -> None:
    with pytest.raises(TooFewComparisons):
        accuracy_over_folds(some_trials(8, 1, folds=1), FEW)
