"""Trials of two kinds, and what there is to measure their rates by."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.errors import TooFewComparisons
from vultus.evaluation.metrics.estimate import independent
from vultus.evaluation.metrics.rates import least_comparisons


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A rate that the data cannot show: it takes `needed` comparisons and there are fewer."""

    target: float
    comparisons: int
    needed: int

    @property
    def error(self) -> TooFewComparisons:
        """The same as an error."""
        return TooFewComparisons(f"A rate of {self.target:g}", self.comparisons, self.needed)


@dataclass(frozen=True, slots=True)
class Supply:
    """What there is to measure by: impostor trials, and the people of either kind.

    `distinct` are the impostor trials, each photo once. `genuine_people` and `impostor_people` say
    how many independent trials there are of each kind.
    """

    distinct: int
    genuine_people: int
    impostor_people: int

    def measured(self, targets: Sequence[float]) -> list[float]:
        """The targets that so many impostor trials can show."""
        return [each for each in targets if self.distinct >= least_comparisons(each)]

    def unmeasured(self, targets: Sequence[float]) -> tuple[Unmeasured, ...]:
        """The others."""
        return tuple(
            Unmeasured(target, self.distinct, least_comparisons(target))
            for target in targets
            if self.distinct < least_comparisons(target)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """N trials: their scores (N,), which are genuine (N,), and the people that each depends on.

    `probes` (N,) number what was searched for, where the same photo is searched for again in other
    galleries; None where no trial is a repetition.
    """

    scores: NDArray[np.float32]
    genuine: NDArray[np.bool_]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    probes: NDArray[np.int64] | None = None

    @property
    def supply(self) -> Supply:
        """What there is to measure by."""
        kinds = (self.genuine, ~self.genuine)
        people = (independent(self.first[kind], self.second[kind]) for kind in kinds)
        impostors = int((~self.genuine).sum())
        if self.probes is not None:
            impostors = len(np.unique(self.probes[~self.genuine]))
        return Supply(impostors, *people)

    def only(self, chosen: NDArray[np.bool_]) -> "Scored":
        """Some of the trials."""
        return Scored(
            self.scores[chosen],
            self.genuine[chosen],
            self.first[chosen],
            self.second[chosen],
            None if self.probes is None else self.probes[chosen],
        )
