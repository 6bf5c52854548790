"""Error rates along the threshold, thinned to what a plot can show."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_curve

from vultus.evaluation.metrics.levels import Levels, above

MOST_POINTS = 500


@dataclass(frozen=True, slots=True)
class Curve:
    """FMR and FNMR at falling `thresholds`: FMR never falls, FNMR never rises.

    The ROC is 1 - `fnmr` over `fmr`, the DET is `fnmr` over `fmr`. The first threshold accepts
    nothing and stands just above the highest score.
    """

    thresholds: tuple[float, ...]
    fmr: tuple[float, ...]
    fnmr: tuple[float, ...]


def curve(levels: Levels) -> Curve:
    """The curve of the first weighing of `levels`."""
    genuine, impostor = levels.genuine[0], levels.impostor[0]
    fpr, tpr, thresholds = roc_curve(
        np.repeat([True, False], len(levels.values)),
        np.tile(levels.values, 2),
        sample_weight=np.concatenate([genuine, impostor]),
        drop_intermediate=False,
    )
    # What has no score is never accepted, but counts.
    fmr = np.nan_to_num(fpr) * impostor.sum() / levels.impostor_total[0]
    fnmr = 1 - np.nan_to_num(tpr) * genuine.sum() / levels.genuine_total[0]
    thresholds[0] = above(levels.values[-1])
    kept = thinned(fmr, fnmr)
    return Curve(*(tuple(each[kept].tolist()) for each in (thresholds, fmr, fnmr)))


def thinned(fmr: NDArray[np.float64], fnmr: NDArray[np.float64]) -> NDArray[np.int64]:
    """Which points to keep, at most 500, so that linear and logarithmic plots look whole."""
    if len(fmr) <= MOST_POINTS:
        return np.arange(len(fmr))
    share = (MOST_POINTS - 2) // 3
    logarithmic = np.log10(np.maximum(fmr, fmr[fmr > 0].min(initial=1)))
    # All of these rise along the curve, so that places in them can be searched.
    chosen = [_spread(rising, share) for rising in (fmr, logarithmic, -fnmr)]
    return np.unique(np.concatenate([[0, len(fmr) - 1], *chosen]))


def _spread(rising: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    wanted = np.linspace(rising[0], rising[-1], count)
    return np.minimum(np.searchsorted(rising, wanted), len(rising) - 1)
