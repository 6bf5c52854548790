"""Open-set identification: some of those searched for are strangers, who should get no name.

Source: ISO/IEC 19795-1; NIST FRTE 1:N, FNIR(N, R=1, T).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.evaluation.datasets.dataset import Dataset
from vultus.evaluation.metrics.decided import rates_at
from vultus.evaluation.metrics.estimate import Estimate
from vultus.evaluation.metrics.resampling import THOUSAND, Resampling
from vultus.evaluation.metrics.scored import Scored
from vultus.evaluation.metrics.trade_off import (
    Operating,
    TradeOff,
    operating_points,
    trade_off,
)
from vultus.evaluation.protocols.hardest import Hard
from vultus.evaluation.protocols.people import numbered
from vultus.evaluation.protocols.repeated import (
    Attempts,
    Gallery,
    Lists,
    Repeated,
    most_alarming,
    repeated,
)
from vultus.evaluation.templates.table import TemplateTable

RATES = (0.1, 0.01)
"""False positive identification rates at which misses are reported."""
FEW = Resampling(200)
"""Draws for galleries that are shown beside the one of the report."""


@dataclass(frozen=True, slots=True)
class Alarms:
    """Decisions at a threshold that was chosen before."""

    threshold: float
    fpir: Estimate
    fnir: Estimate


@dataclass(frozen=True, slots=True)
class OpenSet:
    """Searches for enrolled people and for strangers, those of all draws together.

    `enrolled` are the fewest and the most people in a gallery, `faceless` the most who could not be
    as no photo shows a face, `undetected` searches for photos without one. `strict` and `lenient`
    are as in verification: their impostor comparisons are searches for strangers, their genuine
    ones searches for enrolled people, their rates FPIR and FNIR. A person who does not come first
    is missed at every threshold, and counts among the undetected of `strict`. `alarming` are
    strangers with the photo of whom they were most similar to. `misses` and `alarms` are the
    searches behind `decided`, without photos that show no face.
    """

    enrolled: tuple[int, int]
    faceless: int
    undetected: int
    strict: TradeOff
    lenient: TradeOff
    decided: Alarms | None
    alarming: tuple[Hard, ...]
    misses: Attempts | None
    alarms: Attempts | None


@dataclass(frozen=True, slots=True)
class OpenSetMisses:
    """What is missed at several FPIR, as far as the data can show them."""

    enrolled: tuple[int, int]
    at: tuple[Operating, ...]


def open_set(
    dataset: Dataset,
    table: TemplateTable,
    gallery: Gallery | Lists,
    *,
    threshold: float | None = None,
    rates: Sequence[float] = RATES,
    resampling: Resampling = THOUSAND,
) -> OpenSet:
    """Enroll people with some of their photos, and search for the others and for everybody else.

    Intervals come from drawing the people searched for anew; the galleries stay as drawn.

    Args:
        dataset: its images.
        table: their templates.
        gallery: what to enroll.
        threshold: at which to count decisions.
        rates: false positive identification rates at which to measure misses.
        resampling: of the people, for the intervals.

    Raises:
        TooFewComparisons: fewer people have two images than are to be enrolled, or nobody is left
            to be a stranger.
    """
    several = repeated(numbered([image.subject for image in dataset.images]), table, gallery)
    scored, found = _scored(several)
    strict = trade_off(scored, rates, resampling)
    return OpenSet(
        enrolled=several.enrolled,
        faceless=several.faceless,
        undetected=int((~found).sum()),
        strict=strict,
        lenient=strict if found.all() else trade_off(scored.only(found), rates, resampling),
        decided=None
        if threshold is None
        else Alarms(threshold, *rates_at(scored, threshold, resampling)),
        alarming=most_alarming(several),
        misses=None if threshold is None else _attempts(several, threshold, strangers=False),
        alarms=None if threshold is None else _attempts(several, threshold, strangers=True),
    )


def misses_at(
    dataset: Dataset,
    table: TemplateTable,
    gallery: Gallery | Lists,
    *,
    rates: Sequence[float] = RATES,
    resampling: Resampling = FEW,
) -> OpenSetMisses:
    """The misses alone, which is quicker: to see what other galleries would be like.

    Raises:
        TooFewComparisons: as for `open_set`.
    """
    several = repeated(numbered([image.subject for image in dataset.images]), table, gallery)
    scored, _ = _scored(several)
    return OpenSetMisses(several.enrolled, operating_points(scored, rates, resampling))


def _scored(several: Repeated) -> tuple[Scored, NDArray[np.bool_]]:
    """All searches, and which of them show a face."""
    rows = np.concatenate([several.mated, several.strangers])
    people = several.people[rows]
    scores = np.concatenate([several.own, several.alarms])
    genuine = np.arange(len(rows)) < len(several.mated)
    return Scored(scores, genuine, people, people, rows), several.table.found[rows]


def _attempts(several: Repeated, threshold: float, *, strangers: bool) -> Attempts:
    """Searches with a face, and which of them the threshold decides wrongly."""
    rows = several.strangers if strangers else several.mated
    named = (several.alarms if strangers else several.own) >= np.float32(threshold)
    found = several.table.found[rows]
    wrong = named if strangers else ~named
    return Attempts(rows[found], several.people[rows[found]], wrong[found])
