import numpy as np
import pytest
from sklearn.metrics import roc_curve

from vultus.evaluation.metrics.curve import MOST_POINTS, curve
from vultus.evaluation.metrics.levels import levels_of
from vultus.evaluation.metrics.spread import spread
from vultus.evaluation.metrics.trials import NOT_COMPARED

GENUINE = np.array([0.9, 0.5, 0.3], np.float32)
IMPOSTOR = np.array([0.4, 0.1], np.float32)


def some(count: int, mean: float, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(mean, 0.15, count).clip(-1, 1).astype(np.float32)


def test_a_small_curve_can_be_followed_by_hand() -> None:
    drawn = curve(levels_of(GENUINE, IMPOSTOR))
    assert drawn.fmr == pytest.approx((0, 0, 0, 0.5, 0.5, 1))
    assert drawn.fnmr == pytest.approx((1, 2 / 3, 1 / 3, 1 / 3, 0, 0))
    assert drawn.thresholds == pytest.approx((0.9, 0.9, 0.5, 0.4, 0.3, 0.1), abs=1e-6)
    assert drawn.thresholds[0] > 0.9


def test_what_was_not_compared_keeps_the_curve_from_its_corner() -> None:
    drawn = curve(levels_of(np.append(GENUINE, NOT_COMPARED), np.append(IMPOSTOR, NOT_COMPARED)))
    assert drawn.fmr[-1] == pytest.approx(2 / 3)
    assert drawn.fnmr[-1] == pytest.approx(1 / 4)


def test_a_long_curve_is_thinned_and_stays_the_curve() -> None:
    genuine, impostor = some(5000, 0.6, 1), some(50_000, 0.0, 2)
    drawn = curve(levels_of(genuine, impostor))
    assert len(drawn.fmr) <= MOST_POINTS
    assert (np.diff(drawn.fmr) >= 0).all()
    assert (np.diff(drawn.fnmr) <= 0).all()
    labels = np.repeat([1, 0], [len(genuine), len(impostor)])
    fpr, tpr, _ = roc_curve(labels, np.concatenate([genuine, impostor]), drop_intermediate=False)
    whole = {(round(x, 9), round(1 - y, 9)) for x, y in zip(fpr, tpr, strict=True)}
    assert {(round(x, 9), round(y, 9)) for x, y in zip(drawn.fmr, drawn.fnmr, strict=True)} <= whole
    # No large step is left, in either kind of plot.
    assert np.diff(drawn.fnmr).min() > -0.02
    positive = np.array([rate for rate in drawn.fmr if rate > 1e-3])
    assert np.diff(np.log10(positive)).max() < 0.05


def test_the_spread_counts_every_score_once() -> None:
    shares = spread(levels_of(np.append(GENUINE, NOT_COMPARED), IMPOSTOR))
    assert sum(shares.genuine) == pytest.approx(3 / 4)
    assert sum(shares.impostor) == pytest.approx(1)
    assert shares.edges[0] == pytest.approx(0.1)
    assert shares.edges[-1] == pytest.approx(0.9)
    assert len(shares.edges) == len(shares.genuine) + 1
