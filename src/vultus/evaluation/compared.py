"""The figures by which two models are compared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vultus.evaluation.gate import Better
from vultus.evaluation.metrics import weighed
from vultus.evaluation.metrics.estimate import Estimate
from vultus.evaluation.metrics.folds import fold_accuracy
from vultus.evaluation.metrics.levels import Floats, Order, Weights
from vultus.evaluation.metrics.paired import Difference, differences
from vultus.evaluation.metrics.rates import least_comparisons
from vultus.evaluation.metrics.resampling import Resampling, Statistic
from vultus.evaluation.metrics.trials import Trials
from vultus.evaluation.metrics.unpaired import unpaired_difference
from vultus.evaluation.report.evaluation import Evaluation

RATES = (1e-2, 1e-3)
"""False match rates at which misses are compared, where the data can show them."""
OWN_FMR, OWN_FNMR = "fmr@threshold", "fnmr@threshold"


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of both models, and what the change from the first to the second amounts to.

    `paired` says that both were weighed with the same draws of people; otherwise only the interval
    of each was known.
    """

    key: str
    title: str
    better: Better
    change: Difference
    paired: bool = True

    @property
    def winner(self) -> Literal["first", "second", "neither"]:
        """Who is better, beyond chance."""
        if not self.change.real:
            return "neither"
        risen = self.change.difference.value > 0
        return "second" if risen == (self.better == "higher") else "first"


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """What a model made of the pairs, and from which similarity on it accepts one, if it says."""

    trials: Trials
    threshold: float | None


def paired_figures(first: Side, second: Side, resampling: Resampling) -> tuple[Compared, ...]:
    """What follows from the same pairs, both models weighed with the same draws of people."""
    decided = first.threshold is not None and second.threshold is not None
    wanted = tuple(_wanted(first.trials, decided=decided))
    statistics = _statistic(first, wanted), _statistic(second, wanted)
    changes = differences(first.trials, second.trials, statistics, resampling)
    return tuple(
        Compared(key, title, better, change)
        for (key, title, better), change in zip(wanted, changes, strict=True)
    )


Wanted = tuple[str, str, Better]
"""Key, title and direction of a figure."""

CARRIED: tuple[tuple[str, Wanted], ...] = (
    ("verification", ("calibration.ece", "Calibration error (ECE)", "lower")),
    ("closed_set", ("closed_set.rank1", "Recognition rate (rank 1)", "higher")),
    ("open_set", ("open_set.fnir@fpir=0.1", "FNIR at FPIR 10 %", "lower")),
    ("open_set", ("open_set.fnir@fpir=0.01", "FNIR at FPIR 1 %", "lower")),
)
"""Figures of which results keep the interval alone, by part."""


def carried_figures(first: Evaluation, second: Evaluation) -> Iterator[Compared]:
    """What both results carry with an interval."""
    for part, (key, title, better) in CARRIED:
        one, other = (_carried(each, part, key) for each in (first, second))
        if one and other:
            yield Compared(key, title, better, unpaired_difference(one, other), paired=False)


def _carried(result: Evaluation, name: str, key: str) -> Estimate | None:
    part = result.part(name)
    figure = part.figure(key) if part else None
    if figure is None or figure.value is None or figure.low is None or figure.high is None:
        return None
    return Estimate(figure.value, figure.low, figure.high)


def _wanted(trials: Trials, *, decided: bool) -> Iterator[Wanted]:
    folds, impostors = len(np.unique(trials.folds)), int((~trials.genuine).sum())
    if folds > 1:
        yield "accuracy", f"Accuracy over {folds} folds", "higher"
    for rate in RATES:
        if impostors >= least_comparisons(rate):
            yield f"fnmr@fmr={rate:g}", f"FNMR at FMR {100 * rate:g} %", "lower"
    yield "eer", "Equal error rate", "lower"
    yield "auc", "Area under the ROC", "higher"
    if decided:
        yield OWN_FMR, "FMR at its own threshold", "lower"
        yield OWN_FNMR, "FNMR at its own threshold", "lower"


def _statistic(side: Side, wanted: Sequence[Wanted]) -> Statistic:
    trials = side.trials
    order, accuracy = Order(trials.scores, trials.genuine), fold_accuracy(trials)
    figures: dict[str, weighed.Figure] = {"eer": weighed.equal_error_rate, "auc": weighed.area}
    figures |= {f"fnmr@fmr={rate:g}": weighed.fnmr_at_fmr(rate) for rate in RATES}
    if side.threshold is not None:
        figures[OWN_FMR] = weighed.fmr_at(side.threshold)
        figures[OWN_FNMR] = weighed.fnmr_at(side.threshold)

    def statistic(weights: Weights) -> Floats:
        levels = order.levels(weights)
        columns = [
            accuracy(weights)[:, 0] if key == "accuracy" else figures[key](levels)
            for key, _, _ in wanted
        ]
        return np.stack(columns, axis=1)

    return statistic
