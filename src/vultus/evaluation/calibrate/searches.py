"""The probability that the best of N subjects is the one searched for, fitted to searches."""

import numpy as np
from scipy.optimize import minimize

from vultus.errors import TooFewComparisons
from vultus.evaluation.calibrate.knots import DIGITS, Floats
from vultus.evaluation.calibrate.outcomes import Outcomes
from vultus.evaluation.metrics.calibration import LEAST_PEOPLE
from vultus.evaluation.metrics.estimate import rule_of_three
from vultus.matching.calibration import MOST_POWER, SearchCalibration

STRANGERS = 0.5
"""Share of searches for people who are not enrolled, as in the fit."""
KNOTS = 13
RIDGE = 1e-6
"""So little does a bend cost that the data do not ask for."""


def fit_searches(outcomes: Outcomes, protocol: str) -> SearchCalibration:
    """Fit log-odds that rise with the similarity and fall with the logarithm of the size.

    A logistic regression on the rises between knots, none of which may be negative, and on the
    logarithms of the subjects and of the comparisons per subject.

    Raises:
        TooFewComparisons: fewer than 100 people were searched for who were enrolled.
    """
    # Only who is enrolled can be found, however many strangers are searched for.
    people = len(np.unique(outcomes.people[outcomes.mated]))
    if people < LEAST_PEOPLE:
        unit = "people with several photos"
        raise TooFewComparisons("The probability of a search", people, LEAST_PEOPLE, unit)
    xs = _knots(outcomes)
    weights = search_weights(outcomes)
    log_odds, growth, crowding = _fitted(outcomes, xs, weights)
    bound = rule_of_three(people)
    return SearchCalibration(
        similarities=tuple(xs.tolist()),
        log_odds=tuple(np.maximum.accumulate(log_odds.round(DIGITS)).tolist()),
        growth=round(growth, DIGITS),
        crowding=round(crowding, DIGITS),
        least=round(bound, DIGITS),
        most=round(1 - bound, DIGITS),
        strangers=STRANGERS,
        protocol=protocol,
    )


def search_weights(outcomes: Outcomes) -> Floats:
    """(M,) weights by which, at every size, half of the searches are for strangers."""
    weights = np.zeros(len(outcomes.mated))
    kinds = np.stack([outcomes.subjects, outcomes.comparisons], axis=1)
    for kind in np.unique(kinds, axis=0):
        for mated, share in ((True, 1 - STRANGERS), (False, STRANGERS)):
            own = (kinds == kind).all(axis=1) & (outcomes.mated == mated)
            weights[own] = share / max(own.sum(), 1)
    shares: Floats = weights / weights.sum()
    return shares


def _knots(outcomes: Outcomes) -> Floats:
    """Similarities among which right and wrong answers lie evenly."""
    shares = np.linspace(0, 1, KNOTS // 2 + 1)
    right = np.quantile(outcomes.similarities[outcomes.right], shares)
    wrong = np.quantile(outcomes.similarities[~outcomes.right], shares)
    return np.unique(np.concatenate([right, wrong]).round(DIGITS))


def _fitted(outcomes: Outcomes, xs: Floats, weights: Floats) -> tuple[Floats, float, float]:
    lower, upper = xs[:-1], xs[1:]
    rises = ((outcomes.similarities[:, np.newaxis] - lower) / (upper - lower)).clip(0, 1)
    sizes = np.log([outcomes.subjects, outcomes.comparisons / outcomes.subjects])
    signs = np.where(outcomes.right, 1.0, -1.0)

    def loss(values: Floats) -> tuple[float, Floats]:
        start, powers, steps = values[0], values[1:3], values[3:]
        margin = signs * (start + rises @ steps - powers @ sizes)
        pull = -weights * signs * _share(-margin)
        slopes = np.concatenate([[pull.sum()], -(sizes @ pull), rises.T @ pull + RIDGE * steps])
        cost = float((weights * np.logaddexp(0, -margin)).sum() + RIDGE / 2 * (steps @ steps))
        return cost, slopes

    first = np.concatenate([[-3.0, 1.0, 1.0], np.ones(len(lower))])
    bounds = [(None, None), *[(0, MOST_POWER)] * 2, *[(0, None)] * len(lower)]
    found = minimize(loss, first, jac=True, method="L-BFGS-B", bounds=bounds)
    start, (growth, crowding), steps = found.x[0], found.x[1:3], found.x[3:]
    return start + np.concatenate([[0.0], np.cumsum(steps)]), float(growth), float(crowding)


def _share(odds: Floats) -> Floats:
    shares: Floats = np.exp(-np.logaddexp(0, -odds))
    return shares
