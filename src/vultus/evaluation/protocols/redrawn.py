"""The bootstrap over people where there are too many comparisons to weigh one by one.

The highest impostor scores are weighed, and all genuine ones. Where more impostor scores matter
than were kept, these count as they are, and only the people of genuine comparisons are drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.evaluation.metrics.levels import Floats, Levels
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.metrics.weighed import first_at_fmr
from vultus.evaluation.protocols.everyone import Everyone, totals

AT_ONCE = 16
ROOM = 2
"""So many times the scores that a rate takes must be kept: some draws take more than others."""


@dataclass(frozen=True, slots=True, eq=False)
class _Draw:
    """One way to weigh people: weights of the lowest genuine and of the highest impostor scores.

    Both (count + 1,) arrays start with 0 and add up one score after the other.
    """

    genuine: Floats
    impostor: Floats
    genuine_total: float
    impostor_total: float

    def missed(self, below: NDArray[np.int64] | np.int64) -> Floats:
        """FNMR where so many genuine scores are refused; those without a score are, too."""
        accepted = self.genuine[-1] - self.genuine[below]
        return np.asarray(1 - accepted / self.genuine_total)


class Redrawn:
    """Figures of everyone with everyone as other people would have given them."""

    def __init__(self, everyone: Everyone, levels: Levels, *, strict: bool) -> None:
        """Weigh what `levels` counts: those of everyone, strict or not."""
        self._counts = everyone.counts(strict=strict)
        self._levels = levels
        self._owners = everyone.genuine.first
        self._genuine = everyone.genuine.scores
        self._highest = everyone.impostors.scores
        self._first = everyone.people[everyone.impostors.first]
        self._second = everyone.people[everyone.impostors.second]
        self._complete = not len(everyone.impostors.counts)
        # Where each genuine score stands among all others is the same in every draw.
        places = np.searchsorted(levels.values, self._genuine)
        fmr = levels.fmr()[0]
        self._fmr, self._losses = fmr[places], (fmr[places] + fmr[places + 1]) / 2
        self._below = np.searchsorted(self._genuine, self._genuine)
        self._reaching = self._reach(self._genuine)

    def replicate(
        self, rates: Sequence[float], threshold: float | None, resampling: Resampling
    ) -> Floats:
        """(replicates, 2 + R + 2): AUC, EER, FNMR at each of R rates, FMR and FNMR at a threshold.

        The last two are NaN without a threshold, and the FMR where too few scores were kept.
        """
        parts = []
        for drawn in resampling.draws(len(self._counts), AT_ONCE):
            with np.errstate(invalid="ignore", divide="ignore"):
                parts += [self._figures(draw, rates, threshold) for draw in self._draws(drawn)]
        return np.array(parts)

    def _draws(self, drawn: Floats) -> list[_Draw]:
        ends = zip(*totals(drawn, self._counts), strict=True)
        return [
            _Draw(
                np.append(0, np.cumsum(times[self._owners])),
                np.append(0, np.cumsum(times[self._first] * times[self._second])),
                *total,
            )
            for times, total in zip(drawn, ends, strict=True)
        ]

    def _figures(self, draw: _Draw, rates: Sequence[float], threshold: float | None) -> Floats:
        at = [float(self._missed_at_fmr(draw, rate)) for rate in rates]
        return np.array([self._area(draw), self._equal(draw), *at, *self._at(draw, threshold)])

    def _area(self, draw: _Draw) -> float:
        """The impostors count as they are, for the mean over so many of them hardly moves."""
        own = np.diff(draw.genuine)
        unscored = draw.genuine_total - draw.genuine[-1]
        none = 1 - self._levels.fmr()[0, 0]
        return float((own @ (1 - self._losses) + unscored * none / 2) / draw.genuine_total)

    def _equal(self, draw: _Draw) -> float:
        fnmr, fmr = draw.missed(self._below), self._fmr
        crossing = fmr[np.abs(fnmr - fmr).argmin()]
        if self._holds(crossing):
            fmr = draw.impostor[self._reaching] / draw.impostor_total
        # Between two genuine scores the FNMR stays, and the FMR passes through all in between.
        passed = fnmr.clip(fmr, np.append(1.0, fmr[:-1]))
        closest = np.abs(fnmr - passed).argmin()
        return float((fnmr[closest] + passed[closest]) / 2)

    def _missed_at_fmr(self, draw: _Draw, rate: float) -> Floats:
        if not self._holds(rate):
            refused = self._levels.values[first_at_fmr(self._levels, rate)[0] - 1]
            return draw.missed(np.searchsorted(self._genuine, refused, side="right"))
        allowed = rate * draw.impostor_total * (1 + 1e-9)
        accepted = np.searchsorted(draw.impostor, allowed, side="right") - 1
        if accepted == len(self._highest):
            return draw.missed(np.int64(0)) if self._complete else np.array(np.nan)
        first_refused = self._highest[accepted]
        return draw.missed(np.searchsorted(self._genuine, first_refused, side="right"))

    def _at(self, draw: _Draw, threshold: float | None) -> tuple[float, float]:
        if threshold is None:
            return np.nan, np.nan
        wanted = np.float32(threshold)
        reaching = self._reach(wanted)
        known = self._complete or reaching < len(self._highest)
        fmr = draw.impostor[reaching] / draw.impostor_total if known else np.nan
        return float(fmr), float(draw.missed(np.searchsorted(self._genuine, wanted)))

    def _reach(self, scores: NDArray[np.float32] | np.float32) -> NDArray[np.int64]:
        """How many of the highest impostor scores reach each of some scores."""
        return np.searchsorted(-self._highest, -scores, side="right")

    def _holds(self, rate: float) -> bool:
        """Whether enough scores were kept to weigh those that a rate takes."""
        needed = ROOM * rate * float(self._levels.impostor_total[0])
        return self._complete or needed <= len(self._highest)
