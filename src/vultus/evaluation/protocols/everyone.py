"""Scores of all images with all others, and how much of what they are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.evaluation.metrics.levels import Floats, Levels
from vultus.evaluation.metrics.trials import Trials
from vultus.evaluation.protocols.cosines import cosines
from vultus.evaluation.protocols.impostors import EXACT, Impostors, compare_impostors


@dataclass(frozen=True, slots=True, eq=False)
class Everyone:
    """N images of S people, each compared with each other once.

    `people` (N,) int64 says whom each shows, `found` (N,) whether it shows a face; the others are
    in no comparison. `genuine` are all comparisons of one person, scores rising.
    """

    people: NDArray[np.int64]
    found: NDArray[np.bool_]
    genuine: Trials
    impostors: Impostors

    def counts(self, *, strict: bool) -> NDArray[np.int64]:
        """(S,) images of each person: all of them, or those with a face."""
        chosen = self.people if strict else self.people[self.found]
        return np.bincount(chosen, minlength=self.people.max(initial=-1) + 1)

    def levels(self, *, strict: bool) -> Levels:
        """Each comparison once; strictly, those that never took place count, too."""
        genuine, highest = self.genuine.scores, self.impostors.scores
        values, places = np.unique(
            np.concatenate([genuine, highest, self.impostors.values]), return_inverse=True
        )
        own, others, bins = np.split(places, [len(genuine), len(genuine) + len(highest)])
        impostor = np.bincount(others, minlength=len(values)).astype(np.float64)
        np.add.at(impostor, bins, self.impostors.counts)
        ones = np.ones((1, len(self.counts(strict=strict))))
        return Levels(
            values,
            np.bincount(own, minlength=len(values)).astype(np.float64)[np.newaxis],
            impostor[np.newaxis],
            *totals(ones, self.counts(strict=strict)),
        )


def totals(drawn: Floats, counts: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """(B,) weights of all genuine, and of all impostor comparisons.

    Args:
        drawn: (B, S) how often each person is drawn.
        counts: (S,) images of each.
    """
    genuine = drawn @ (counts * (counts - 1) / 2)
    return genuine, ((drawn @ counts) ** 2 - drawn**2 @ counts.astype(np.float64) ** 2) / 2


def compare_everyone(
    vectors: NDArray[np.float32],
    people: NDArray[np.int64],
    found: NDArray[np.bool_],
    exact: int = EXACT,
) -> Everyone:
    """Compare each of (N, D) unit vectors with each other one, where both show a face."""
    rows = np.flatnonzero(found)
    genuine = _genuine(vectors, people, rows)
    impostors = compare_impostors(vectors[rows], people[rows], exact)
    named = Impostors(
        impostors.scores,
        rows[impostors.first],
        rows[impostors.second],
        impostors.values,
        impostors.counts,
    )
    return Everyone(people, found, genuine, named)


def _genuine(
    vectors: NDArray[np.float32], people: NDArray[np.int64], rows: NDArray[np.int64]
) -> Trials:
    grouped = rows[np.argsort(people[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(people[grouped], prepend=-1))
    pairs = [_pairs(own) for own in np.split(grouped, starts[1:]) if len(own) > 1]
    both = np.concatenate([np.empty((0, 2), np.int64), *pairs])
    first, second = both.T
    scores = cosines(vectors, first, second)
    order = np.argsort(scores, kind="stable")
    owners = people[first][order]
    return Trials(scores[order], owners, owners, both[order], np.zeros_like(owners))


def _pairs(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    first, second = np.triu_indices(len(rows), 1)
    return np.stack([rows[first], rows[second]], axis=1)
