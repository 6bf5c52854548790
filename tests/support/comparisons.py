"""Comparisons with made-up scores, for tests of figures."""

import numpy as np
from numpy.typing import NDArray

from vultus.evaluation.metrics.trials import Trials


def trials_of(
    scores: list[float] | NDArray[np.floating],
    first: list[int] | NDArray[np.int64],
    second: list[int] | NDArray[np.int64],
    folds: list[int] | NDArray[np.int64] | None = None,
) -> Trials:
    count = len(scores)
    return Trials(
        np.array(scores, np.float32),
        np.array(first, np.int64),
        np.array(second, np.int64),
        np.arange(2 * count).reshape(count, 2),
        np.zeros(count, np.int64) if folds is None else np.array(folds, np.int64),
    )


def some_trials(people: int, seed: int, *, shift: float = 0.0, folds: int = 4) -> Trials:
    """Three genuine comparisons of each person and three with the next, in folds of neighbours."""
    rng = np.random.default_rng(seed)
    first = np.repeat(np.arange(people), 6)
    fold = first * folds // people
    ends = np.searchsorted(fold, fold, side="right") - 1
    others = np.minimum(first + 1, first[ends])
    others = np.where(others == first, first - 1, others)
    second = np.where(np.arange(6 * people) % 6 < 3, first, others)
    level = rng.normal(0, 0.1, people)[first]
    noise = rng.normal(0, 0.12, 6 * people)
    scores = np.where(first == second, 0.6 + shift, 0.1) + level + noise
    return trials_of(scores.clip(-1, 1), first, second, fold)
