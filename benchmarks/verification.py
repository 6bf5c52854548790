"""Error rates of verification from scores of pairs, in the terms of ISO/IEC 19795-1.

A pair is accepted iff its score reaches the threshold. A pair without a score, because a face was
not found, has the score minus infinity: no threshold accepts it.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
"""(N,) cosine similarities in [-1, 1], or minus infinity."""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Share of right decisions: mean over the folds, and the standard error of that mean."""

    mean: float
    standard_error: float
    thresholds: tuple[float, ...]


def accuracy_over_folds(
    scores: Scores, genuine: NDArray[np.bool_], folds: NDArray[np.int64]
) -> Accuracy:
    """Decide each fold at the threshold that decides best on all the others.

    Source: the View 2 protocol of LFW.
    """
    shares, thresholds = [], []
    for fold in np.unique(folds):
        held_out = folds == fold
        threshold = best_threshold(scores[~held_out], genuine[~held_out])
        shares.append(np.mean((scores[held_out] >= threshold) == genuine[held_out]))
        thresholds.append(threshold)
    error = float(np.std(shares, ddof=1) / math.sqrt(len(shares)))
    return Accuracy(float(np.mean(shares)), error, tuple(thresholds))


def best_threshold(scores: Scores, genuine: NDArray[np.bool_]) -> float:
    """The score, of those seen, that decides most pairs rightly; the middle one of several."""
    thresholds = _seen(scores)
    fmr, fnmr = error_rates(scores[genuine], scores[~genuine], thresholds)
    wrong = fmr * np.sum(~genuine) + fnmr * np.sum(genuine)
    best = np.flatnonzero(wrong <= wrong.min() + 0.5)
    return float(thresholds[best[len(best) // 2]])


def tar_at_far(genuine: Scores, impostor: Scores, far: float) -> float:
    """Share of genuine pairs accepted where at most `far` of the impostor pairs are.

    Raises:
        ValueError: there are too few impostor pairs to measure such a rate.
    """
    if far * len(impostor) < 1:
        raise ValueError(f"{len(impostor)} impostor pairs cannot show a rate of {far}")
    first_refused = np.sort(impostor)[::-1][int(far * len(impostor))]
    return float(np.mean(genuine > first_refused))


def equal_error_rate(genuine: Scores, impostor: Scores) -> float:
    """The rate at the threshold where FMR and FNMR come closest: the mean of both there."""
    fmr, fnmr = error_rates(genuine, impostor, _seen(np.concatenate([genuine, impostor])))
    closest = np.argmin(np.abs(fmr - fnmr))
    return float((fmr[closest] + fnmr[closest]) / 2)


def error_rates(genuine: Scores, impostor: Scores, thresholds: Scores) -> tuple[Scores, Scores]:
    """(T,) false match rates and (T,) false non-match rates at (T,) thresholds."""
    refused_genuine = np.searchsorted(np.sort(genuine), thresholds, side="left")
    refused_impostor = np.searchsorted(np.sort(impostor), thresholds, side="left")
    return 1 - refused_impostor / len(impostor), refused_genuine / len(genuine)


def _seen(scores: Scores) -> Scores:
    return np.unique(scores[np.isfinite(scores)])
