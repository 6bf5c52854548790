"""Searches in several galleries that were drawn from the same people, taken together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.evaluation.metrics.trials import NOT_COMPARED
from vultus.evaluation.protocols.hardest import MOST, Hard
from vultus.evaluation.protocols.plan import Plan, listed_plan, plan
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

    def plans(self, people: NDArray[np.int64], found: NDArray[np.bool_]) -> tuple[Plan, ...]:
        """Draw (N,) images' people, with as many photos that show a face, into galleries.

        Raises:
            TooFewComparisons: fewer people have two images than are to be enrolled.
        """
        rng = np.random.default_rng(self.seed)
        draws = range(self.draws)
        return tuple(plan(people, found, self.subjects, self.photos, rng) for _ in draws)


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """A gallery that somebody listed, and what to search for in it: rows of images."""

    enrolled: NDArray[np.int64]
    probes: NDArray[np.int64]
    fusion: Fusion = Fusion.VULTUS

    def plans(self, people: NDArray[np.int64], found: NDArray[np.bool_]) -> tuple[Plan, ...]:
        """The one plan of these lists.

        Raises:
            TooFewComparisons: no photo to enroll shows a face.
        """
        return (listed_plan(people, found, self.enrolled, self.probes),)


@dataclass(frozen=True, slots=True, eq=False)
class Attempts:
    """N searches of one kind: rows of the photos (N,), the people shown, and what went wrong."""

    rows: NDArray[np.int64]
    people: NDArray[np.int64]
    wrong: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Repeated:
    """Each gallery with what came of its searches."""

    people: NDArray[np.int64]
    table: TemplateTable
    plans: tuple[Plan, ...]
    searched: tuple[Searched, ...]

    @property
    def enrolled(self) -> tuple[int, int]:
        """The fewest and the most people in a gallery: who shows a face in some photo."""
        counts = [len(each.subjects) for each in self.plans]
        return min(counts), max(counts)

    @property
    def faceless(self) -> int:
        """The most people of a gallery who could not be enrolled, as no photo shows a face."""
        return max(len(each.faceless) for each in self.plans)

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
    people: NDArray[np.int64],
    table: TemplateTable,
    gallery: Gallery | Lists,
    *,
    precisions: bool = False,
) -> Repeated:
    """Search in galleries for everybody else's photos, and the further ones of theirs.

    Average precisions take long and are made for the first gallery alone.

    Raises:
        TooFewComparisons: fewer people have two images than are to be enrolled, or none of the
            listed photos shows a face.
    """
    plans = gallery.plans(people, table.found)
    searched = [
        search(table.vectors, table.found, each, gallery.fusion, precisions=precisions and not draw)
        for draw, each in enumerate(plans)
    ]
    return Repeated(people, table, plans, tuple(searched))


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
