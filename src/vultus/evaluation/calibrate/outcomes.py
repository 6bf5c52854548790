"""What comes out of searches: galleries of all sizes are drawn from photos of known people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.errors import TooFewComparisons
from vultus.evaluation.protocols.searching import SUBJECTS, nameless
from vultus.matching.size import SearchSize
from vultus.matching.subjects import subject_similarities

ENROLLED = 2 / 3
"""Share of the people who may be enrolled; the others are strangers, one photo of each."""
PHOTOS = (1, 2, 3)
"""Of each subject, where there are as many."""
LEAST_PEOPLE = 60
"""Of fewer people there would be too few strangers and subjects to learn from."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """M searches.

    (M,) each: `similarities` float64 of the best subject, `subjects` int64 how many were enrolled
    and `comparisons` int64 with how much the probe was compared, `mated` whether the person
    searched for was among them, `right` whether that one came first, and `people` int64 the person
    searched for.
    """

    similarities: NDArray[np.float64]
    subjects: NDArray[np.int64]
    comparisons: NDArray[np.int64]
    mated: NDArray[np.bool_]
    right: NDArray[np.bool_]
    people: NDArray[np.int64]


def gallery_sizes(people: int) -> tuple[int, ...]:
    """Sizes to draw from so many people: 10, 30, 100, 300 … as far as they go."""
    most = int(people * ENROLLED)
    steps = [factor * 10**power for power in range(1, 8) for factor in (1, 3)]
    return tuple(size for size in steps if size <= most)


def search_outcomes(
    vectors: NDArray[np.float32],
    people: NDArray[np.int64],
    sizes: Sequence[int],
    draws: int = 10,
    seed: int = 0,
) -> Outcomes:
    """Search in galleries that are drawn at random, with one photo per subject, two or three.

    Args:
        vectors: (N, D) rows of L2 norm 1.
        people: (N,) whom they show, by any number.
        sizes: of the galleries; each at most two thirds of the people.
        draws: how often everything is drawn anew.
        seed: the same seed, the same outcomes.

    Raises:
        TooFewComparisons: there are fewer than 60 people.
    """
    names, places = np.unique(people, return_inverse=True)
    if len(names) < LEAST_PEOPLE:
        raise TooFewComparisons("What comes out of searches", len(names), LEAST_PEOPLE, "people")
    rng = np.random.default_rng(seed)
    drawn = [
        outcomes for _ in range(draws) for outcomes in _draw(vectors, places, names, sizes, rng)
    ]
    return Outcomes(
        *(np.concatenate([getattr(each, name) for each in drawn]) for name in Outcomes.__slots__)
    )


def _draw(
    vectors: NDArray[np.float32],
    places: NDArray[np.int64],
    names: NDArray[np.int64],
    sizes: Sequence[int],
    rng: np.random.Generator,
) -> Iterator[Outcomes]:
    shuffled = rng.permutation(len(places))
    by_person = shuffled[np.argsort(places[shuffled], kind="stable")]
    counts = np.bincount(places)
    firsts = np.cumsum(counts) - counts
    pool, strangers = np.split(rng.permutation(len(names)), [int(len(names) * ENROLLED)])
    for photos in PHOTOS:
        enrolled = pool[counts[pool] >= photos]
        galleries = _Galleries(
            vectors[by_person[firsts[enrolled, np.newaxis] + np.arange(photos)]],
            tuple(size for size in sizes if size <= len(enrolled)),
        )
        mates = np.flatnonzero(counts[enrolled] > photos)
        probes = by_person[firsts[enrolled[mates]] + photos]
        yield from galleries.search_mates(vectors[probes], mates, names[enrolled[mates]])
        probes = by_person[firsts[strangers]]
        yield from galleries.search_strangers(vectors[probes], names[strangers], rng)


@dataclass(frozen=True, slots=True, eq=False)
class _Galleries:
    """Galleries of neighbours among S people with K photos each: `templates` (S, K, D)."""

    templates: NDArray[np.float32]
    sizes: tuple[int, ...]

    def search_mates(
        self, probes: NDArray[np.float32], owners: NDArray[np.int64], people: NDArray[np.int64]
    ) -> Iterator[Outcomes]:
        """Search everybody in the gallery that has them; `owners` are their places."""
        scores = self._scores(probes)
        own = scores[np.arange(len(owners)), owners]
        for size in self.sizes:
            inside = owners < len(self.templates) // size * size
            best = _best(scores[inside], size, owners[inside] // size)
            yield self._outcomes(best, size, own[inside] >= best, people[inside], mated=True)

    def search_strangers(
        self, probes: NDArray[np.float32], people: NDArray[np.int64], rng: np.random.Generator
    ) -> Iterator[Outcomes]:
        """Search everybody in some gallery."""
        scores = self._scores(probes)
        for size in self.sizes:
            chosen = rng.integers(0, len(self.templates) // size, len(probes))
            best = _best(scores, size, chosen)
            yield self._outcomes(best, size, np.zeros(len(best), bool), people, mated=False)

    def _scores(self, probes: NDArray[np.float32]) -> NDArray[np.float32]:
        """(P, S), as a gallery scores its subjects."""
        people, photos, dim = self.templates.shape
        scores = np.empty((len(probes), people), np.float32)
        for start in range(0, people, SUBJECTS):
            own = self.templates[start : start + SUBJECTS]
            templates = nameless(own.reshape(-1, dim), np.arange(len(own)) * photos)
            scores[:, start : start + len(own)] = subject_similarities(probes, templates)
        return scores

    def _outcomes(
        self,
        best: NDArray[np.float32],
        size: int,
        right: NDArray[np.bool_],
        people: NDArray[np.int64],
        *,
        mated: bool,
    ) -> Outcomes:
        count, photos = len(best), self.templates.shape[1]
        searched = SearchSize.of(size, size * photos)
        return Outcomes(
            similarities=best.astype(np.float64),
            subjects=np.full(count, searched.subjects),
            comparisons=np.full(count, searched.comparisons),
            mated=np.full(count, mated),
            right=right,
            people=people,
        )


def _best(scores: NDArray[np.float32], size: int, chosen: NDArray[np.int64]) -> NDArray[np.float32]:
    """(P,): the highest score of each probe in the gallery of neighbours chosen for it."""
    galleries = scores.shape[1] // size
    parts = scores[:, : galleries * size].reshape(len(scores), galleries, size)
    best: NDArray[np.float32] = parts.max(axis=2)[np.arange(len(scores)), chosen]
    return best
