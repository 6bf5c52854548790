"""Figures of closed-set identification: everybody searched for is enrolled."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

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

    Args:
        scores: (P, S) of P probes with S subjects.
        owners: (P,) the column of whom each probe shows; another number for somebody else.

    Returns:
        (S,) average precisions; NaN for a subject without a probe.
    """
    return np.array(
        [
            average_precision_score(owners == column, scores[:, column])
            if (owners == column).any()
            else np.nan
            for column in range(scores.shape[1])
        ]
    )
