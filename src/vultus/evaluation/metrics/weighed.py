"""Figures of verification in many weighings at once: each maps `Levels` to (B,) numbers."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vultus.evaluation.metrics.levels import Floats, Levels

Figure = Callable[[Levels], Floats]


def fnmr_at_fmr(target: float) -> Figure:
    """The FNMR at the least threshold whose FMR is at most `target`."""

    def figure(levels: Levels) -> Floats:
        rates = _pick(levels.fnmr(), first_at_fmr(levels, target))
        return np.where(levels.impostor_total > 0, rates, np.nan)

    return figure


def fmr_at(threshold: float) -> Figure:
    """The FMR at a threshold."""

    def figure(levels: Levels) -> Floats:
        return levels.fmr()[:, np.searchsorted(levels.values, np.float32(threshold))]

    return figure


def fnmr_at(threshold: float) -> Figure:
    """The FNMR at a threshold."""

    def figure(levels: Levels) -> Floats:
        return levels.fnmr()[:, np.searchsorted(levels.values, np.float32(threshold))]

    return figure


def equal_error_rate(levels: Levels) -> Floats:
    """The mean of FMR and FNMR where they come closest to each other."""
    fmr, fnmr = errors_at_crossing(levels)
    return (fmr + fnmr) / 2


def errors_at_crossing(levels: Levels) -> tuple[Floats, Floats]:
    """(B,) FMR and (B,) FNMR where they come closest to each other."""
    fmr, fnmr = levels.fmr(), levels.fnmr()
    closest = np.abs(fmr - fnmr).argmin(axis=1)
    return _pick(fmr, closest), _pick(fnmr, closest)


def area(levels: Levels) -> Floats:
    """The area under the ROC: how often a genuine score is above an impostor one; ties half."""
    impostor_total = levels.impostor_total[:, np.newaxis]
    unscored = impostor_total - levels.impostor.sum(axis=1, keepdims=True)
    below = unscored + levels.impostor.cumsum(axis=1) - levels.impostor / 2
    unscored_genuine = levels.genuine_total - levels.genuine.sum(axis=1)
    wins = (levels.genuine * below).sum(axis=1) + unscored_genuine * unscored[:, 0] / 2
    areas: Floats = wins / (levels.genuine_total * levels.impostor_total)
    return areas


def first_at_fmr(levels: Levels, target: float) -> NDArray[np.int64]:
    """(B,) which of `values` is the least threshold whose FMR is at most `target`; U for none."""
    places: NDArray[np.int64] = np.argmax(levels.fmr() <= target * (1 + 1e-9), axis=1)
    return places


def _pick(rates: Floats, places: NDArray[np.int64]) -> Floats:
    return np.take_along_axis(rates, places[:, np.newaxis], axis=1)[:, 0]
