"""A threshold for a gallery of N subjects, from the error rates that a pack carries.

Where no threshold that was measured does what is asked, the question is refused. Where one does,
but the threshold that is sought lies beyond all of them, the last one is given, and said to be it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vultus.errors import InvalidValue, TooFewComparisons
from vultus.matching.rates import ErrorRates
from vultus.matching.size import SearchSize

STEP = 1e-4
"""So finely thresholds are gone through."""
SHARES = (0.3, 0.1, 0.03, 0.01, 0.003, 0.001)
"""Of strangers, in a table."""

TINY = 1e-9
"""Of a similarity; less is rounding."""

End = Literal["lowest", "highest", "below", "above"]


@dataclass(frozen=True, slots=True)
class Advice:
    """A threshold, and what follows from it among `subjects`, in `comparisons` with their photos.

    `low` and `high` bound the 95 % interval of the threshold that has exactly this false match
    rate. `fpir` is the share of strangers that it names, `fnir` the share of enrolled people that
    it misses if each is found by one photo: with several, it is at most that. The intervals of both
    bound what this threshold does.

    `end` is None where the threshold lies among those that were measured. `lowest` and `highest`
    say that it is the last of these, and the one sought lies beyond. `below` and `above` say that
    it lies beyond them itself: below, it names more strangers than is said and misses fewer people;
    above, it is the other way round.
    """

    threshold: float
    low: float
    high: float
    subjects: int
    comparisons: int
    fmr: float
    fpir: float
    fpir_low: float
    fpir_high: float
    fnir: float
    fnir_low: float
    fnir_high: float
    end: End | None = None

    @property
    def several_photos(self) -> bool:
        """Whether some subject has several, so that `fnir` is an upper bound."""
        return self.comparisons > self.subjects


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
        TooFewComparisons: every threshold that was measured names more. The pack's rates come from
            too few people to tell.
    """
    _check_share("fpir", fpir)
    _check_size(size)
    fmr = rates.fmr_for(fpir, size.comparisons)
    _check_supported(rates, fmr)
    end: End | None = "lowest" if fmr > rates.most_fmr else None
    return at_threshold(rates, size, rates.similarity_at(fmr), end)


def for_fnir(rates: ErrorRates, size: SearchSize, fnir: float) -> Advice:
    """The highest threshold that misses at most a share `fnir` of enrolled people.

    Raises:
        InvalidValue: that is no share, there are no subjects, or every threshold that was measured
            misses more.
    """
    _check_share("fnir", fnir)
    _check_size(size)
    thresholds = _thresholds(rates)
    missed = np.array([rates.fnir_at(each, size) for each in thresholds])
    kept = thresholds[missed <= fnir]
    if not len(kept):
        raise InvalidValue("fnir", _too_few(fnir, size, thresholds[0], missed[0]))
    end: End | None = "highest" if len(kept) == len(thresholds) else None
    return at_threshold(rates, size, float(kept[-1]), end)


def for_costs(rates: ErrorRates, size: SearchSize, costs: Costs) -> Advice:
    """The threshold whose errors cost least per search, of those that were measured.

    Raises:
        InvalidValue: there are no subjects.
    """
    _check_size(size)

    def cost(threshold: float) -> float:
        alarms = costs.strangers * rates.fpir_at(threshold, size.comparisons)
        misses = (1 - costs.strangers) * rates.fnir_at(threshold, size)
        return alarms * costs.false_alarm + misses * costs.miss

    best, end = _least(cost, rates)
    return at_threshold(rates, size, best, end)


def table(rates: ErrorRates, size: SearchSize) -> tuple[Advice, ...]:
    """Thresholds for several shares of strangers, as far as they were measured."""
    needed = {share: rates.fmr_for(share, size.comparisons) for share in SHARES}
    measured = [share for share, fmr in needed.items() if rates.least_fmr <= fmr <= rates.most_fmr]
    return tuple(for_fpir(rates, size, share) for share in measured)


def at_threshold(
    rates: ErrorRates, size: SearchSize, threshold: float, end: End | None = None
) -> Advice:
    """What a threshold does; `end` says why it is asked about, where it is the last one measured.

    Raises:
        InvalidValue: there are no subjects.
    """
    _check_size(size)
    fmr = rates.fmr_at(threshold)
    low, high = rates.similarities_at(fmr)
    fpir_low, fpir_high = rates.fpir_interval_at(threshold, size.comparisons)
    fnir_low, fnir_high = rates.fnir_interval_at(threshold, size)
    return Advice(
        threshold=threshold,
        low=low,
        high=high,
        subjects=size.subjects,
        comparisons=size.comparisons,
        fmr=fmr,
        fpir=rates.fpir_at(threshold, size.comparisons),
        fpir_low=fpir_low,
        fpir_high=fpir_high,
        fnir=rates.fnir_at(threshold, size),
        fnir_low=fnir_low,
        fnir_high=fnir_high,
        end=end or _beyond(rates, threshold),
    )


def _beyond(rates: ErrorRates, threshold: float) -> End | None:
    if threshold < rates.similarities[0] - TINY:
        return "below"
    return "above" if threshold > rates.similarities[-1] + TINY else None


def _too_few(fnir: float, size: SearchSize, lowest: float, missed: float) -> str:
    least = f"the lowest threshold that was measured, {lowest:.4f}, misses {missed:.2%}"
    if size.comparisons > size.subjects:
        least += ", told from one photo of each; how many fewer several miss was not measured"
    else:
        least += " with one photo each; what lower ones miss was not measured"
    return f"{fnir:g} is too few in a gallery of {size.subjects:,}: {least}"


def _least(cost: Callable[[float], float], rates: ErrorRates) -> tuple[float, End | None]:
    thresholds = _thresholds(rates)
    best = int(np.argmin([cost(each) for each in thresholds]))
    ends: dict[int, End] = {0: "lowest", len(thresholds) - 1: "highest"}
    return float(thresholds[best]), ends.get(best)


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
