"""The bootstrap over people.

Comparisons of one person are alike: somebody with a beard is missed again and again. So it is
people who are drawn anew, with replacement, and everything that depends on a person comes with
them. A genuine comparison weighs as often as its person was drawn, an impostor comparison as often
as the one was, times as often as the other was. Intervals of impostor rates are thereby rather too
wide than too narrow.

Source: Owen, The pigeonhole bootstrap (2007); Bolle, Ratha and Pankanti, Error analysis of pattern
recognition systems: the subsets bootstrap (2004).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.errors import InvalidValue
from vultus.evaluation.metrics.levels import Floats, Weights

MOST_WEIGHTS = 200_000
"""At once: what a processor's cache holds is weighed fastest."""

Statistic = Callable[[Weights], Floats]
"""(B, N) weights to (B, K) figures."""


@dataclass(frozen=True, slots=True)
class Resampling:
    """How often people are drawn anew, and from which seed; the same seed, the same intervals."""

    replicates: int = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        if self.replicates < 1:
            raise InvalidValue("replicates", f"{self.replicates} is less than 1")

    def draws(self, people: int, at_once: int) -> Iterator[Weights]:
        """(B, S): how often each of S people is drawn, in parts of at most `at_once` draws."""
        rng = np.random.default_rng(self.seed)
        for start in range(0, self.replicates, at_once):
            count = min(at_once, self.replicates - start)
            drawn = rng.integers(0, people, (count, people))
            cells = drawn + people * np.arange(count)[:, np.newaxis]
            counts = np.bincount(cells.ravel(), minlength=count * people)
            yield counts.reshape(count, people).astype(np.float64)

    def replicate(
        self, statistic: Statistic, first: NDArray[np.int64], second: NDArray[np.int64]
    ) -> Floats:
        """Figures of all draws of the people of N comparisons.

        Args:
            statistic: figures from weights of the comparisons.
            first: (N,) one person of each comparison, by any number.
            second: (N,) the other.

        Returns:
            (replicates, K); NaN where a draw has no comparison that a figure needs.
        """
        people, places = np.unique(np.concatenate([first, second]), return_inverse=True)
        if not len(people):
            return statistic(np.empty((self.replicates, 0)))
        one, other = places[: len(first)], places[len(first) :]
        at_once = max(MOST_WEIGHTS // max(len(first), len(people)), 1)
        with np.errstate(invalid="ignore", divide="ignore"):
            parts = [
                statistic(comparison_weights(drawn, one, other))
                for drawn in self.draws(len(people), at_once)
            ]
        return np.concatenate(parts)


THOUSAND = Resampling()


def comparison_weights(
    drawn: Weights, first: NDArray[np.int64], second: NDArray[np.int64]
) -> Weights:
    """(B, N) weights of comparisons of people who were drawn (B, S) times each."""
    once, alone = drawn[:, first], first == second
    return once if alone.all() else np.where(alone, once, once * drawn[:, second])
