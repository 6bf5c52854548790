"""False alarms against misses: the figures that follow from scores of two kinds.

In verification the two kinds are impostor and genuine comparisons, and the rates FMR and FNMR. In
open-set identification they are searches for strangers, with the best score of each, and searches
for enrolled people, with the score of the right candidate; the rates are FPIR and FNIR.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from vultus.errors import TooFewComparisons
from vultus.evaluation.metrics import weighed
from vultus.evaluation.metrics.curve import Curve, curve
from vultus.evaluation.metrics.estimate import (
    TINY,
    Estimate,
    bounded,
    bounded_share,
    estimate,
    rule_of_three,
)
from vultus.evaluation.metrics.levels import Floats, Levels, Order, Weights, above
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.metrics.scored import Scored, Supply, Unmeasured
from vultus.evaluation.metrics.spread import Spread, spread
from vultus.evaluation.metrics.trials import NOT_COMPARED


@dataclass(frozen=True, slots=True)
class Operating:
    """What a threshold costs that lets at most `target` of the false ones through.

    `false_alarms` is the rate that it does let through, `misses` the rate of the true ones that it
    refuses. The interval includes that other people would have led to another threshold.
    """

    target: float
    threshold: float
    false_alarms: float
    misses: Estimate


@dataclass(frozen=True, slots=True)
class TradeOff:
    """Figures of G genuine and I impostor trials; what is `undetected` has no score.

    `distinct` says how many of the impostor trials are not the same photo in another draw: rates
    are measured by these. `area` is that under the ROC. `at` holds the targets that could be
    measured, `unmeasured` those that could not.
    """

    genuine: int
    impostor: int
    distinct: int
    genuine_undetected: int
    impostor_undetected: int
    area: Estimate
    equal_error_rate: Estimate
    at: tuple[Operating, ...]
    unmeasured: tuple[Unmeasured, ...]
    curve: Curve
    spread: Spread

    def operating(self, target: float) -> Operating | None:
        """The figures at a target, if it could be measured."""
        return next((each for each in self.at if each.target == target), None)


def trade_off(scored: Scored, targets: Sequence[float], resampling: Resampling) -> TradeOff:
    """Measure everything, with intervals.

    Raises:
        TooFewComparisons: nothing of one kind has a score.
    """
    order, supply = _ordered(scored), scored.supply
    figures = figures_of(supply.measured(targets))
    replicates = _replicates(scored, order, figures, resampling)
    return trade_off_of(order.levels(), targets, replicates, supply)


def operating_points(
    scored: Scored, targets: Sequence[float], resampling: Resampling
) -> tuple[Operating, ...]:
    """The misses alone, at the targets that the data can show.

    Raises:
        TooFewComparisons: nothing of one kind has a score.
    """
    order, supply = _ordered(scored), scored.supply
    measured = supply.measured(targets)
    if not measured:
        return ()
    figures = [weighed.fnmr_at_fmr(each) for each in measured]
    replicates = _replicates(scored, order, figures, resampling)
    levels = order.levels()
    return tuple(
        operating(
            levels,
            target,
            estimate(float(figure(levels)[0]), replicates[:, k]),
            supply.genuine_people,
        )
        for k, (target, figure) in enumerate(zip(measured, figures, strict=True))
    )


def _ordered(scored: Scored) -> Order:
    for name, kind in (("genuine", scored.genuine), ("impostor", ~scored.genuine)):
        if not (scored.scores[kind] > NOT_COMPARED).any():
            raise TooFewComparisons(f"A rate of {name} comparisons", 0, 1)
    return Order(scored.scores, scored.genuine)


def _replicates(
    scored: Scored, order: Order, figures: Sequence[weighed.Figure], resampling: Resampling
) -> Floats:
    def statistic(weights: Weights) -> Floats:
        drawn = order.levels(weights)
        return np.stack([figure(drawn) for figure in figures], axis=1)

    return resampling.replicate(statistic, scored.first, scored.second)


def figures_of(measured: Sequence[float]) -> list[weighed.Figure]:
    """AUC, EER, and the misses at each of the targets that are measured."""
    return [weighed.area, weighed.equal_error_rate, *map(weighed.fnmr_at_fmr, measured)]


def trade_off_of(
    levels: Levels, targets: Sequence[float], replicates: Floats, supply: Supply
) -> TradeOff:
    """The figures of the first weighing of `levels`, with intervals.

    Where nothing went wrong, these end where the rule of three puts it.

    Args:
        levels: both kinds of trials.
        targets: rates of false alarms at which to measure misses.
        replicates: (B, K) the figures of `figures_of` the measured targets, in draws of people.
        supply: what there is to measure by.
    """
    measured = supply.measured(targets)
    values = [
        estimate(float(figure(levels)[0]), replicates[:, k])
        for k, figure in enumerate(figures_of(measured))
    ]
    rarer = min(supply.genuine_people, supply.impostor_people)
    genuine, impostor = (int(each[0]) for each in (levels.genuine_total, levels.impostor_total))
    return TradeOff(
        genuine=genuine,
        impostor=impostor,
        distinct=supply.distinct,
        genuine_undetected=int(genuine - levels.genuine.sum()),
        impostor_undetected=int(impostor - levels.impostor.sum()),
        area=bounded_share(values[0], rarer),
        equal_error_rate=_bounded_crossing(values[1], levels, supply),
        at=tuple(
            operating(levels, target, misses, supply.genuine_people)
            for target, misses in zip(measured, values[2:], strict=True)
        ),
        unmeasured=supply.unmeasured(targets),
        curve=curve(levels),
        spread=spread(levels),
    )


def _bounded_crossing(measured: Estimate, levels: Levels, supply: Supply) -> Estimate:
    """Where one of both errors was not seen at the crossing, it is bounded by its own people."""
    people = (supply.impostor_people, supply.genuine_people)
    rates = weighed.errors_at_crossing(levels)
    bounds = [rule_of_three(n) for rate, n in zip(rates, people, strict=True) if rate[0] <= TINY]
    return replace(measured, high=max(measured.high, *bounds)) if bounds else measured


def operating(levels: Levels, target: float, misses: Estimate, people: int) -> Operating:
    """The threshold of a target, and its costs; `people` bounds a rate of nothing missed."""
    place = int(weighed.first_at_fmr(levels, target)[0])
    # Just above the highest score that must be refused.
    threshold = float(above(levels.values[place - 1])) if place else -1.0
    errors = round(misses.value * float(levels.genuine_total[0]))
    false_alarms = float(levels.fmr()[0, place])
    return Operating(target, threshold, false_alarms, bounded(misses, errors, people))
