from dataclasses import replace

import numpy as np
import pytest

from made_up_people import Made, made_of, made_up
from vultus.errors import TooFewComparisons
from vultus.evaluation.datasets.dataset import Pair
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.metrics.trials import NOT_COMPARED
from vultus.evaluation.protocols.drawing import drawn_pairs
from vultus.evaluation.protocols.pairs import Verification, pair_trials, verify

DRAWS = Resampling(50)


def three_people() -> Made:
    """Anna twice, Bert twice, and Cora once without a face; in the plane, at given angles."""
    degrees = np.deg2rad([0, 60, 90, 90, 45])
    vectors = np.stack([np.cos(degrees), np.sin(degrees)], axis=1)
    pairs = (
        Pair(0, 1, True, 0),
        Pair(2, 3, True, 0),
        Pair(0, 2, False, 1),
        Pair(1, 3, False, 1),
        Pair(0, 4, False, 1),
    )
    found = np.array([True, True, True, True, False])
    return made_of(np.array([0, 0, 1, 1, 2]), vectors, found, pairs)


def verified(made: Made, threshold: float | None = None) -> Verification:
    return verify(pair_trials(*made), threshold=threshold, resampling=DRAWS)


def test_pairs_become_scores_of_numbered_people() -> None:
    trials = pair_trials(*three_people())
    assert trials.scores == pytest.approx([0.5, 1, 0, 3**0.5 / 2, NOT_COMPARED], abs=1e-6)
    assert trials.first.tolist() == [0, 1, 0, 0, 0]
    assert trials.second.tolist() == [0, 1, 1, 1, 2]
    assert trials.folds.tolist() == [0, 0, 1, 1, 1]


def test_everything_about_the_pairs_of_a_dataset_is_counted() -> None:
    result = verified(three_people(), threshold=0.8)
    assert result.decided is not None
    counts = result.decided.confusion
    assert (counts.true_positives, counts.false_negatives) == (1, 1)
    assert (counts.false_positives, counts.true_negatives) == (1, 2)
    assert result.decided.fnmr.value == pytest.approx(0.5)
    assert result.decided.fmr.value == pytest.approx(1 / 3)
    assert result.undetected == (4,)
    assert (result.strict.impostor, result.strict.impostor_undetected) == (3, 1)
    assert result.lenient.impostor == 2
    assert [(each.first, each.second) for each in result.hardest_impostors] == [(1, 3), (0, 2)]
    assert [(each.first, each.second) for each in result.hardest_genuine] == [(0, 1), (2, 3)]
    assert result.accuracy is not None
    assert [each.target for each in result.strict.unmeasured] == [1e-2, 1e-3, 1e-4, 1e-5, 1e-6]


def test_without_failures_lenient_is_strict() -> None:
    dataset, table = made_up([3] * 30)
    paired = replace(dataset, pairs=drawn_pairs([image.subject for image in dataset.images]))
    result = verified((paired, table))
    assert result.lenient == result.strict
    assert result.decided is None
    assert result.undetected == ()


def test_a_dataset_without_pairs_cannot_be_verified() -> None:
    with pytest.raises(TooFewComparisons):
        verified(made_up([2, 2]))
