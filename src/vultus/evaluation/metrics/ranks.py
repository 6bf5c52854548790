"""Figures of closed-set identification: everybody searched for is enrolled."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from vultus.evaluation.metrics.trials import NOT_COMPARED

NOT_FOUND = np.iinfo(np.int64).max
"""The rank of a probe without a face, or of somebody who could not be enrolled."""


@dataclass(frozen=True, slots=True)
class Cmc:
    """Cumulative match characteristic: share of probes whose person is among the best `ranks`."""

    ranks: tuple[int, ...]
    rates: tuple[float, ...]


def rank_rate(ranks: NDArray[np.int64], rank: int) -> float:
    """Share of (P,) probes whose person is among the `rank` best candidates; ranks count from 1."""
    return float((ranks <= rank).mean())


def cmc(ranks: NDArray[np.int64], most: int) -> Cmc:
    """The rank rates from 1 to `most`, thinned beyond 100."""
    wanted = np.unique(np.geomspace(1, max(most, 1), 200).round().astype(np.int64))
    shown = np.union1d(np.arange(1, min(most, 100) + 1), wanted)
    rates = np.searchsorted(np.sort(ranks), shown, side="right") / len(ranks)
    return Cmc(tuple(shown.tolist()), tuple(rates.tolist()))


def average_precisions(
    scores: NDArray[np.float32], owners: NDArray[np.int64]
) -> NDArray[np.float64]:
    """How well each subject's own probes come before all others; the mean of these is mAP.

    A probe without a face is never found: what is missing of a subject's probes counts as 0.

    Args:
        scores: (P, S) of P probes with S subjects; `NOT_COMPARED` of probes without a face.
        owners: (P,) the column of whom each probe shows; another number for somebody else.

    Returns:
        (S,) average precisions; NaN for a subject without a probe.
    """
    columns = range(scores.shape[1])
    return np.array([_precision(scores[:, column], owners == column) for column in columns])


def _precision(scores: NDArray[np.float32], own: NDArray[np.bool_]) -> float:
    if not own.any():
        return float("nan")
    compared = scores > NOT_COMPARED
    found = own & compared
    if not found.any():
        return 0.0
    precision = average_precision_score(own[compared], scores[compared])
    return float(precision * found.sum() / own.sum())
