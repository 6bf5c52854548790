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


def plainly(trials: Trials) -> list[float]:
    """The same by trying every threshold in turn."""
    shares = []
    for fold in np.unique(trials.folds):
        held_out = trials.folds == fold
        others = trials.scores[~held_out]
        seen = np.append(np.unique(others[others > NOT_COMPARED]), np.inf)
        right = [((others >= each) == trials.genuine[~held_out]).sum() for each in seen]
        best = np.flatnonzero(np.array(right) == max(right))
        threshold = seen[best[len(best) // 2]]
        decided = trials.scores[held_out] >= threshold
        shares.append(float((decided == trials.genuine[held_out]).mean()))
    return shares


def test_each_fold_is_decided_at_the_threshold_of_the_others() -> None:
    # Fold 0 alone would choose 0.3, and fold 1 0.7; each is wrong once on the other.
    trials = trials_of(
        [0.3, 0.1, 0.9, 0.5, 0.7, 0.6, 0.9, 0.2],
        [0, 0, 1, 1, 2, 2, 3, 3],
        [0, 1, 1, 1, 2, 3, 3, 2],
        [0, 0, 0, 0, 1, 1, 1, 1],
    )
    measured = accuracy_over_folds(trials, FEW)
    assert measured.shares == (0.5, 0.75)
    assert measured.mean.value == pytest.approx(0.625)
    assert measured.standard_error == pytest.approx(0.125)
    assert measured.thresholds[0] == pytest.approx(0.7)


@given(st.integers(0, 500), st.integers(2, 4))
def test_it_agrees_with_trying_every_threshold(seed: int, folds: int) -> None:
    trials = some_trials(16, seed, folds=folds)
    trials.scores[:2] = NOT_COMPARED
    assert accuracy_over_folds(trials, FEW).shares == pytest.approx(plainly(trials))


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_scores_of_a_fold_have_no_say_in_its_own_threshold(seed: int, other: int) -> None:
    one, another = some_trials(16, seed), some_trials(16, other)
    changed = replace(one, scores=np.where(one.folds == 0, another.scores, one.scores))
    thresholds = [accuracy_over_folds(each, FEW).thresholds[0] for each in (one, changed)]
    assert thresholds[0] == thresholds[1]


def test_the_interval_holds_the_accuracy() -> None:
    measured = accuracy_over_folds(some_trials(40, 1), Resampling(200))
    assert measured.mean.low <= measured.mean.value <= measured.mean.high
    assert 0.001 < measured.mean.high - measured.mean.low < 0.2


def test_a_weighed_fold_is_one_with_so_many_comparisons() -> None:
    trials = some_trials(8, 5, folds=2)
    weights = np.random.default_rng(0).integers(1, 3, len(trials))
    repeated = trials.only(np.repeat(np.arange(len(trials)), weights))
    ones = np.ones((1, len(repeated)))
    weighed = fold_accuracy(trials)(weights[np.newaxis].astype(float))
    assert weighed == pytest.approx(fold_accuracy(repeated)(ones))


def test_one_fold_is_too_few() -> None:
    with pytest.raises(TooFewComparisons):
        accuracy_over_folds(some_trials(8, 1, folds=1), FEW)
