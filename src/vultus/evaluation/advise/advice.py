"""A threshold for a gallery of N subjects, from the error rates that a pack carries."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vultus.errors import InvalidValue, TooFewComparisons
from vultus.matching.rates import ErrorRates
from vultus.matching.size import SearchSize

STEP = 1e-4
"""So finely thresholds are gone through."""
SHARES = (0.3, 0.1, 0.03, 0.01, 0.003, 0.001)
"""Of strangers, in a table."""


@dataclass(frozen=True, slots=True)
class Advice:
    """A threshold, and what follows from it among `subjects`.

    `low` and `high` bound the 95 % interval of the threshold that has exactly this false match
    rate. `fpir` is the share of strangers that it names, `fnir` the share of enrolled people that
    it misses, told from one photo of each. `fpir_low` and `fpir_high` bound what this threshold
    does.
    """

    threshold: float
    low: float
    high: float
    subjects: int
    fmr: float
    fpir: float
    fpir_low: float
    fpir_high: float
    fnir: float


@dataclass(frozen=True, slots=True)
class Costs:
    """What errors cost, in any unit, and what share of searches is for strangers."""

    false_alarm: float
    miss: float
    strangers: float = 0.5

    def __post_init__(self) -> None:
        if not (self.false_alarm > 0 and self.miss > 0 and 0 < self.strangers < 1):
            problem = "costs must be above 0, and the share of strangers between 0 and 1"
            raise InvalidValue("costs", problem)


def for_fpir(rates: ErrorRates, size: SearchSize, fpir: float) -> Advice:
    """The least threshold that names at most a share `fpir` of strangers.

    Raises:
        InvalidValue: that is no share, or there are no subjects.
        TooFewComparisons: the pack's rates were measured on too few people to tell.
    """
    _check_share("fpir", fpir)
    _check_size(size)
    fmr = rates.fmr_for(fpir, size.comparisons)
    _check_supported(rates, fmr)
    return _advice(rates, size, rates.similarity_at(fmr))


def for_fnir(rates: ErrorRates, size: SearchSize, fnir: float) -> Advice:
    """The highest threshold that misses at most a share `fnir` of enrolled people.

    Raises:
        InvalidValue: as for `for_fpir`; or even the lowest measured threshold misses more.
        TooFewComparisons: as for `for_fpir`.
    """
    _check_share("fnir", fnir)
    _check_size(size)
    thresholds = _thresholds(rates)
    missed = np.array([rates.fnir_at(each, size.comparisons) for each in thresholds])
    kept = thresholds[missed <= fnir]
    if not len(kept):
        least = f"with one photo each, {missed[0]:.2%} are always missed"
        problem = f"{fnir:g} cannot be reached among {size.subjects:,} subjects: {least}"
        raise InvalidValue("fnir", problem)
    return _advice(rates, size, float(kept[-1]))


def for_costs(rates: ErrorRates, size: SearchSize, costs: Costs) -> Advice:
    """The threshold whose errors cost least per search.

    Raises:
        InvalidValue: there are no subjects.
        TooFewComparisons: the best one lies beyond what the pack's rates support.
    """
    _check_size(size)

    def cost(threshold: float) -> float:
        alarms = costs.strangers * rates.fpir_at(threshold, size.comparisons)
        misses = (1 - costs.strangers) * rates.fnir_at(threshold, size.comparisons)
        return alarms * costs.false_alarm + misses * costs.miss

    best = _least(cost, rates)
    if best >= rates.similarities[-1]:
        _check_supported(rates, rates.least_fmr / 2)
    return _advice(rates, size, best)


def table(rates: ErrorRates, size: SearchSize) -> tuple[Advice, ...]:
    """Thresholds for several shares of strangers, as far as the rates support them."""
    needed = {share: rates.fmr_for(share, size.comparisons) for share in SHARES}
    supported = [share for share, fmr in needed.items() if fmr >= rates.least_fmr]
    return tuple(for_fpir(rates, size, share) for share in supported)


def _advice(rates: ErrorRates, size: SearchSize, threshold: float) -> Advice:
    fmr = rates.fmr_at(threshold)
    low, high = rates.similarities_at(fmr)
    fpir_low, fpir_high = rates.fpir_interval_at(threshold, size.comparisons)
    return Advice(
        threshold=threshold,
        low=low,
        high=high,
        subjects=size.subjects,
        fmr=fmr,
        fpir=rates.fpir_at(threshold, size.comparisons),
        fpir_low=fpir_low,
        fpir_high=fpir_high,
        fnir=rates.fnir_at(threshold, size.comparisons),
    )


def _least(cost: Callable[[float], float], rates: ErrorRates) -> float:
    thresholds = _thresholds(rates)
    return float(thresholds[np.argmin([cost(each) for each in thresholds])])


def _thresholds(rates: ErrorRates) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    first, last = rates.similarities[0], rates.similarities[-1]
    return np.linspace(first, last, int((last - first) / STEP) + 2)


def _check_supported(rates: ErrorRates, fmr: float) -> None:
    if fmr < rates.least_fmr:
        pairs = rates.people * (rates.people - 1) // 2
        needed = int(np.ceil(pairs * rates.least_fmr / fmr))
        raise TooFewComparisons(f"A false match rate of {fmr:.1g}", pairs, needed)


def _check_share(name: str, share: float) -> None:
    if not 0 < share < 1:
        raise InvalidValue(name, f"{share} is no share between 0 and 1, such as 0.01")


def _check_size(size: SearchSize) -> None:
    if size.subjects < 1:
        raise InvalidValue("subjects", "at least one is needed")
