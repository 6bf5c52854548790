"""The most similar pictures of different people, of all there are, without keeping the others."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLOCK = 1_024
BINS = 20_000
"""Of similarities in [-1, 1]: thresholds are told to 0.0001."""


@dataclass(frozen=True, slots=True, eq=False)
class Tail:
    """Impostor comparisons of N photos, every two people weighing the same.

    `weights` (BINS,) float64 are the weight of each bin of similarity; their sum is `pairs`, the
    number of pairs of people. For the comparisons from `least` on: `bins` (T,) int64, `first` and
    `second` (T,) int64 the people, `shares` (T,) float64 the weights.
    """

    weights: NDArray[np.float64]
    pairs: int
    bins: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    shares: NDArray[np.float64]


def similarity_of(bins: NDArray[np.int64]) -> NDArray[np.float64]:
    """The lower edge of bins: what lies in one reaches it."""
    edges: NDArray[np.float64] = np.multiply(bins, 2 / BINS, dtype=np.float64) - 1
    return edges


def measure_tail(vectors: NDArray[np.float32], people: NDArray[np.int64], rate: float) -> Tail:
    """Compare every photo of one person with every photo of every other.

    Args:
        vectors: (N, D) rows of L2 norm 1.
        people: (N,) whom they show: 0, 1, 2 …, every number there.
        rate: comparisons are kept from the similarity on that such a share reaches.
    """
    counts = np.bincount(people)
    shares = 1 / counts[people]
    weights = np.zeros(BINS)
    for bins, rows, columns in _impostors(vectors, people, 0):
        weights += np.bincount(bins, shares[rows] * shares[columns], BINS)
    reached = weights[::-1].cumsum()[::-1]
    least = int(np.argmax(reached <= rate * reached[0]))
    kept = list(_impostors(vectors, people, least))
    bins, rows, columns = (np.concatenate(parts) for parts in zip(*kept, strict=True))
    pairs = len(counts) * (len(counts) - 1) // 2
    return Tail(weights, pairs, bins, people[rows], people[columns], shares[rows] * shares[columns])


def _impostors(
    vectors: NDArray[np.float32], people: NDArray[np.int64], least: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]:
    """Bins from `least` on, and the two rows, of all impostor comparisons, part by part."""
    for start in range(0, len(vectors), BLOCK):
        cosines = vectors[start : start + BLOCK] @ vectors[start:].T
        bins = ((cosines + 1) * (BINS / 2)).astype(np.int32).clip(0, BINS - 1)
        others = people[start : start + BLOCK, np.newaxis] != people[np.newaxis, start:]
        rows, columns = np.nonzero(np.triu(others, 1) & (bins >= least))
        yield bins[rows, columns], rows + start, columns + start
