"""How often a threshold errs: the measured rates of a pack, and what follows for a gallery.

Terms of ISO/IEC 19795-1. FMR: share of pairs of two people that reach the threshold. FNMR: share of
pairs of one person that do not. FPIR: share of searches for strangers that name somebody. FNIR:
share of searches for enrolled people that do not name them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.errors import InvalidValue
from vultus.matching.size import SearchSize

Along = float | Sequence[float] | NDArray[np.float64]
"""A number, or many."""

SHAPE_FMR = 1e-3
STEPS = 512
"""So finely the mated similarities above a threshold are gone through."""
LEAST_LOG_FMR, HALVINGS = math.log(1e-15), 50
LAST_KNOTS = 4
"""Over so many the steepness is taken by which a curve is continued."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate at each of some similarities, with the bounds of its 95 % interval."""

    value: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """How much strangers differ in how easily they match.

    Were all strangers alike, N subjects would be reached by 1 - (1 - FMR)^N of them. They are not:
    some look like many, and most like nobody. With rates that differ as a gamma distribution of
    shape k, N subjects are reached by 1 - (1 + N FMR / k)^-k, which is less. The shape is `shape`
    at an FMR of 0.001, and changes with the power `power` of the FMR: the higher the threshold, the
    fewer strangers are behind all that reaches it.
    """

    shape: float
    power: float

    def __post_init__(self) -> None:
        if not self.shape > 0 or not 0 <= self.power <= 1:
            raise InvalidValue("spread", "a shape above 0 and a power in [0, 1] are needed")

    def fpir(self, fmr: Along, comparisons: float | NDArray[np.int64]) -> NDArray[np.float64]:
        """Share of strangers who match in any of so many comparisons, each with a rate `fmr`."""
        rates = np.asarray(fmr, np.float64)
        shape = self.shape * (rates / SHAPE_FMR) ** self.power
        missed: NDArray[np.float64] = np.expm1(-shape * np.log1p(comparisons * rates / shape))
        return -missed


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """False match and false non-match rates along `similarities`, which rise strictly.

    Rates of false matches never rise and are above 0, those of false non-matches never fall.
    `spread` says how much strangers differ in how easily they match. `people` and `protocol` tell
    on what all of it was measured.
    """

    similarities: tuple[float, ...]
    fmr: Rate
    fnmr: Rate
    spread: Spread
    people: int
    protocol: str

    def __post_init__(self) -> None:
        count = len(self.similarities)
        curves = [*_sides(self.fmr), *_sides(self.fnmr)]
        if count < 2 or any(len(curve) != count for curve in curves):
            raise InvalidValue("rates", "at least two knots are needed, and as many of each rate")
        if (np.diff(self.similarities) <= 0).any():
            raise InvalidValue("rates", "similarities must rise")
        if any(min(each) <= 0 or (np.diff(each) > 0).any() for each in _sides(self.fmr)):
            raise InvalidValue("rates", "false match rates must fall, and stay above 0")
        if any((np.diff(each) < 0).any() for each in _sides(self.fnmr)):
            raise InvalidValue("rates", "false non-match rates must rise")

    @property
    def least_fmr(self) -> float:
        """The lowest false match rate that was measured."""
        return self.fmr.value[-1]

    @property
    def most_fmr(self) -> float:
        """The highest false match rate that was measured, at the lowest threshold."""
        return self.fmr.value[0]

    def fmr_at(self, similarity: float) -> float:
        """False match rate at a threshold.

        Above the last knot it falls on as steeply. Below the first one nothing was measured, and
        the answer is what the first one says, which is too little.
        """
        return float(np.exp(_extended(similarity, self.similarities, np.log(self.fmr.value))))

    def fnmr_at(self, similarity: float) -> float:
        """False non-match rate at a threshold; flat beyond the knots."""
        return float(np.interp(similarity, self.similarities, self.fnmr.value))

    def similarity_at(self, fmr: float) -> float:
        """The least threshold whose false match rate is at most `fmr`, in [-1, 1].

        Below the lowest measured rate the curve is continued straight, which asks for more than is
        needed: measured curves fall ever steeper.
        """
        return self._similarity_at(fmr, self.fmr.value)

    def similarities_at(self, fmr: float) -> tuple[float, float]:
        """The 95 % interval of `similarity_at(fmr)`."""
        return self._similarity_at(fmr, self.fmr.low), self._similarity_at(fmr, self.fmr.high)

    def fpir_at(self, similarity: float, comparisons: int) -> float:
        """Share of strangers who reach a threshold in any of so many comparisons."""
        return float(self.spread.fpir(self.fmr_at(similarity), comparisons))

    def fpir_interval_at(self, similarity: float, comparisons: int) -> tuple[float, float]:
        """The 95 % interval of `fpir_at`, as far as it comes from that of the false match rate."""
        bounds = (
            np.exp(_extended(similarity, self.similarities, np.log(curve)))
            for curve in (self.fmr.low, self.fmr.high)
        )
        low, high = (float(self.spread.fpir(fmr, comparisons)) for fmr in bounds)
        return low, high

    def fmr_for(self, fpir: float, comparisons: int) -> float:
        """The false match rate at which a share `fpir` of strangers match in any comparison."""
        low, high = LEAST_LOG_FMR, 0.0
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            reaches = self.spread.fpir(math.exp(middle), max(comparisons, 1)) > fpir
            low, high = (low, middle) if reaches else (middle, high)
        return math.exp(low)

    def fnir_at(self, similarity: float, size: SearchSize) -> float:
        """Share of searches for enrolled people that do not name them, by one photo of each.

        They are missed because they do not reach the threshold themselves, or because somebody else
        is more similar. The rates were measured on pairs of photos. Where subjects have several,
        the best of them, or their mean, is at least as similar as one, so that the true share is at
        most this; how much less it is does not follow from rates of pairs.
        """
        return self._fnir(similarity, size, self.fmr.value, self.fnmr.value)

    def fnir_interval_at(self, similarity: float, size: SearchSize) -> tuple[float, float]:
        """The 95 % interval of `fnir_at`, as far as it comes from those of both rates.

        Both are taken at their bounds at once, so that it is rather too wide than too narrow.
        """
        low = self._fnir(similarity, size, self.fmr.low, self.fnmr.low)
        return low, self._fnir(similarity, size, self.fmr.high, self.fnmr.high)

    def _fnir(
        self, similarity: float, size: SearchSize, fmr: Sequence[float], fnmr: Sequence[float]
    ) -> float:
        steps = np.linspace(similarity, max(self.similarities[-1], similarity), STEPS)
        reached = 1 - np.interp(steps, self.similarities, fnmr)
        rates = np.exp(_extended(steps, self.similarities, np.log(fmr)))
        others = self.spread.fpir(rates, max(size.comparisons - size.per_subject, 0.0))
        # Mated similarities fall between two steps in such shares; the rest lies above them all.
        shares = -np.diff(reached, append=0.0)
        return float(1 - (shares * (1 - others)).sum())

    def _similarity_at(self, fmr: float, curve: Sequence[float]) -> float:
        falling = -np.log(curve)
        rising = np.maximum.accumulate(falling + np.arange(len(curve)) * 1e-12)
        found = float(_extended(-math.log(fmr), rising, self.similarities))
        return min(max(found, -1.0), 1.0)


def _sides(rate: Rate) -> tuple[tuple[float, ...], ...]:
    return rate.value, rate.low, rate.high


def _extended(x: Along, xs: Along, ys: Along) -> NDArray[np.float64]:
    """Interpolate, and continue straight as over the last knots; flat before the first one."""
    known, values = np.asarray(xs, np.float64), np.asarray(ys, np.float64)
    tail = max(-LAST_KNOTS, -len(known))
    slope = (values[-1] - values[tail]) / (known[-1] - known[tail])
    beyond: NDArray[np.float64] = np.maximum(np.subtract(x, known[-1]), 0) * slope
    return np.interp(x, known, values) + beyond
