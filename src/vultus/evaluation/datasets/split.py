"""Dividing the people of a dataset: nobody is in two splits."""

import math
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from vultus.errors import SplitImpossible
from vultus.evaluation.datasets.dataset import Dataset

Shares = Mapping[str, float]
"""Of the people, by the name of a split; they add up to 1."""


def split_people(dataset: Dataset, shares: Shares, seed: int = 0) -> Dataset:
    """Divide the people of a dataset at random, and give the new version.

    People with about as many images (1, 2, 3, 4 to 7, 8 to 15 …) are divided among themselves, so
    that the splits are alike in that too. What comes out follows from the names of the people, the
    shares and the seed, and from nothing else.

    Raises:
        SplitImpossible: the shares are none, or some split would have nobody.
    """
    _check(dataset, shares)
    split_of = _divided(_strata(dataset), shares, seed)
    empty = shares.keys() - set(split_of.values())
    if empty:
        people = f"it has {len(split_of)} people, too few for {', '.join(sorted(empty))}"
        raise SplitImpossible(dataset.name, people)
    images = tuple(replace(image, split=split_of[image.subject]) for image in dataset.images)
    return replace(dataset, images=images, parent=dataset.version, part_of=None, split=None)


def _check(dataset: Dataset, shares: Shares) -> None:
    if not math.isclose(sum(shares.values()), 1, abs_tol=1e-6):
        raise SplitImpossible(dataset.name, "the shares must add up to 1")
    if any(share <= 0 for share in shares.values()):
        raise SplitImpossible(dataset.name, "every share must be above 0")


def _strata(dataset: Dataset) -> Mapping[int, list[str]]:
    """People by how many images they have, the most first."""
    counts: dict[str, int] = {}
    for image in dataset.images:
        counts[image.subject] = counts.get(image.subject, 0) + 1
    strata: dict[int, list[str]] = {}
    for subject, count in counts.items():
        strata.setdefault(_stratum(count), []).append(subject)
    return dict(sorted(strata.items(), reverse=True))


def _stratum(images: int) -> int:
    return images if images < 4 else 1 << (images.bit_length() - 1)


def _divided(strata: Mapping[int, list[str]], shares: Shares, seed: int) -> dict[str, str]:
    """Give each next person to the split that lacks the most; what is left over is carried on."""
    split_of: dict[str, str] = {}
    owed = dict.fromkeys(shares, 0.0)
    for people in strata.values():
        for person in sorted(people, key=lambda name: _drawn(seed, name)):
            for split, share in shares.items():
                owed[split] += share
            chosen = max(owed, key=lambda split: owed[split])
            owed[chosen] -= 1
            split_of[person] = chosen
    return split_of


def _drawn(seed: int, name: str) -> str:
    # A digest is the same on every machine and in every version, which a generator is not.
    return sha256(f"{seed}/{name}".encode()).hexdigest()
