"""Comparisons of two images each, with what came out."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vultus.errors import InvalidValue

NOT_COMPARED = np.float32(-2)
"""The score of a comparison that never took place, because an image shows no face.

It lies below every cosine, so that no threshold accepts it.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """N comparisons.

    `scores` (N,) float32 are cosines, or `NOT_COMPARED`. `first` and `second` (N,) int64 number the
    people shown; the same number twice is a genuine comparison. `rows` (N, 2) int64 say which
    images of the dataset were compared, `folds` (N,) int64 which part of the protocol this is.
    """

    scores: NDArray[np.float32]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    rows: NDArray[np.int64]
    folds: NDArray[np.int64]

    def __post_init__(self) -> None:
        lengths = {len(each) for each in (self.first, self.second, self.rows, self.folds)}
        if lengths != {len(self.scores)}:
            raise InvalidValue("trials", "scores, people, rows and folds differ in number")
        if not np.isfinite(self.scores).all():
            raise InvalidValue("trials", "a score is not finite")

    def __len__(self) -> int:
        return len(self.scores)

    @property
    def genuine(self) -> NDArray[np.bool_]:
        """(N,) whether both images show one person."""
        genuine: NDArray[np.bool_] = self.first == self.second
        return genuine

    @property
    def compared(self) -> NDArray[np.bool_]:
        """(N,) whether both images show a face."""
        return self.scores > NOT_COMPARED

    @property
    def subjects(self) -> int:
        """How many people take part."""
        return len(np.unique(np.concatenate([self.first, self.second])))

    def lenient(self) -> Self:
        """Without the comparisons that never took place. With them, rates are `strict`."""
        return self.only(self.compared)

    def only(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Self:
        """Some of the comparisons, by mask or number."""
        return replace(
            self,
            scores=self.scores[chosen],
            first=self.first[chosen],
            second=self.second[chosen],
            rows=self.rows[chosen],
            folds=self.folds[chosen],
        )

    def same_as(self, other: Self) -> bool:
        """Whether both compare the same images in the same order, whatever came out."""
        mine, its = ((each.rows, each.first, each.second, each.folds) for each in (self, other))
        return all(np.array_equal(one, two) for one, two in zip(mine, its, strict=True))
