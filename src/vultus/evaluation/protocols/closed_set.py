"""Closed-set identification: everybody searched for is enrolled, and who is nearest counts.

Source: ISO/IEC 19795-1, closed-set identification.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.evaluation.datasets.dataset import Dataset
from vultus.evaluation.metrics.estimate import Estimate, bounded, estimate
from vultus.evaluation.metrics.levels import Floats, Weights
from vultus.evaluation.metrics.ranks import Cmc, cmc, rank_rate
from vultus.evaluation.metrics.resampling import THOUSAND, Resampling
from vultus.evaluation.protocols.hardest import Hard
from vultus.evaluation.protocols.people import numbered
from vultus.evaluation.protocols.repeated import Gallery, Repeated, most_confused, repeated
from vultus.evaluation.templates.table import TemplateTable

RANKS = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class RankRate:
    """Share of probes whose person is among the `rank` best candidates."""

    rank: int
    rate: Estimate


@dataclass(frozen=True, slots=True)
class ClosedSet:
    """Searches for `probes` photos, those of all draws of the gallery together.

    `strict` counts photos without a face (`undetected`) as missed, like `cmc` and
    `mean_average_precision`; `lenient` leaves them out. `spread` is the standard deviation of the
    strict rank 1 rate over the draws. `confused` are probes with the photo of somebody else who
    came before the right person, and that one's score. The mean average precision is that of the
    first draw.
    """

    gallery: Gallery
    probes: int
    undetected: int
    strict: tuple[RankRate, ...]
    lenient: tuple[RankRate, ...]
    spread: float
    mean_average_precision: Estimate
    cmc: Cmc
    confused: tuple[Hard, ...]


def closed_set(
    dataset: Dataset,
    table: TemplateTable,
    gallery: Gallery,
    *,
    resampling: Resampling = THOUSAND,
) -> ClosedSet:
    """Enroll people with some of their photos, and search for the others.

    Intervals come from drawing the people searched for anew; the galleries stay as drawn.

    Raises:
        TooFewComparisons: fewer people have two images than are to be enrolled.
    """
    people = numbered([image.subject for image in dataset.images])
    several = repeated(people, table, gallery, precisions=True)
    ranks, owners = several.ranks, people[several.mated]
    detected = table.found[several.mated]
    return ClosedSet(
        gallery=gallery,
        probes=len(ranks),
        undetected=int((~detected).sum()),
        strict=_rates(ranks, owners, resampling),
        lenient=_rates(ranks[detected], owners[detected], resampling),
        spread=float(np.std([rank_rate(each.ranks, 1) for each in several.searched])),
        mean_average_precision=_mean_precision(several, resampling),
        cmc=cmc(ranks, gallery.subjects),
        confused=most_confused(several),
    )


def _rates(
    ranks: NDArray[np.int64], owners: NDArray[np.int64], resampling: Resampling
) -> tuple[RankRate, ...]:
    found = np.array([ranks <= rank for rank in RANKS], np.float64).T
    replicates = _mean(found, owners, resampling)
    independent = len(np.unique(owners))
    return tuple(
        RankRate(rank, _bounded(found[:, k], replicates[:, k], independent))
        for k, rank in enumerate(RANKS)
    )


def _bounded(found: Floats, replicates: Floats, independent: int) -> Estimate:
    measured = estimate(float(found.mean()), replicates)
    return bounded(measured, int(found.sum()), independent)


def _mean_precision(several: Repeated, resampling: Resampling) -> Estimate:
    precisions, subjects = several.searched[0].precisions, several.plans[0].subjects
    replicates = _mean(precisions[:, np.newaxis], subjects, resampling)
    return estimate(float(precisions.mean()), replicates[:, 0])


def _mean(values: Floats, people: NDArray[np.int64], resampling: Resampling) -> Floats:
    """(replicates, K): weighted means of (N, K) values, each of one person."""

    def statistic(weights: Weights) -> Floats:
        means: Floats = (weights @ values) / weights.sum(axis=1, keepdims=True)
        return means

    return resampling.replicate(statistic, people, people)
