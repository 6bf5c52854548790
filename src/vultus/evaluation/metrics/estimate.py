"""A number with the interval it is known to."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.evaluation.metrics.levels import Floats

LEVEL = 0.95
"""Of all intervals."""
SHARE = 0.0, 1.0
DIFFERENCE = -1.0, 1.0
"""Where a share, and where the difference of two shares lies, if nothing else is known."""
TINY = 1e-12
"""So far from 0 or 1 a share may be by rounding alone."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What was measured, and the bounds of its 95 % interval."""

    value: float
    low: float
    high: float


def estimate(value: float, replicates: Floats, bounds: tuple[float, float] = SHARE) -> Estimate:
    """The interval between the percentiles of (B,) bootstrap replicates.

    Replicates without a value, because no comparison of a kind was drawn, are left out; without
    any replicate left the interval is all that is possible, `bounds`.
    """
    known = replicates[np.isfinite(replicates)]
    if not len(known):
        return Estimate(value, *bounds)
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(value, float(low), float(high))


def bounded(measured: Estimate, errors: int, independent: int) -> Estimate:
    """Widen the interval of an error rate where nothing, or everything, went wrong.

    A bootstrap of no errors has none in any replicate and would claim certainty. The rule of three
    says what that many trials do support.

    Args:
        measured: the rate; of exactly 0 or 1 it is widened.
        errors: how many trials went wrong.
        independent: how many trials can be taken to say something of their own.
    """
    bound = rule_of_three(independent)
    if errors == 0:
        return Estimate(measured.value, measured.low, max(measured.high, bound))
    if measured.value >= 1 - TINY:
        return Estimate(measured.value, min(measured.low, 1 - bound), measured.high)
    return measured


def bounded_share(measured: Estimate, independent: int) -> Estimate:
    """The same for a share that is no count of errors, such as an area or a mean of shares."""
    return bounded(measured, 0 if measured.value <= TINY else 1, independent)


def independent(first: NDArray[np.int64], second: NDArray[np.int64]) -> int:
    """How many independent trials a set of comparisons is: each person counts once.

    Of genuine comparisons every person makes one, of impostor comparisons every two people do. Who
    is in both kinds counts as one of genuine ones.
    """
    alone = np.unique(first[first == second])
    different = first != second
    others = np.unique(np.concatenate([first[different], second[different]]))
    return len(alone) + len(np.setdiff1d(others, alone)) // 2


def rule_of_three(independent: int) -> float:
    """The 95 % upper bound of a rate of which not one in N independent trials was seen.

    Source: Hanley and Lippman-Hand, If nothing goes wrong, is everything all right? (1983);
        ISO/IEC 19795-1, annex B.
    """
    return min(1.0, 3 / independent) if independent else 1.0
