"""Every image against every image of another person: too many scores to keep or to sort.

The highest are kept exactly, each with its two images; of the rest, how many lie in each of
200,000 bins. Rates are therefore exact, and thresholds below the kept scores are known to 0.00001.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 200_000
"""Over [-1, 1]."""
EXACT = 2_000_000
"""Of the highest scores, at least this many are kept (all, where there are no more)."""
ROWS = 512
"""Of the images compared with all later ones at once: 4 bytes each, a few times over."""

_Kept = tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True, eq=False)
class Impostors:
    """Scores of T impostor comparisons.

    `scores` (K,) float32 are the highest, falling, `first` and `second` (K,) int64 the rows they
    compare. `values` (V,) float32 rise; each is the highest score of a bin of lower ones, and
    `counts` (V,) int64 say how many these are.
    """

    scores: NDArray[np.float32]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    values: NDArray[np.float32]
    counts: NDArray[np.int64]

    @property
    def total(self) -> int:
        """How many comparisons there were."""
        return len(self.scores) + int(self.counts.sum())


def compare_impostors(
    vectors: NDArray[np.float32], people: NDArray[np.int64], exact: int = EXACT
) -> Impostors:
    """Compare each two images of different people once.

    Args:
        vectors: (N, D) rows of L2 norm 1.
        people: (N,) whom they show.
        exact: how many of the highest scores to keep, at least.
    """
    order = np.argsort(people, kind="stable")
    sorted_people, sorted_vectors = people[order], vectors[order]
    # Of a row, all columns from the end of its own person on are other people.
    ends = np.searchsorted(sorted_people, sorted_people, side="right")
    highest = _Highest(exact)
    for start in range(0, len(vectors), ROWS):
        rows = slice(start, start + ROWS)
        scores = (sorted_vectors[rows] @ sorted_vectors[start:].T).clip(-1, 1)
        reach = int(ends[rows].max()) - start
        own = np.arange(reach) + start < ends[rows, np.newaxis]
        scores[:, :reach][own] = -2
        highest.add(scores, start)
    return highest.result(order)


def _bins(scores: NDArray[np.float32]) -> NDArray[np.int32]:
    """The bin of each score, -1 of what is none."""
    places = np.floor((scores + 1) * np.float32(BINS / 2)).astype(np.int32)
    bins: NDArray[np.int32] = np.minimum(places, BINS - 1).clip(-1)
    return bins


class _Highest:
    """Counts scores by bin and keeps those of the bins from `cut` on."""

    def __init__(self, exact: int) -> None:
        self._exact = exact
        self._cut = 0
        self._counts = np.zeros(BINS + 1, np.int64)
        self._kept: list[_Kept] = []

    def add(self, scores: NDArray[np.float32], start: int) -> None:
        bins = _bins(scores)
        self._counts += np.bincount(bins.ravel() + 1, minlength=BINS + 1)
        self._raise_cut()
        chosen = bins >= self._cut
        first, second = np.nonzero(chosen)
        self._kept.append((scores[chosen], first + start, second + start))
        if sum(len(each) for each, _, _ in self._kept) > 2 * self._exact:
            self._drop()

    def _raise_cut(self) -> None:
        """The highest bin from which on there are enough scores; it only ever rises."""
        reached = np.cumsum(self._counts[:0:-1])
        self._cut = max(BINS - 1 - int(np.searchsorted(reached, self._exact)), 0)

    def _drop(self) -> None:
        scores, first, second = self._joined()
        chosen = _bins(scores) >= self._cut
        self._kept = [(scores[chosen], first[chosen], second[chosen])]

    def _joined(self) -> _Kept:
        scores, first, second = zip(*self._kept, strict=True)
        return np.concatenate(scores), np.concatenate(first), np.concatenate(second)

    def result(self, rows: NDArray[np.int64]) -> Impostors:
        """What was found; `rows` (N,) are the numbers that the images go by outside."""
        if not self._kept:
            none = np.empty(0, np.int64)
            return Impostors(none.astype(np.float32), none, none, none.astype(np.float32), none)
        self._drop()
        scores, first, second = self._kept[0]
        falling = np.argsort(-scores, kind="stable")
        counts = self._counts[1 : self._cut + 1]
        occupied = np.flatnonzero(counts)
        return Impostors(
            scores[falling],
            rows[first[falling]],
            rows[second[falling]],
            _tops(occupied),
            counts[occupied],
        )


def _tops(bins: NDArray[np.int64]) -> NDArray[np.float32]:
    """The highest float32 below the upper edge of each bin, by the same rounding as `_bins`."""
    edges = ((bins + 1) / (BINS / 2) - 1).astype(np.float32)
    return np.nextafter(edges, np.float32(-1), dtype=np.float32)
