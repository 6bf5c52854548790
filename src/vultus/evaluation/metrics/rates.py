"""Error rates of verification, from the scores of genuine and of impostor comparisons.

A comparison is accepted iff its score reaches the threshold. One that never took place has the
score `NOT_COMPARED` and is refused: such rates are strict. Leave these scores out for lenient ones.

Source of the terms: ISO/IEC 19795-1. Strict rates are its generalized ones (GFAR, GFRR).
"""

import math

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from vultus.errors import TooFewComparisons
from vultus.evaluation.metrics import weighed
from vultus.evaluation.metrics.levels import above, levels_of

Scores = NDArray[np.float32]
"""(N,) cosines in [-1, 1], or `NOT_COMPARED`."""


def fmr_at(impostor: Scores, threshold: float) -> float:
    """Share of impostor comparisons that reach a threshold: the false match rate."""
    _need("FMR", len(impostor), 1)
    return float(np.mean(impostor >= np.float32(threshold)))


def fnmr_at(genuine: Scores, threshold: float) -> float:
    """Share of genuine comparisons that do not reach a threshold: the false non-match rate."""
    _need("FNMR", len(genuine), 1)
    return float(np.mean(genuine < np.float32(threshold)))


def threshold_at_fmr(impostor: Scores, fmr: float) -> float:
    """The least threshold that at most a share `fmr` of impostor comparisons reach.

    Args:
        impostor: (I,) scores.
        fmr: in (0, 1); 0.001 is 0.1 %.

    Returns:
        A similarity, just above the first score that must be refused.

    Raises:
        TooFewComparisons: I * fmr < 1, so that the rate cannot be measured.
    """
    _need(f"FMR {fmr:g}", len(impostor), least_comparisons(fmr))
    allowed = math.floor(fmr * len(impostor) * (1 + 1e-9))
    if allowed >= len(impostor):
        return -1.0
    first_refused = np.partition(impostor, len(impostor) - 1 - allowed)[-1 - allowed]
    return max(float(above(first_refused)), -1.0)


def fnmr_at_fmr(genuine: Scores, impostor: Scores, fmr: float) -> float:
    """Share of genuine comparisons refused at a false match rate of at most `fmr`.

    Raises:
        TooFewComparisons: the data cannot show such a rate.
    """
    return fnmr_at(genuine, threshold_at_fmr(impostor, fmr))


def tar_at_far(genuine: Scores, impostor: Scores, far: float) -> float:
    """Share of genuine comparisons accepted at a false accept rate of at most `far`.

    Raises:
        TooFewComparisons: the data cannot show such a rate.
    """
    return 1 - fnmr_at_fmr(genuine, impostor, far)


def equal_error_rate(genuine: Scores, impostor: Scores) -> float:
    """The mean of FMR and FNMR at the threshold where they come closest to each other."""
    _need_both(genuine, impostor)
    return float(weighed.equal_error_rate(levels_of(genuine, impostor))[0])


def area_under_roc(genuine: Scores, impostor: Scores) -> float:
    """Probability that a genuine comparison scores above an impostor one; 0.5 is chance."""
    _need_both(genuine, impostor)
    labels = np.arange(len(genuine) + len(impostor)) < len(genuine)
    return float(roc_auc_score(labels, np.concatenate([genuine, impostor])))


def least_comparisons(rate: float) -> int:
    """How many comparisons it takes until one error among them is a share of `rate`."""
    return math.ceil((1 - 1e-9) / rate)


def _need(figure: str, comparisons: int, needed: int) -> None:
    if comparisons < needed:
        raise TooFewComparisons(figure, comparisons, needed)


def _need_both(genuine: Scores, impostor: Scores) -> None:
    _need("a rate of genuine comparisons", len(genuine), 1)
    _need("a rate of impostor comparisons", len(impostor), 1)
