"""Verification: two images are compared, and the answer is yes or no.

Source: ISO/IEC 19795-1; for the folds, the View 2 protocol of Labeled Faces in the Wild (2007).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vultus.errors import TooFewComparisons
from vultus.evaluation.datasets.dataset import Dataset, Pair
from vultus.evaluation.metrics.confusion import Confusion, confusion
from vultus.evaluation.metrics.decided import rates_at
from vultus.evaluation.metrics.estimate import Estimate
from vultus.evaluation.metrics.folds import FoldAccuracy, accuracy_over_folds
from vultus.evaluation.metrics.resampling import THOUSAND, Resampling
from vultus.evaluation.metrics.scored import Scored
from vultus.evaluation.metrics.trade_off import TradeOff, trade_off
from vultus.evaluation.metrics.trials import NOT_COMPARED, Trials
from vultus.evaluation.protocols.cosines import cosines
from vultus.evaluation.protocols.hardest import Hard, hardest_genuine, hardest_impostors, undetected
from vultus.evaluation.protocols.people import numbered
from vultus.evaluation.templates.table import TemplateTable

RATES = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
"""False match rates at which misses are reported, where the data can show them."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Decisions at a threshold that was chosen before."""

    confusion: Confusion
    fmr: Estimate
    fnmr: Estimate


@dataclass(frozen=True, slots=True)
class Verification:
    """Everything about N comparisons.

    `strict` counts an image without a face as one that matches nothing, `lenient` leaves its
    comparisons out; `accuracy` and `decided` are strict. `accuracy` is None without folds,
    `decided` without a threshold. `undetected` are rows of images.
    """

    strict: TradeOff
    lenient: TradeOff
    accuracy: FoldAccuracy | None
    lenient_accuracy: FoldAccuracy | None
    decided: Decided | None
    hardest_genuine: tuple[Hard, ...]
    hardest_impostors: tuple[Hard, ...]
    undetected: tuple[int, ...]


def pair_trials(
    dataset: Dataset, table: TemplateTable, pairs: Sequence[Pair] | None = None
) -> Trials:
    """Compare the images of pairs: those that the dataset comes with, or others of its images."""
    chosen = dataset.pairs if pairs is None else pairs
    rows = np.array([(pair.first, pair.second) for pair in chosen], np.int64).reshape(-1, 2)
    people = numbered([image.subject for image in dataset.images])
    first, second = rows.T
    compared = table.found[first] & table.found[second]
    scores = np.where(compared, cosines(table.vectors, first, second), NOT_COMPARED)
    folds = np.array([pair.fold for pair in chosen], np.int64)
    return Trials(scores, people[first], people[second], rows, folds)


def verify(
    trials: Trials,
    *,
    threshold: float | None = None,
    rates: Sequence[float] = RATES,
    resampling: Resampling = THOUSAND,
) -> Verification:
    """Measure comparisons, strictly and leniently.

    Raises:
        TooFewComparisons: there are none of one kind.
    """
    if not len(trials):
        raise TooFewComparisons("Verification", 0, 1)
    strict, accuracy = trade_off(_scored(trials), rates, resampling), _accuracy(trials, resampling)
    lenient = trials.lenient()
    all_compared = len(lenient) == len(trials)
    return Verification(
        strict=strict,
        lenient=strict if all_compared else trade_off(_scored(lenient), rates, resampling),
        accuracy=accuracy,
        lenient_accuracy=accuracy if all_compared else _accuracy(lenient, resampling),
        decided=None if threshold is None else decide(trials, threshold, resampling),
        hardest_genuine=hardest_genuine(trials),
        hardest_impostors=hardest_impostors(trials),
        undetected=undetected(trials),
    )


def decide(trials: Trials, threshold: float, resampling: Resampling) -> Decided:
    """Count the decisions at a threshold, and give the two rates their intervals."""
    genuine = trials.genuine
    counts = confusion(trials.scores[genuine], trials.scores[~genuine], threshold)
    return Decided(counts, *rates_at(_scored(trials), threshold, resampling))


def _scored(trials: Trials) -> Scored:
    return Scored(trials.scores, trials.genuine, trials.first, trials.second)


def _accuracy(trials: Trials, resampling: Resampling) -> FoldAccuracy | None:
    if len(np.unique(trials.folds)) < 2:
        return None
    return accuracy_over_folds(trials, resampling)
