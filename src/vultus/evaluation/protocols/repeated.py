"""Searches in several galleries that were drawn from the same people, taken together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.evaluation.metrics.trials import NOT_COMPARED
from vultus.evaluation.protocols.hardest import MOST, Hard
from vultus.evaluation.protocols.plan import Plan, plan
from vultus.evaluation.protocols.searching import Fusion, Nearest, Searched, search
from vultus.evaluation.templates.table import TemplateTable


@dataclass(frozen=True, slots=True)
class Gallery:
    """What to enroll: how many `subjects`, up to how many `photos` of each, and how often drawn.

    `fusion` says how the photos of a subject become one score; `seed` makes the draws the same.
    """

    subjects: int
    photos: int = 1
    fusion: Fusion = Fusion.VULTUS
    draws: int = 5
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Repeated:
    """Each drawn gallery with what came of its searches."""

    gallery: Gallery
    people: NDArray[np.int64]
    table: TemplateTable
    plans: tuple[Plan, ...]
    searched: tuple[Searched, ...]

    @property
    def mated(self) -> NDArray[np.int64]:
        """The rows of all probes of enrolled people, draw by draw."""
        return np.concatenate([each.mated for each in self.plans])

    @property
    def strangers(self) -> NDArray[np.int64]:
        """The rows of all probes of strangers."""
        return np.concatenate([each.strangers for each in self.plans])

    @property
    def ranks(self) -> NDArray[np.int64]:
        """Of all probes of enrolled people."""
        return np.concatenate([each.ranks for each in self.searched])

    @property
    def own(self) -> NDArray[np.float32]:
        """Scores of the right subject where it came first, `NOT_COMPARED` otherwise."""
        return np.concatenate([each.hits for each in self.searched])

    @property
    def alarms(self) -> NDArray[np.float32]:
        """The best score of each probe of a stranger."""
        return np.concatenate([each.strangers.scores for each in self.searched])


def repeated(
    people: NDArray[np.int64], table: TemplateTable, gallery: Gallery, *, precisions: bool = False
) -> Repeated:
    """Draw galleries and search for everybody else's photos, and the further ones of theirs.

    Average precisions take long and are made for the first draw alone.

    Raises:
        TooFewComparisons: fewer people have two images than are to be enrolled.
    """
    rng = np.random.default_rng(gallery.seed)
    plans = [
        plan(people, table.found, gallery.subjects, gallery.photos, rng)
        for _ in range(gallery.draws)
    ]
    searched = [
        search(table.vectors, table.found, each, gallery.fusion, precisions=precisions and not draw)
        for draw, each in enumerate(plans)
    ]
    return Repeated(gallery, people, table, tuple(plans), tuple(searched))


def most_confused(several: Repeated, most: int = MOST) -> tuple[Hard, ...]:
    """Photos of enrolled people with the photo of somebody else who came first, worst first."""
    cases = [
        (float(searched.others.scores[probe] - searched.own[probe]), each, searched, probe)
        for each, searched in zip(several.plans, several.searched, strict=True)
        for probe in np.flatnonzero(
            (searched.others.scores >= searched.own) & (searched.own > NOT_COMPARED)
        )
    ]
    cases.sort(key=lambda case: -case[0])
    worst = [
        _case(several.table, each, each.mated, searched.others, int(probe))
        for _, each, searched, probe in cases
    ]
    return _once(worst, most)


def most_alarming(several: Repeated, most: int = MOST) -> tuple[Hard, ...]:
    """Photos of strangers with the photo of whom they were most similar to, worst first."""
    cases = [
        _case(several.table, each, each.strangers, searched.strangers, int(probe))
        for each, searched in zip(several.plans, several.searched, strict=True)
        for probe in np.argsort(-searched.strangers.scores, kind="stable")[:most]
    ]
    return _once(sorted(cases, key=lambda case: -case.similarity), most)


def _case(
    table: TemplateTable, drawn: Plan, rows: NDArray[np.int64], nearest: Nearest, probe: int
) -> Hard:
    place = nearest.places[probe]
    ends = np.append(drawn.starts, len(drawn.enrolled))
    photos = drawn.enrolled[ends[place] : ends[place + 1]]
    shown = photos[np.argmax(table.vectors[photos] @ table.vectors[rows[probe]])]
    return Hard(int(rows[probe]), int(shown), float(nearest.scores[probe]))


def _once(cases: list[Hard], most: int) -> tuple[Hard, ...]:
    """The first of each probe: another draw finds much the same."""
    firsts = {case.first: case for case in reversed(cases)}
    return tuple(case for case in cases if firsts[case.first] is case)[:most]
