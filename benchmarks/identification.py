"""Rates of identification (1:N), from the scores of probes against subjects.

Source: ISO/IEC 19795-1; FPIR and FNIR as in NIST FRTE 1:N.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.floating]
"""(P, S) scores of P probes against S subjects; -inf where there is nothing to compare."""


@dataclass(frozen=True, slots=True)
class Search:
    """Scores of probes whose subjects are enrolled, `owners` (P,), and of strangers."""

    enrolled: Scores
    owners: NDArray[np.int64]
    strangers: Scores


def rank_rate(scores: Scores, owners: NDArray[np.int64], rank: int) -> float:
    """Share of probes whose subject is among the `rank` best; a tie counts against it."""
    own = _own(scores, owners)
    better = (scores >= own[:, np.newaxis]).sum(axis=1) - 1
    return float((np.isfinite(own) & (better < rank)).mean())


def threshold_at_fpir(strangers: Scores, fpir: float) -> float:
    """The least score that at most a share `fpir` of strangers reach with anybody."""
    best = np.sort(strangers.max(axis=1))[::-1]
    allowed = int(fpir * len(best))
    return float(np.nextafter(best[allowed], np.inf))


def fnir(search: Search, threshold: float) -> float:
    """Share of enrolled probes whose subject is not first, or does not reach the threshold."""
    own = _own(search.enrolled, search.owners)
    first = (search.enrolled >= own[:, np.newaxis]).sum(axis=1) == 1
    return float(1 - (first & np.isfinite(own) & (own >= threshold)).mean())


def fpir(search: Search, threshold: float) -> float:
    """Share of strangers who reach the threshold with anybody."""
    return float((search.strangers.max(axis=1) >= threshold).mean())


def _own(scores: Scores, owners: NDArray[np.int64]) -> Scores:
    return np.take_along_axis(scores, owners[:, np.newaxis], axis=1)[:, 0]
