"""False alarms against misses: the figures that follow from scores of two kinds.

In verification the two kinds are impostor and genuine comparisons, and the rates FMR and FNMR. In
open-set identification they are searches for strangers, with the best score of each, and searches
for enrolled people, with the score of the right candidate; the rates are FPIR and FNIR.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.errors import TooFewComparisons
from vultus.evaluation.metrics import weighed
from vultus.evaluation.metrics.curve import Curve, curve
from vultus.evaluation.metrics.estimate import Estimate, bounded, estimate
from vultus.evaluation.metrics.levels import Floats, Levels, Order, Weights, above
from vultus.evaluation.metrics.rates import least_comparisons
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.metrics.spread import Spread, spread


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
class Unmeasured:
    """A rate that the data cannot show: it takes `needed` comparisons and there are fewer."""

    target: float
    comparisons: int
    needed: int

    @property
    def error(self) -> TooFewComparisons:
        """The same as an error."""
        return TooFewComparisons(f"A rate of {self.target:g}", self.comparisons, self.needed)


@dataclass(frozen=True, slots=True)
class TradeOff:
    """Figures of G genuine and I impostor trials; what is `undetected` has no score.

    `area` is that under the ROC. `at` holds the targets that could be measured, `unmeasured` those
    that could not.
    """

    genuine: int
    impostor: int
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


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """N trials: their scores (N,), which are genuine (N,), and the people that each depends on."""

    scores: NDArray[np.float32]
    genuine: NDArray[np.bool_]
    first: NDArray[np.int64]
    second: NDArray[np.int64]


def trade_off(scored: Scored, targets: Sequence[float], resampling: Resampling) -> TradeOff:
    """Measure everything, with intervals.

    Raises:
        TooFewComparisons: nothing of one kind has a score.
    """
    order = Order(scored.scores, scored.genuine)
    levels = order.levels()
    for name, weights in (("genuine", levels.genuine), ("impostor", levels.impostor)):
        if not weights.any():
            raise TooFewComparisons(f"A rate of {name} comparisons", 0, 1)
    impostors = int(levels.impostor_total[0])
    measured = [each for each in targets if impostors >= least_comparisons(each)]
    figures = [weighed.area, weighed.equal_error_rate, *map(weighed.fnmr_at_fmr, measured)]

    def statistic(weights: Weights) -> Floats:
        drawn = order.levels(weights)
        return np.stack([figure(drawn) for figure in figures], axis=1)

    replicates = resampling.replicate(statistic, scored.first, scored.second)
    values = [
        estimate(float(figure(levels)[0]), replicates[:, k]) for k, figure in enumerate(figures)
    ]
    people = len(np.unique(scored.first[scored.genuine]))
    return TradeOff(
        genuine=int(levels.genuine_total[0]),
        impostor=impostors,
        genuine_undetected=int(levels.genuine_total[0] - levels.genuine.sum()),
        impostor_undetected=int(impostors - levels.impostor.sum()),
        area=values[0],
        equal_error_rate=values[1],
        at=tuple(
            operating(levels, target, misses, people)
            for target, misses in zip(measured, values[2:], strict=True)
        ),
        unmeasured=unmeasured(targets, impostors),
        curve=curve(levels),
        spread=spread(levels),
    )


def operating(levels: Levels, target: float, misses: Estimate, people: int) -> Operating:
    """The threshold of a target, and its costs; `people` bounds a rate of nothing missed."""
    place = int(weighed.first_at_fmr(levels, target)[0])
    # Just above the highest score that must be refused.
    threshold = float(above(levels.values[place - 1])) if place else -1.0
    errors = round(misses.value * float(levels.genuine_total[0]))
    false_alarms = float(levels.fmr()[0, place])
    return Operating(target, threshold, false_alarms, bounded(misses, errors, people))


def unmeasured(targets: Sequence[float], impostors: int) -> tuple[Unmeasured, ...]:
    """The targets that so many impostor comparisons cannot show."""
    return tuple(
        Unmeasured(target, impostors, least_comparisons(target))
        for target in targets
        if impostors < least_comparisons(target)
    )
