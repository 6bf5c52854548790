"""Pairs for data that comes without any."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vultus.evaluation.datasets.dataset import Pair
from vultus.evaluation.protocols.people import numbered

FOLDS = 10
SEED = 0
MOST_PER_PERSON = 20
"""So many genuine pairs at most, or a few people with many images would decide everything."""


def drawn_pairs(
    subjects: Sequence[str],
    *,
    folds: int = FOLDS,
    most_per_person: int = MOST_PER_PERSON,
    seed: int = SEED,
) -> tuple[Pair, ...]:
    """Draw genuine pairs, and as many impostor ones, in folds that share no person.

    Args:
        subjects: (N,) whom each image shows.
        folds: how many; fewer where there are too few people to fill them.
        most_per_person: genuine pairs of one person.
        seed: the same one draws the same pairs.

    Returns:
        Pairs by fold; only genuine ones where a fold has a single person.
    """
    if not subjects:
        return ()
    rng = np.random.default_rng(seed)
    people = numbered(subjects)
    images = [np.flatnonzero(people == person) for person in range(people.max() + 1)]
    parts = _folds(images, min(folds, max(len(images) // 2, 1)), rng)
    return tuple(
        pair
        for fold, members in enumerate(parts)
        for pair in _of_fold([images[person] for person in members], fold, most_per_person, rng)
    )


def _folds(
    images: list[NDArray[np.int64]], folds: int, rng: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Deal people out, those with the most images first, so that every fold has its share."""
    counts = np.array([len(own) for own in images])
    shuffled = rng.permutation(len(images))
    dealt = shuffled[np.argsort(-counts[shuffled], kind="stable")]
    return [dealt[fold::folds] for fold in range(folds)]


def _of_fold(
    images: list[NDArray[np.int64]], fold: int, most: int, rng: np.random.Generator
) -> list[Pair]:
    genuine = [pair for own in images for pair in _genuine(own, fold, most, rng)]
    return genuine + _impostors(images, fold, len(genuine), rng)


def _genuine(own: NDArray[np.int64], fold: int, most: int, rng: np.random.Generator) -> list[Pair]:
    first, second = np.triu_indices(len(own), 1)
    kept = np.sort(rng.permutation(len(first))[:most])
    return [
        Pair(int(own[one]), int(own[other]), True, fold)
        for one, other in zip(first[kept], second[kept], strict=True)
    ]


def _impostors(
    images: list[NDArray[np.int64]], fold: int, wanted: int, rng: np.random.Generator
) -> list[Pair]:
    """Two different people, and an image of each; no pair twice."""
    counts = np.array([len(own) for own in images])
    possible = int((counts.sum() ** 2 - (counts**2).sum()) // 2)
    drawn = _some(images, wanted, rng) if possible > 4 * wanted else _all(images)
    kept = np.sort(rng.permutation(len(drawn))[:wanted])
    return [Pair(first, second, False, fold) for first, second in (drawn[each] for each in kept)]


def _some(
    images: list[NDArray[np.int64]], wanted: int, rng: np.random.Generator
) -> list[tuple[int, int]]:
    drawn: set[tuple[int, int]] = set()
    while len(drawn) < wanted:
        one, other = rng.choice(len(images), 2, replace=False)
        first, second = sorted((int(rng.choice(images[one])), int(rng.choice(images[other]))))
        drawn.add((first, second))
    return sorted(drawn)


def _all(images: list[NDArray[np.int64]]) -> list[tuple[int, int]]:
    rows = np.sort(np.concatenate(images))
    owner = {int(row): person for person, own in enumerate(images) for row in own}
    return [
        (int(one), int(other))
        for place, one in enumerate(rows)
        for other in rows[place + 1 :]
        if owner[int(one)] != owner[int(other)]
    ]
