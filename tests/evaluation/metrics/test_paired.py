from dataclasses import replace

import numpy as np
import pytest

from comparisons import some_trials
from vultus.errors import InvalidValue
from vultus.evaluation.metrics.folds import fold_accuracy
from vultus.evaluation.metrics.paired import differences
from vultus.evaluation.metrics.resampling import Resampling

DRAWS = Resampling(200)
ONE = some_trials(40, 1)


def test_a_model_is_no_better_than_itself() -> None:
    (same,) = differences(ONE, ONE, (fold_accuracy(ONE), fold_accuracy(ONE)), DRAWS)
    assert same.first == same.second
    assert (same.difference.low, same.difference.high) == (0, 0)
    assert not same.real
    assert same.chance == 1


def test_a_much_better_model_is_really_better() -> None:
    worse, better = some_trials(40, 1, shift=-0.2), ONE
    (found,) = differences(worse, better, (fold_accuracy(worse), fold_accuracy(better)), DRAWS)
    assert found.difference.value == pytest.approx(found.second - found.first)
    assert found.real
    assert found.chance < 0.05
    (turned,) = differences(better, worse, (fold_accuracy(better), fold_accuracy(worse)), DRAWS)
    assert turned.difference.value == pytest.approx(-found.difference.value)


def test_noise_alone_is_seldom_called_real() -> None:
    called = 0
    for seed in range(20):
        noise = np.random.default_rng(seed).normal(0, 0.01, len(ONE))
        other = replace(ONE, scores=(ONE.scores + noise).astype(np.float32))
        statistics = fold_accuracy(ONE), fold_accuracy(other)
        called += differences(ONE, other, statistics, Resampling(100))[0].real
    assert called <= 3


def test_models_that_compared_other_images_cannot_be_compared() -> None:
    other = replace(ONE, rows=ONE.rows + 1)
    with pytest.raises(InvalidValue, match="same images"):
        differences(ONE, other, (fold_accuracy(ONE), fold_accuracy(other)), DRAWS)
