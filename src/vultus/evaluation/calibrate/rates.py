"""Error rates along the threshold, with intervals, from photos of known people.

Every person weighs the same, and every two people do: of somebody with 500 photos a threshold
would else be told mostly from them.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from vultus.errors import TooFewComparisons
from vultus.evaluation.calibrate.knots import DIGITS
from vultus.evaluation.calibrate.outcomes import Outcomes
from vultus.evaluation.calibrate.tail import Tail, measure_tail, similarity_of
from vultus.evaluation.metrics.estimate import LEVEL
from vultus.evaluation.metrics.resampling import Resampling
from vultus.matching.rates import ErrorRates, Rate, Spread

Floats = NDArray[np.float64]

HIGHEST = 10**-1.25
"""False match rate of the first knot."""
PER_DECADE = 4
LEAST_PAIRS = 10
"""Pairs of people that must reach the last knot."""
RESAMPLING = Resampling(replicates=200)
SHARES = (0.002, 0.98)
"""Shares of strangers that the spread is fitted to."""
LEAST_SEEN = 5


def measure_rates(
    vectors: NDArray[np.float32],
    people: NDArray[np.int64],
    outcomes: Outcomes,
    protocol: str,
    resampling: Resampling = RESAMPLING,
) -> ErrorRates:
    """Measure false match and false non-match rates where thresholds lie.

    Args:
        vectors: (N, D) rows of L2 norm 1.
        people: (N,) whom they show, by any number.
        outcomes: of searches among the same people; they say how much strangers differ.
        protocol: on what this is measured, for people.
        resampling: how often people are drawn for the intervals.

    Raises:
        TooFewComparisons: there are too few people for a false match rate of 1 %.
    """
    places = np.unique(people, return_inverse=True)[1]
    tail = measure_tail(vectors, places, HIGHEST)
    if tail.pairs * 0.01 < LEAST_PAIRS:
        raise TooFewComparisons("A false match rate", tail.pairs, LEAST_PAIRS * 100)
    knots = _knots(tail)
    similarities = similarity_of(knots)
    fmr = _false_matches(tail, knots, int(places.max()) + 1, resampling)
    fnmr = _false_non_matches(vectors, places, similarities, resampling)
    return ErrorRates(
        similarities=tuple(similarities.round(DIGITS).tolist()),
        fmr=fmr,
        fnmr=fnmr,
        spread=_spread(outcomes, similarities, np.array(fmr.value)),
        people=int(places.max()) + 1,
        protocol=protocol,
    )


def _knots(tail: Tail) -> NDArray[np.int64]:
    """The bins at which FMR is at most `HIGHEST`, and then a quarter of a decade less each."""
    reached = tail.weights[::-1].cumsum()[::-1]
    lowest = LEAST_PAIRS / tail.pairs
    steps = int(np.floor(np.log10(HIGHEST / lowest) * PER_DECADE)) + 1
    wanted = HIGHEST * 10 ** (-np.arange(steps) / PER_DECADE)
    return np.unique([int(np.argmax(reached <= rate * reached[0])) for rate in wanted])


def _false_matches(
    tail: Tail, knots: NDArray[np.int64], people: int, resampling: Resampling
) -> Rate:
    reached = tail.weights[::-1].cumsum()[::-1]
    value = reached[knots] / reached[0]
    places = np.searchsorted(knots, tail.bins, side="right") - 1
    inside = places >= 0
    places, first, second = (each[inside] for each in (places, tail.first, tail.second))
    shares = tail.shares[inside]
    drawn = [
        _reaching(shares * weight[first] * weight[second], places, len(knots)) / _pairs(weight)
        for weights in resampling.draws(people, 1)
        for weight in weights
    ]
    return _rate(value, np.array(drawn), falling=True)


def _reaching(weights: Floats, places: NDArray[np.int64], knots: int) -> Floats:
    """(K,) weight of what reaches each knot."""
    return np.bincount(places, weights, knots)[::-1].cumsum()[::-1]


def _pairs(weight: Floats) -> float:
    """The weight of all pairs of different people, of whom each was drawn so often."""
    return float((weight.sum() ** 2 - (weight**2).sum()) / 2)


def _false_non_matches(
    vectors: NDArray[np.float32],
    people: NDArray[np.int64],
    similarities: Floats,
    resampling: Resampling,
) -> Rate:
    missed = np.array(
        [
            _missed(vectors[people == person], similarities)
            for person in np.flatnonzero(np.bincount(people) > 1)
        ]
    )
    if not len(missed):
        raise TooFewComparisons("A false non-match rate", 0, 1)
    drawn = [
        (weights @ missed) / weights.sum(axis=1, keepdims=True)
        for weights in resampling.draws(len(missed), resampling.replicates)
    ]
    return _rate(missed.mean(axis=0), np.concatenate(drawn), falling=False)


def _missed(own: NDArray[np.float32], similarities: Floats) -> Floats:
    """(K,) shares of the pairs of photos of one person that do not reach each similarity."""
    cosines = np.sort((own @ own.T)[np.triu_indices(len(own), 1)])
    return np.searchsorted(cosines, similarities, side="left") / len(cosines)


def _rate(value: Floats, drawn: Floats, *, falling: bool) -> Rate:
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    low, high = np.minimum(low, value), np.maximum(high, value)
    if falling:
        # A draw without any of the few last comparisons says nothing of how rare they are.
        low = np.maximum(low, value / 10)
        low, high = (np.minimum.accumulate(each) for each in (low, high))
    return Rate(*(tuple(float(f"{rate:.4g}") for rate in each) for each in (value, low, high)))


def _spread(outcomes: Outcomes, similarities: Floats, fmr: Floats) -> Spread:
    """How much strangers must differ for FMR and size to tell the FPIR that was seen."""
    seen = [
        (rate, int(size), share)
        for size in np.unique(outcomes.subjects)
        for rate, share in zip(fmr, _named(outcomes, int(size), similarities), strict=True)
        if SHARES[0] <= share <= SHARES[1]
    ]
    if len(seen) < LEAST_SEEN:
        raise TooFewComparisons("The share of strangers named", len(seen), LEAST_SEEN)
    rates, sizes, shares = map(np.array, zip(*seen, strict=True))

    def misfit(values: Floats) -> float:
        said = Spread(float(np.exp(values[0])), float(values[1])).fpir(rates, sizes)
        return float(np.square(_log_odds(said) - _log_odds(shares)).sum())

    bounds = [(np.log(0.01), np.log(1e4)), (0.0, 1.0)]
    found = minimize(misfit, [0.0, 0.5], bounds=bounds, method="L-BFGS-B")
    shape, power = (float(f"{value:.4g}") for value in (np.exp(found.x[0]), found.x[1]))
    return Spread(shape, power)


def _named(outcomes: Outcomes, size: int, similarities: Floats) -> Floats:
    """(K,) shares of strangers who reach each similarity among so many with one photo each."""
    chosen = (outcomes.subjects == size) & (outcomes.comparisons == size) & ~outcomes.mated
    best = np.sort(outcomes.similarities[chosen])
    return 1 - np.searchsorted(best, similarities, side="left") / max(len(best), 1)


def _log_odds(shares: Floats) -> Floats:
    odds: Floats = np.log(shares) - np.log1p(-shares)
    return odds
