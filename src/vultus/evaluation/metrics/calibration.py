"""Whether probabilities can be taken at their word.

Data has its own mix of genuine and impostor comparisons; a probability belongs to a stated prior.
`prior_weights` brings the one to the other, and every figure here takes such weights.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import brier_score_loss

from vultus.errors import InvalidValue, TooFewComparisons
from vultus.evaluation.metrics.levels import Floats, Weights
from vultus.evaluation.metrics.resampling import Statistic

BINS = 15
"""As usual in papers."""
LEAST_PEOPLE = 100
"""In genuine comparisons, and in impostor ones.

Of fewer, a bin speaks of six people or less, and what not one of them contradicts is known to more
than three points (the rule of three): the error of a perfect calibration would be as large by
chance as that of a poor one.
"""


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Comparisons of similar probability: what was said on average, and what was so.

    `share` is the part of the whole weight, and `comparisons` their number.
    """

    low: float
    high: float
    said: float
    observed: float
    share: float
    comparisons: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """The reliability diagram: bins of equal weight, from the least probability up."""

    bins: tuple[ReliabilityBin, ...]
    prior: float


def prior_weights(same: NDArray[np.bool_], prior: float) -> Floats:
    """(N,) weights under which a share `prior` of the comparisons is genuine; their sum is N.

    Raises:
        InvalidValue: the prior is not strictly between 0 and 1.
        TooFewComparisons: there is none of one kind.
    """
    if not 0 < prior < 1:
        raise InvalidValue("prior", f"{prior} is not strictly between 0 and 1")
    genuine = int(same.sum())
    if not 0 < genuine < len(same):
        raise TooFewComparisons("Calibration", min(genuine, len(same) - genuine), 1)
    share = np.where(same, prior / genuine, (1 - prior) / (len(same) - genuine))
    return share * len(same)


def need_people(first: NDArray[np.int64], second: NDArray[np.int64], figure: str) -> None:
    """Refuse to speak of the probabilities of too few people.

    Args:
        first: (N,) one person of each comparison, by any number.
        second: (N,) the other; the same number twice is a genuine comparison.
        figure: what is asked, at the beginning of a sentence.

    Raises:
        TooFewComparisons: fewer than 100 people are in genuine ones, or in impostor ones.
    """
    same = first == second
    for kind, chosen in (("genuine", same), ("impostor", ~same)):
        people = len(np.unique(np.concatenate([first[chosen], second[chosen]])))
        if people < LEAST_PEOPLE:
            unit = f"people in {kind} comparisons"
            raise TooFewComparisons(figure, people, LEAST_PEOPLE, unit)


def brier(probabilities: Floats, same: NDArray[np.bool_], weights: Floats) -> float:
    """The mean squared distance of (N,) probabilities from the truth, 0 or 1; 0 is best."""
    return float(brier_score_loss(same, probabilities, sample_weight=weights, pos_label=True))


def expected_calibration_error(
    probabilities: Floats, same: NDArray[np.bool_], weights: Floats, bins: int = BINS
) -> float:
    """ECE over bins of equal weight: how far what is said is from what is so; 0 is best.

    Source: Nixon et al., Measuring Calibration in Deep Learning (2019), adaptive bins.
    """
    statistic = calibration_error(probabilities, same, weights, bins)
    return float(statistic(np.ones((1, len(probabilities))))[0, 0])


def reliability(
    probabilities: Floats, same: NDArray[np.bool_], prior: float, bins: int = BINS
) -> Reliability:
    """The reliability diagram of (N,) probabilities at a prior."""
    weights = prior_weights(same, prior)
    order, starts = _bins(probabilities, weights, bins)
    parts = np.split(order, starts[1:])
    return Reliability(
        tuple(_bin(probabilities[part], same[part], weights[part], len(order)) for part in parts),
        prior,
    )


def calibration_error(
    probabilities: Floats, same: NDArray[np.bool_], weights: Floats, bins: int = BINS
) -> Statistic:
    """ECE for a bootstrap: the bins stay as they are, what is in them is drawn anew.

    A draw weighs genuine comparisons anew, so that their share stays that of `weights`.
    """
    order, starts = _bins(probabilities, weights, bins)
    wrong = (probabilities - same)[order]
    kinds = [weights[order] * kind for kind in (same[order], ~same[order]) if kind.any()]

    def statistic(drawn: Weights) -> Floats:
        gaps = np.zeros((len(drawn), len(starts)))
        for own in kinds:
            weighed = own * drawn[:, order]
            scale = own.sum() / weighed.sum(axis=1, keepdims=True)
            gaps += np.add.reduceat(weighed * wrong, starts, axis=1) * scale
        errors: Floats = np.abs(gaps).sum(axis=1, keepdims=True) / weights.sum()
        return errors

    return statistic


def _bins(
    probabilities: Floats, weights: Floats, bins: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The order of the probabilities, and where in it each bin starts.

    Equal probabilities share a bin, or else the order of the data would decide; so there may be
    fewer bins than wanted, such as where a calibration is flat.
    """
    order = np.argsort(probabilities, kind="stable")
    before = np.cumsum(weights[order]) - weights[order]
    ends = weights.sum() * np.arange(bins) / bins
    rising = probabilities[order]
    starts = np.searchsorted(before, ends * (1 - 1e-12))
    firsts = np.searchsorted(rising, rising[np.minimum(starts, len(rising) - 1)])
    return order, np.unique(firsts)


def _bin(
    probabilities: Floats, same: NDArray[np.bool_], weights: Floats, total: float
) -> ReliabilityBin:
    return ReliabilityBin(
        float(probabilities.min()),
        float(probabilities.max()),
        float(np.average(probabilities, weights=weights)),
        float(np.average(same, weights=weights)),
        float(weights.sum() / total),
        len(probabilities),
    )
