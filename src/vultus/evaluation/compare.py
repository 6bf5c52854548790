"""Which of two models is better on the same comparisons, by how much, and whether that is real."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vultus.errors import NotComparable, TooFewComparisons
from vultus.evaluation.gate import Guarded
from vultus.evaluation.metrics import weighed
from vultus.evaluation.metrics.folds import fold_accuracy
from vultus.evaluation.metrics.levels import Floats, Order, Weights
from vultus.evaluation.metrics.paired import Difference, differences
from vultus.evaluation.metrics.rates import least_comparisons
from vultus.evaluation.metrics.resampling import Resampling, Statistic
from vultus.evaluation.metrics.trials import Trials
from vultus.evaluation.report.evaluation import Evaluation

PART = "verification"
"""The part whose single comparisons a result keeps."""
RATES = (1e-2, 1e-3)
"""False match rates at which misses are compared, where the data can show them."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of both models, and what the change from the first to the second amounts to."""

    key: str
    title: str
    better: Literal["higher", "lower"]
    change: Difference

    @property
    def winner(self) -> Literal["first", "second", "neither"]:
        """Who is better, beyond chance."""
        if not self.change.real:
            return "neither"
        risen = self.change.difference.value > 0
        return "second" if risen == (self.better == "higher") else "first"


@dataclass(frozen=True, slots=True)
class Rivals:
    """Two models, by name, and their figures on the comparisons of one dataset."""

    first: str
    second: str
    dataset: str
    comparisons: int
    people: int
    figures: tuple[Compared, ...]

    @property
    def verdict(self) -> str:
        """Who is better, in a sentence."""
        won = {each.winner for each in self.figures} - {"neither"}
        if not won:
            return (
                f"No figure tells {self.first} and {self.second} apart: every difference may be "
                "chance. More people would tell more."
            )
        if len(won) == 2:
            return f"{self.first} is better by some figures and {self.second} by others."
        name, other = self.first, self.second
        if won == {"second"}:
            name, other = other, name
        real = [each.title for each in self.figures if each.winner != "neither"]
        return f"{name} is better than {other}, beyond chance, by: {', '.join(real)}."


def guarded(rivals: Rivals, allowed: float) -> tuple[Guarded, ...]:
    """The figures that a candidate, the second of the two, is held to.

    Not the area under the ROC, which moves with thresholds that nobody would use.
    """
    return tuple(
        Guarded(each.title, each.better, each.change, allowed)
        for each in rivals.figures
        if each.key != "auc"
    )


def compare_results(first: Evaluation, second: Evaluation, resampling: Resampling) -> Rivals:
    """Compare what two evaluations wrote down.

    Raises:
        NotComparable: they do not speak of the same pairs of the same dataset.
        TooFewComparisons: there are no pairs of one kind.
    """
    names = first.model.id, second.model.id
    if first.studied.version != second.studied.version:
        raise NotComparable(*names, "they were measured on different datasets, or versions of one")
    trials = [_trials(each, names) for each in (first, second)]
    return compare_trials(names, first.studied.name, trials[0], trials[1], resampling)


def compare_trials(
    names: tuple[str, str], dataset: str, first: Trials, second: Trials, resampling: Resampling
) -> Rivals:
    """Compare two models on the same pairs.

    Raises:
        NotComparable: these are not the same pairs.
        TooFewComparisons: there are none of one kind.
    """
    if not first.same_as(second):
        raise NotComparable(*names, "they verified different pairs")
    genuine = int(first.genuine.sum())
    if not 0 < genuine < len(first):
        raise TooFewComparisons("A difference", min(genuine, len(first) - genuine), 1)
    impostors = len(first) - genuine
    wanted = _wanted(len(np.unique(first.folds)), impostors)
    statistics = _statistic(first, wanted), _statistic(second, wanted)
    changes = differences(first, second, statistics, resampling)
    figures = tuple(
        Compared(key, title, better, change)
        for (key, title, better), change in zip(wanted, changes, strict=True)
    )
    return Rivals(*names, dataset, len(first), first.subjects, figures)


Wanted = tuple[str, str, Literal["higher", "lower"]]
"""Key, title and direction of a figure."""


def _wanted(folds: int, impostors: int) -> Sequence[Wanted]:
    accuracy: list[Wanted] = [("accuracy", f"Accuracy over {folds} folds", "higher")]
    return [
        *(accuracy if folds > 1 else []),
        *(
            (f"fnmr@fmr={rate:g}", f"FNMR at FMR {100 * rate:g} %", "lower")
            for rate in RATES
            if impostors >= least_comparisons(rate)
        ),
        ("eer", "Equal error rate", "lower"),
        ("auc", "Area under the ROC", "higher"),
    ]


def _statistic(trials: Trials, wanted: Sequence[Wanted]) -> Statistic:
    order, accuracy = Order(trials.scores, trials.genuine), fold_accuracy(trials)
    figures: dict[str, weighed.Figure] = {"eer": weighed.equal_error_rate, "auc": weighed.area}
    figures |= {f"fnmr@fmr={rate:g}": weighed.fnmr_at_fmr(rate) for rate in RATES}

    def statistic(weights: Weights) -> Floats:
        levels = order.levels(weights)
        columns = [
            accuracy(weights)[:, 0] if key == "accuracy" else figures[key](levels)
            for key, _, _ in wanted
        ]
        return np.stack(columns, axis=1)

    return statistic


def _trials(result: Evaluation, names: tuple[str, str]) -> Trials:
    part = result.part(PART)
    if part is None or part.comparisons is None:
        raise NotComparable(
            *names, f"the result of {result.model.id} holds no verification of pairs"
        )
    return part.comparisons.trials
