"""Error rates of groups, and how far the groups are apart."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.evaluation.metrics.binning import Grouping
from vultus.evaluation.metrics.estimate import (
    DIFFERENCE,
    Estimate,
    bounded,
    estimate,
    independent,
)
from vultus.evaluation.metrics.levels import Floats, Weights
from vultus.evaluation.metrics.resampling import Resampling, Statistic

LEAST = 30
"""With fewer comparisons a group has no rate."""


@dataclass(frozen=True, slots=True)
class GroupRate:
    """A share of `comparisons`; None where these are too few to speak of a rate."""

    label: str
    comparisons: int
    rate: Estimate | None


@dataclass(frozen=True, slots=True)
class Gap:
    """How much higher the rate of group `highest` is than that of `lowest`."""

    lowest: str
    highest: str
    difference: Estimate


@dataclass(frozen=True, slots=True)
class GroupRates:
    """One rate by group; `gap` is None where fewer than two groups have one.

    `gap` compares the two groups that lie furthest apart, so that with many groups some gap is
    always found: look whether its interval is far from zero.
    """

    groups: tuple[GroupRate, ...]
    gap: Gap | None


def group_rates(
    wrong: NDArray[np.bool_],
    grouping: Grouping,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    resampling: Resampling,
) -> GroupRates:
    """Share of what went wrong, by group.

    Args:
        wrong: (N,) errors among things of one kind: genuine comparisons, or impostor ones, or
            searches.
        grouping: of these N.
        first: (N,) one person that each depends on.
        second: (N,) the other; the same where there is but one.
        resampling: how often people are drawn.
    """
    members = [grouping.places == number for number in range(len(grouping.labels))]
    replicates = resampling.replicate(_rates(wrong, members), first, second)
    rated = [
        _rate(label, wrong[own], replicates[:, k], independent(first[own], second[own]))
        for k, (label, own) in enumerate(zip(grouping.labels, members, strict=True))
    ]
    return GroupRates(tuple(rated), _gap(rated, replicates))


def _rates(wrong: NDArray[np.bool_], members: list[NDArray[np.bool_]]) -> Statistic:
    # A product of matrices weighs all groups at once.
    mine = np.array(members, np.float64).reshape(len(members), len(wrong)).T
    errors = mine * wrong[:, np.newaxis]

    def statistic(weights: Weights) -> Floats:
        rates: Floats = (weights @ errors) / (weights @ mine)
        return rates

    return statistic


def _rate(label: str, wrong: NDArray[np.bool_], replicates: Floats, trials: int) -> GroupRate:
    if len(wrong) < LEAST:
        return GroupRate(label, len(wrong), None)
    measured = estimate(float(wrong.mean()), replicates)
    rate = bounded(measured, int(wrong.sum()), min(trials, len(wrong)))
    return GroupRate(label, len(wrong), rate)


def _gap(groups: list[GroupRate], replicates: Floats) -> Gap | None:
    rated = [(each.rate.value, k) for k, each in enumerate(groups) if each.rate]
    if len(rated) < 2:
        return None
    (low, lowest), (high, highest) = min(rated), max(rated)
    drawn = replicates[:, highest] - replicates[:, lowest]
    difference = estimate(high - low, drawn, DIFFERENCE)
    least, most = (_widened(groups[k].rate, replicates[:, k]) for k in (lowest, highest))
    sure = Estimate(
        difference.value,
        max(difference.low - least.up - most.down, -1.0),
        min(difference.high + least.down + most.up, 1.0),
    )
    return Gap(groups[lowest].label, groups[highest].label, sure)


@dataclass(frozen=True, slots=True)
class _Widened:
    """How much wider than its bootstrap the interval of a rate is, to either side."""

    down: float
    up: float


def _widened(rate: Estimate | None, replicates: Floats) -> _Widened:
    """A group in which nothing went wrong is known no better beside another than alone."""
    if rate is None:
        return _Widened(0.0, 0.0)
    drawn = estimate(rate.value, replicates)
    return _Widened(drawn.low - rate.low, rate.high - drawn.high)
