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
from vultus.evaluation.metrics.trade_off import Scored, TradeOff, trade_off
from vultus.evaluation.protocols.hardest import Hard
from vultus.evaluation.protocols.people import numbered
from vultus.evaluation.protocols.repeated import Gallery, Repeated, most_alarming, repeated
from vultus.evaluation.templates.table import TemplateTable

RATES = (0.1, 0.01)
"""False positive identification rates at which misses are reported."""


@dataclass(frozen=True, slots=True)
class Alarms:
    """Decisions at a threshold that was chosen before."""

    threshold: float
    fpir: Estimate
    fnir: Estimate


@dataclass(frozen=True, slots=True)
class OpenSet:
    """Searches for enrolled people and for strangers, those of all draws together.

    `strict` and `lenient` are as in verification: their impostor comparisons are searches for
    strangers, their genuine ones searches for enrolled people, their rates FPIR and FNIR. A person
    who does not come first is missed at every threshold, and counts among the undetected of
    `strict`. `undetected` are photos without a face. `alarming` are strangers with the photo of
    whom they were most similar to.
    """

    gallery: Gallery
    undetected: int
    strict: TradeOff
    lenient: TradeOff
    decided: Alarms | None
    alarming: tuple[Hard, ...]


def open_set(
    dataset: Dataset,
    table: TemplateTable,
    gallery: Gallery,
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
    people = numbered([image.subject for image in dataset.images])
    several = repeated(people, table, gallery)
    scored, found = _scored(several)
    lenient = Scored(
        scored.scores[found], scored.genuine[found], scored.first[found], scored.second[found]
    )
    strict = trade_off(scored, rates, resampling)
    return OpenSet(
        gallery=gallery,
        undetected=int((~found).sum()),
        strict=strict,
        lenient=strict if found.all() else trade_off(lenient, rates, resampling),
        decided=None
        if threshold is None
        else Alarms(threshold, *rates_at(scored, threshold, resampling)),
        alarming=most_alarming(several),
    )


def _scored(several: Repeated) -> tuple[Scored, NDArray[np.bool_]]:
    """All searches, and which of them show a face."""
    rows = np.concatenate([several.mated, several.strangers])
    people = several.people[rows]
    scores = np.concatenate([several.own, several.alarms])
    genuine = np.arange(len(rows)) < len(several.mated)
    return Scored(scores, genuine, people, people), several.table.found[rows]
