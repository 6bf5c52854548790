"""Closed-set identification: everybody searched for is enrolled, and who is nearest counts.

Source: ISO/IEC 19795-1, closed-set identification.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.errors import TooFewComparisons
from vultus.evaluation.datasets.dataset import Dataset
from vultus.evaluation.metrics.estimate import Estimate, bounded, bounded_share, estimate
from vultus.evaluation.metrics.levels import Floats, Weights
from vultus.evaluation.metrics.ranks import Cmc, cmc, rank_rate
from vultus.evaluation.metrics.resampling import THOUSAND, Resampling
from vultus.evaluation.protocols.hardest import Hard
from vultus.evaluation.protocols.people import numbered
from vultus.evaluation.protocols.repeated import (
    Attempts,
    Gallery,
    Lists,
    Repeated,
    most_confused,
    repeated,
)
from vultus.evaluation.templates.table import TemplateTable

RANKS = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class RankRate:
    """Share of probes whose person is among the `rank` best candidates."""

    rank: int
    rate: Estimate


@dataclass(frozen=True, slots=True)
class Recognised:
    """Searches for `probes` photos, those of all draws of the gallery together.

    `enrolled` are the fewest and the most people in a gallery, `faceless` the most who could not be
    as no photo shows a face. `strict` counts photos without a
    face (`undetected`) as missed, `lenient` leaves them out; neither has ranks that everybody of so
    small a gallery reaches. `spread` is the standard deviation of the strict rank 1 rate over
    `draws` galleries. `attempts` are the searches with a face.
    """

    enrolled: tuple[int, int]
    faceless: int
    draws: int
    probes: int
    undetected: int
    strict: tuple[RankRate, ...]
    lenient: tuple[RankRate, ...]
    spread: float
    attempts: Attempts


@dataclass(frozen=True, slots=True)
class ClosedSet:
    """Who was recognised, and more that takes longer to tell.

    `mean_average_precision` and `cmc` are strict; the one is that of the first draw, and whoever
    shows no face in any photo has a precision of 0 in it. `confused` are probes with the photo of
    somebody else who came before the right person, and that one's score.
    """

    recognised: Recognised
    mean_average_precision: Estimate
    cmc: Cmc
    confused: tuple[Hard, ...]


def closed_set(
    dataset: Dataset,
    table: TemplateTable,
    gallery: Gallery | Lists,
    *,
    resampling: Resampling = THOUSAND,
) -> ClosedSet:
    """Enroll people with some of their photos, and search for the others.

    Intervals come from drawing the people searched for anew; the galleries stay as drawn.

    Raises:
        TooFewComparisons: fewer people have two images than are to be enrolled, or there is nobody
            to search for.
    """
    several = _searched(dataset, table, gallery, precisions=True)
    return ClosedSet(
        recognised=_recognised(several, resampling),
        mean_average_precision=_mean_precision(several, resampling),
        cmc=cmc(several.ranks, several.enrolled[1]),
        confused=most_confused(several),
    )


def recognised(
    dataset: Dataset,
    table: TemplateTable,
    gallery: Gallery | Lists,
    *,
    resampling: Resampling = THOUSAND,
) -> Recognised:
    """The rank rates alone, which is quicker; otherwise as `closed_set`."""
    return _recognised(_searched(dataset, table, gallery, precisions=False), resampling)


def _searched(
    dataset: Dataset, table: TemplateTable, gallery: Gallery | Lists, *, precisions: bool
) -> Repeated:
    people = numbered([image.subject for image in dataset.images])
    several = repeated(people, table, gallery, precisions=precisions)
    if not len(several.mated):
        raise TooFewComparisons("Identification", 0, 1, "searches for enrolled people")
    return several


def _recognised(several: Repeated, resampling: Resampling) -> Recognised:
    ranks, owners = several.ranks, several.people[several.mated]
    detected = several.table.found[several.mated]
    shown = [rank for rank in RANKS if rank == 1 or rank < several.enrolled[0]]
    return Recognised(
        enrolled=several.enrolled,
        faceless=several.faceless,
        draws=len(several.plans),
        probes=len(ranks),
        undetected=int((~detected).sum()),
        strict=_rates(ranks, owners, shown, resampling),
        lenient=_rates(ranks[detected], owners[detected], shown, resampling),
        spread=float(np.std([rank_rate(each.ranks, 1) for each in several.searched])),
        attempts=Attempts(several.mated[detected], owners[detected], ranks[detected] > 1),
    )


def _rates(
    ranks: NDArray[np.int64],
    owners: NDArray[np.int64],
    shown: Sequence[int],
    resampling: Resampling,
) -> tuple[RankRate, ...]:
    if not len(ranks):
        return ()
    found = np.array([ranks <= rank for rank in shown], np.float64).T
    replicates = _mean(found, owners, resampling)
    independent = len(np.unique(owners))
    return tuple(
        RankRate(rank, _bounded(found[:, k], replicates[:, k], independent))
        for k, rank in enumerate(shown)
    )


def _bounded(found: Floats, replicates: Floats, independent: int) -> Estimate:
    measured = estimate(float(found.mean()), replicates)
    return bounded(measured, int(found.sum()), independent)


def _mean_precision(several: Repeated, resampling: Resampling) -> Estimate:
    plan, found = several.plans[0], several.searched[0].precisions
    # Of a listed gallery not everybody is searched for.
    asked = np.isfinite(found)
    missed = np.intersect1d(plan.faceless, several.people[plan.mated])
    subjects = np.concatenate([plan.subjects[asked], missed])
    precisions = np.concatenate([found[asked], np.zeros(len(missed))])
    replicates = _mean(precisions[:, np.newaxis], subjects, resampling)
    return bounded_share(estimate(float(precisions.mean()), replicates[:, 0]), len(subjects))


def _mean(values: Floats, people: NDArray[np.int64], resampling: Resampling) -> Floats:
    """(replicates, K): weighted means of (N, K) values, each of one person."""

    def statistic(weights: Weights) -> Floats:
        means: Floats = (weights @ values) / weights.sum(axis=1, keepdims=True)
        return means

    return resampling.replicate(statistic, people, people)
