"""Comparisons to fit a calibration to, where the data brings no pairs of its own."""

import numpy as np
from numpy.typing import NDArray

from vultus.evaluation.metrics.trials import Trials

MOST_OF_ONE = 20
"""Genuine comparisons of one person, so that nobody with many photos outweighs the others."""
FOLDS = 10


def sampled_trials(
    vectors: NDArray[np.float32], people: NDArray[np.int64], seed: int = 0
) -> Trials:
    """Draw genuine comparisons of everybody, and as many impostor ones within the same folds.

    Args:
        vectors: (N, D) rows of L2 norm 1.
        people: (N,) whom they show, by any number.
        seed: the same seed, the same comparisons.

    Returns:
        Trials in ten folds that have no person in common.
    """
    rng = np.random.default_rng(seed)
    names, places = np.unique(people, return_inverse=True)
    folds = rng.permutation(len(names)) % FOLDS
    genuine = _genuine(places, len(names), rng)
    impostor = np.concatenate(
        [_impostors(places, folds == fold, len(genuine) // FOLDS + 1, rng) for fold in range(FOLDS)]
    )
    rows = np.concatenate([genuine, impostor])
    scores = np.einsum("nd,nd->n", vectors[rows[:, 0]], vectors[rows[:, 1]]).clip(-1, 1)
    first, second = people[rows].T
    return Trials(scores, first, second, rows, folds[places[rows[:, 0]]])


def _genuine(places: NDArray[np.int64], people: int, rng: np.random.Generator) -> NDArray[np.int64]:
    order = np.argsort(places, kind="stable")
    own = np.split(order, np.cumsum(np.bincount(places, minlength=people))[:-1])
    pairs = [
        rng.permutation(np.stack(np.triu_indices(len(rows), 1), axis=1))[:MOST_OF_ONE]
        for rows in own
    ]
    chosen = [rows[pair] for rows, pair in zip(own, pairs, strict=True)]
    return np.concatenate(chosen)


def _impostors(
    places: NDArray[np.int64], inside: NDArray[np.bool_], count: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    rows = np.flatnonzero(inside[places])
    if not len(rows):
        return np.empty((0, 2), np.int64)
    drawn = rng.choice(rows, (count, 2))
    different: NDArray[np.int64] = drawn[places[drawn[:, 0]] != places[drawn[:, 1]]]
    return different
