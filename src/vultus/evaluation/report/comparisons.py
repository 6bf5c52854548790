"""The single comparisons behind a result, so that two models can be compared on the same ones."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from vultus.errors import InvalidValue
from vultus.evaluation.metrics.trials import Trials


@dataclass(frozen=True, slots=True)
class Comparisons:
    """N comparisons of two images each, as JSON keeps them.

    `people` and `rows` are two numbers per comparison: of the people shown, in the order in which
    they appear here, and of the images in the dataset. `folds` are the parts of the protocol.
    `scores` are cosines, -2 where an image shows no face.
    """

    people: tuple[tuple[int, int], ...]
    rows: tuple[tuple[int, int], ...]
    folds: tuple[int, ...]
    scores: tuple[float, ...]

    def __post_init__(self) -> None:
        lengths = {len(each) for each in (self.people, self.rows, self.folds, self.scores)}
        if len(lengths) != 1:
            raise InvalidValue("comparisons", "people, rows, folds and scores differ in number")

    @classmethod
    def of(cls, trials: Trials) -> Self:
        """Write down what was compared, and what came out."""
        numbers: dict[int, int] = {}
        people = zip(trials.first.tolist(), trials.second.tolist(), strict=True)
        return cls(
            tuple(
                (numbers.setdefault(one, len(numbers)), numbers.setdefault(other, len(numbers)))
                for one, other in people
            ),
            tuple((first, second) for first, second in trials.rows.tolist()),
            tuple(trials.folds.tolist()),
            # float32 as text and back is itself again with nine digits.
            tuple(float(f"{score:.9g}") for score in trials.scores.tolist()),
        )

    @property
    def trials(self) -> Trials:
        """The same as arrays."""
        people = np.array(self.people, np.int64).reshape(-1, 2)
        return Trials(
            np.array(self.scores, np.float32),
            people[:, 0],
            people[:, 1],
            np.array(self.rows, np.int64).reshape(-1, 2),
            np.array(self.folds, np.int64),
        )
