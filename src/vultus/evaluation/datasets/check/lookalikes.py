"""People who look like one person: twins, or one of them under two names, or a wrong label."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from vultus.domain.gallery import ThresholdPolicy
from vultus.errors import RatesMissing
from vultus.evaluation.datasets.check.finding import Finding, Kind
from vultus.evaluation.datasets.dataset import Dataset, DatasetImage
from vultus.evaluation.protocols.people import numbered
from vultus.evaluation.templates.table import TemplateTable
from vultus.matching.size import SearchSize
from vultus.usecases.recognizer import Recognizer

MOST = 1_000
"""Pairs of people that are listed, the most similar of all."""
SCORES_AT_ONCE = 4_000_000
RARE = ThresholdPolicy("fpir", 0.01)
"""Of a hundred people that are all different, one is so similar to some other by chance."""


def least_of_lookalikes(recognizer: Recognizer, people: int, images: int) -> float:
    """The similarity from which on two of so many people, with so many images, are worth a look.

    Raises:
        ThresholdMissing: neither the pack nor a setting names a threshold.
    """
    try:
        return recognizer.policy_of(
            lambda: SearchSize.of(people, images), RARE
        ).threshold.similarity
    except RatesMissing:
        return recognizer.policy.threshold.similarity


def check_lookalikes(
    dataset: Dataset, rows: Sequence[int], table: TemplateTable, least: float
) -> Iterator[Finding]:
    """Name pairs of people by their two most similar images, the most similar pair first.

    Args:
        dataset: whose images they are.
        rows: of the images that could be read.
        table: (R,) templates of these, in their order.
        least: lowest cosine of a pair.
    """
    found = np.flatnonzero(table.found).tolist()
    images = [dataset.images[rows[row]] for row in found]
    for first, second, score in _similar(images, table.vectors[found], least):
        note = f"{images[first].subject} and {images[second].subject}"
        places = rows[found[first]], rows[found[second]]
        yield Finding(Kind.LOOKALIKE, places, note, round(score, 4))


def _similar(
    images: Sequence[DatasetImage], vectors: NDArray[np.float32], least: float
) -> Iterator[tuple[int, int, float]]:
    """The most similar images of each pair of people, and their cosine."""
    people = numbered([image.subject for image in images])
    copies = numbered([image.digest for image in images])
    pairs = _Pairs(people)
    for start, scores in _blocks(vectors):
        first, second = np.nonzero(scores >= least)
        cosines, rows, others = scores[first, second], first + start, second + start
        # The same bytes under two names are a finding of their own.
        kept = (people[rows] != people[others]) & (copies[rows] != copies[others]) & (rows < others)
        pairs.add(rows[kept], others[kept], cosines[kept])
    return pairs.best()


def _blocks(vectors: NDArray[np.float32]) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Cosines of some rows with themselves and all later ones, and the first row's number."""
    size = max(SCORES_AT_ONCE // max(len(vectors), 1), 1)
    for start in range(0, len(vectors), size):
        yield start, vectors[start : start + size] @ vectors[start:].T


class _Pairs:
    """The most similar images of each pair of people, of the most similar pairs."""

    def __init__(self, people: NDArray[np.int64]) -> None:
        self._people = people
        self._rows = np.empty((0, 2), np.int64)
        self._scores = np.empty(0, np.float32)

    def add(
        self, first: NDArray[np.int64], second: NDArray[np.int64], scores: NDArray[np.float32]
    ) -> None:
        rows = np.concatenate([self._rows, np.column_stack([first, second])])
        joined = np.concatenate([self._scores, scores])
        falling = np.argsort(-joined, kind="stable")
        pairs = np.sort(self._people[rows[falling]], axis=1)
        _, firsts = np.unique(pairs, axis=0, return_index=True)
        chosen = falling[np.sort(firsts)[:MOST]]
        self._rows, self._scores = rows[chosen], joined[chosen]

    def best(self) -> Iterator[tuple[int, int, float]]:
        for (first, second), score in zip(self._rows.tolist(), self._scores.tolist(), strict=True):
            yield first, second, score
