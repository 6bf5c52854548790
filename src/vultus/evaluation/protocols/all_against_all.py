"""Verification with every image against every other one.

It takes few photos to make many comparisons: 13,233 give 87.5 million, enough for a false match
rate of one in a million.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vultus.errors import TooFewComparisons
from vultus.evaluation.datasets.dataset import Dataset
from vultus.evaluation.metrics import weighed
from vultus.evaluation.metrics.confusion import Confusion
from vultus.evaluation.metrics.estimate import bounded, estimate
from vultus.evaluation.metrics.levels import Floats, Levels
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.metrics.scored import Supply
from vultus.evaluation.metrics.trade_off import TradeOff, trade_off_of
from vultus.evaluation.protocols.everyone import Everyone, compare_everyone
from vultus.evaluation.protocols.hardest import MOST, Hard, hardest_genuine
from vultus.evaluation.protocols.impostors import Impostors
from vultus.evaluation.protocols.pairs import RATES, Decided, Verification
from vultus.evaluation.protocols.people import numbered
from vultus.evaluation.protocols.redrawn import Redrawn
from vultus.evaluation.templates.table import TemplateTable

HUNDREDS = Resampling(200)
"""Draws; more take minutes, and the percentiles of 200 are steady enough."""


@dataclass(frozen=True, slots=True)
class _Side:
    trade_off: TradeOff
    decided: Decided | None


def all_against_all(
    dataset: Dataset,
    table: TemplateTable,
    *,
    threshold: float | None = None,
    rates: Sequence[float] = RATES,
    resampling: Resampling = HUNDREDS,
) -> Verification:
    """Compare each image of a dataset with each other one.

    Of impostor comparisons every count is exact. Thresholds below the two million highest scores
    are known to 0.00001. The interval of the AUC, and of rates that take more than half of these
    scores, comes from the people of the genuine comparisons alone.

    Args:
        dataset: at least two people, and two images of one.
        table: the templates of its images.
        threshold: at which to count decisions.
        rates: false match rates at which to measure misses.
        resampling: of the people, for the intervals.

    Raises:
        TooFewComparisons: nothing of one kind could be compared.
    """
    people = numbered([image.subject for image in dataset.images])
    everyone = compare_everyone(table.vectors, people, table.found)
    return measure_everyone(everyone, threshold=threshold, rates=rates, resampling=resampling)


def measure_everyone(
    everyone: Everyone,
    *,
    threshold: float | None = None,
    rates: Sequence[float] = RATES,
    resampling: Resampling = HUNDREDS,
) -> Verification:
    """Measure comparisons that have been made.

    Raises:
        TooFewComparisons: there are none of one kind.
    """
    if not len(everyone.genuine) or not everyone.impostors.total:
        raise TooFewComparisons("A rate of comparing everyone with everyone", 0, 1)
    strict = lenient = _side(everyone, threshold, rates, resampling, strict=True)
    if not everyone.found.all():
        lenient = _side(everyone, None, rates, resampling, strict=False)
    return Verification(
        strict=strict.trade_off,
        lenient=lenient.trade_off,
        accuracy=None,
        lenient_accuracy=None,
        decided=strict.decided,
        hardest_genuine=hardest_genuine(everyone.genuine),
        hardest_impostors=_hardest(everyone.impostors),
        undetected=tuple(np.flatnonzero(~everyone.found).tolist()),
    )


def _side(
    everyone: Everyone,
    threshold: float | None,
    rates: Sequence[float],
    resampling: Resampling,
    *,
    strict: bool,
) -> _Side:
    levels = everyone.levels(strict=strict)
    supply = _supply(everyone, levels)
    redrawn = Redrawn(everyone, levels, strict=strict)
    replicates = redrawn.replicate(supply.measured(rates), threshold, resampling)
    return _Side(
        trade_off_of(levels, rates, replicates, supply),
        None if threshold is None else _decided(levels, threshold, replicates[:, -2:], supply),
    )


def _supply(everyone: Everyone, levels: Levels) -> Supply:
    known = np.unique(everyone.people[everyone.found])
    mated = np.unique(everyone.genuine.first)
    return Supply(int(levels.impostor_total[0]), len(mated), len(known) // 2)


def _decided(levels: Levels, threshold: float, replicates: Floats, supply: Supply) -> Decided:
    fmr, fnmr = (float(each(threshold)(levels)[0]) for each in (weighed.fmr_at, weighed.fnmr_at))
    genuine, impostors = (int(each[0]) for each in (levels.genuine_total, levels.impostor_total))
    accepted, missed = round(fmr * impostors), round(fnmr * genuine)
    return Decided(
        Confusion(threshold, genuine - missed, accepted, missed, impostors - accepted),
        bounded(estimate(fmr, replicates[:, 0]), accepted, supply.impostor_people),
        bounded(estimate(fnmr, replicates[:, 1]), missed, supply.genuine_people),
    )


def _hardest(impostors: Impostors) -> tuple[Hard, ...]:
    return tuple(
        Hard(int(first), int(second), float(score))
        for first, second, score in zip(
            impostors.first[:MOST], impostors.second[:MOST], impostors.scores[:MOST], strict=True
        )
    )
