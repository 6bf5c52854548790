"""Searches: every probe is compared with every subject, some subjects at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vultus.domain.gallery import SubjectTemplates
from vultus.domain.subject import Subject
from vultus.domain.template import LEAST_NORM
from vultus.evaluation.metrics.ranks import NOT_FOUND, average_precisions
from vultus.evaluation.metrics.trials import NOT_COMPARED
from vultus.evaluation.protocols.plan import Plan
from vultus.matching.subjects import subject_similarities

SUBJECTS = 512
"""Compared with all probes at once: 4 bytes for each probe and subject."""

Vectors = NDArray[np.float32]
Score = Callable[[Vectors, SubjectTemplates], Vectors]
"""(P, D) probes and the templates of S subjects to (P, S) scores."""


class Fusion(StrEnum):
    """How several templates of a subject become one score: `vultus` is what a gallery does."""

    BEST_OF = "best-of"
    CENTROID = "centroid"
    VULTUS = "vultus"


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """The best of a gallery for each of P probes: (P,) `scores`, and (P,) `places` of subjects.

    Without a face the score is `NOT_COMPARED`.
    """

    scores: NDArray[np.float32]
    places: NDArray[np.int64]

    def and_of(self, scores: Vectors, start: int) -> Self:
        """The best of these and of (P, S) further scores, of the subjects from `start` on."""
        places = scores.argmax(axis=1)
        highest = np.take_along_axis(scores, places[:, np.newaxis], axis=1)[:, 0]
        better = highest > self.scores
        return replace(
            self,
            scores=np.where(better, highest, self.scores),
            places=np.where(better, places + start, self.places),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Searched:
    """What P searches for enrolled people and Q for strangers came to.

    `ranks` (P,) count from 1, a tie against the person, `NOT_FOUND` where there was no face.
    `own` (P,) are the scores of the right subject, `NOT_COMPARED` where there was none. `others`
    and `strangers` are the most similar other subject of each. `precisions` (S,) are average
    precisions by subject, NaN without a probe; empty where they were not asked for.
    """

    ranks: NDArray[np.int64]
    own: NDArray[np.float32]
    others: Nearest
    strangers: Nearest
    precisions: NDArray[np.float64]

    @property
    def hits(self) -> NDArray[np.float32]:
        """(P,) scores of the right subject where it came first, `NOT_COMPARED` otherwise."""
        return np.where(self.ranks == 1, self.own, NOT_COMPARED)


def _nobody(probes: int) -> Nearest:
    return Nearest(np.full(probes, NOT_COMPARED), np.zeros(probes, np.int64))


def search(
    vectors: Vectors, found: NDArray[np.bool_], plan: Plan, fusion: Fusion, *, precisions: bool
) -> Searched:
    """Search for all probes of a plan.

    Args:
        vectors: (N, D) rows of L2 norm 1, zero without a face.
        found: (N,) whether there is a face.
        plan: rows of these.
        fusion: how the templates of a subject become one score.
        precisions: whether average precisions are wanted, which takes longer.
    """
    owners, own = plan.owners, _own(vectors, found, plan, SCORES[fusion])
    ahead = np.zeros(len(owners), np.int64)
    others, strangers = _nobody(len(owners)), _nobody(len(plan.strangers))
    parts = [np.empty(0)]
    for start, templates in _blocks(vectors, plan):
        scores = _scores(vectors, found, plan.mated, templates, SCORES[fusion])
        if precisions:
            parts.append(average_precisions(scores, owners - start))
        inside = np.flatnonzero((owners >= start) & (owners < start + scores.shape[1]))
        scores[inside, owners[inside] - start] = NOT_COMPARED
        ahead += (scores >= own[:, np.newaxis]).sum(axis=1)
        others = others.and_of(scores, start)
        foreign = _scores(vectors, found, plan.strangers, templates, SCORES[fusion])
        strangers = strangers.and_of(foreign, start)
    ranks = np.where(own > NOT_COMPARED, ahead + 1, NOT_FOUND)
    return Searched(ranks, own, others, strangers, np.concatenate(parts))


def _scores(
    vectors: Vectors,
    found: NDArray[np.bool_],
    rows: NDArray[np.int64],
    templates: SubjectTemplates,
    score: Score,
) -> Vectors:
    scores = score(vectors[rows], templates)
    scores[~found[rows]] = NOT_COMPARED
    return scores


def _own(
    vectors: Vectors, found: NDArray[np.bool_], plan: Plan, score: Score
) -> NDArray[np.float32]:
    """(P,) scores of the right subject."""
    own = np.full(len(plan.owners), NOT_COMPARED)
    for start, templates in _blocks(vectors, plan):
        end = start + len(templates.subjects)
        inside = np.flatnonzero((plan.owners >= start) & (plan.owners < end) & found[plan.mated])
        scores = score(vectors[plan.mated[inside]], templates)
        own[inside] = scores[np.arange(len(inside)), plan.owners[inside] - start]
    return own


def _blocks(vectors: Vectors, plan: Plan) -> Iterator[tuple[int, SubjectTemplates]]:
    ends = np.append(plan.starts, len(plan.enrolled))
    for start in range(0, len(plan.subjects), SUBJECTS):
        stop = min(start + SUBJECTS, len(plan.subjects))
        rows = plan.enrolled[ends[start] : ends[stop]]
        yield start, nameless(vectors[rows], ends[start:stop] - ends[start])


def nameless(vectors: Vectors, starts: NDArray[np.int64]) -> SubjectTemplates:
    """S subjects whose names do not matter, each with the (T, D) templates from (S,) `starts` on.

    Every template is that of one photo.
    """
    names = tuple(Subject(str(number), str(number)) for number in range(len(starts)))
    ones = np.ones(len(vectors), np.float32)
    return SubjectTemplates(names, starts, ("",) * len(vectors), vectors, ones)


def _best_of(probes: Vectors, templates: SubjectTemplates) -> Vectors:
    """The most similar template of each subject."""
    return np.maximum.reduceat(probes @ templates.vectors.T, templates.starts, axis=1).clip(-1, 1)


def _centroid(probes: Vectors, templates: SubjectTemplates) -> Vectors:
    """The mean of each subject's templates."""
    sums = np.add.reduceat(templates.vectors, templates.starts, axis=0)
    norms = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), LEAST_NORM)
    scores: Vectors = (probes @ (sums / norms).T).clip(-1, 1)
    return scores


SCORES: dict[Fusion, Score] = {
    Fusion.BEST_OF: _best_of,
    Fusion.CENTROID: _centroid,
    Fusion.VULTUS: subject_similarities,
}
