"""Whether one model is better than another on the same comparisons."""

from dataclasses import dataclass

import numpy as np

from vultus.errors import InvalidValue
from vultus.evaluation.metrics.estimate import DIFFERENCE, Estimate, estimate
from vultus.evaluation.metrics.resampling import Resampling, Statistic
from vultus.evaluation.metrics.trials import Trials


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of one model, of another, and the second less the first with its interval.

    `chance` is the two-sided p-value of the bootstrap: how often drawing other people would make
    the difference vanish or turn. It is never below 1 / (replicates + 1).
    """

    first: float
    second: float
    difference: Estimate
    chance: float

    @property
    def real(self) -> bool:
        """Whether zero lies outside the 95 % interval."""
        return self.difference.low > 0 or self.difference.high < 0


def differences(
    first: Trials,
    second: Trials,
    statistics: tuple[Statistic, Statistic],
    resampling: Resampling,
) -> tuple[Difference, ...]:
    """Compare K figures of two models; both are weighed with the same draws of people.

    Args:
        first: the comparisons as one model made them.
        second: the same comparisons as another made them.
        statistics: the figures from weights, of the first and of the second.
        resampling: how often people are drawn.

    Raises:
        InvalidValue: these are not the same comparisons.
    """
    if not first.same_as(second):
        raise InvalidValue("trials", "the two models did not compare the same images")
    ones = np.ones((1, len(first)))
    values = [statistic(ones)[0] for statistic in statistics]
    drawn = [resampling.replicate(statistic, first.first, first.second) for statistic in statistics]
    gaps = drawn[1] - drawn[0]
    return tuple(
        Difference(
            float(one),
            float(other),
            estimate(float(other - one), gaps[:, k], DIFFERENCE),
            _chance(gaps[:, k]),
        )
        for k, (one, other) in enumerate(zip(*values, strict=True))
    )


def _chance(gaps: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    known = gaps[np.isfinite(gaps)]
    turned = min((known <= 0).sum(), (known >= 0).sum())
    return float(min(1.0, 2 * (turned + 1) / (len(known) + 1)))
