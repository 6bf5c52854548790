"""Groups of images: by an attribute, or by a measured quantity."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Worse = Literal["smaller", "larger"]
"""Which of two photos decides what a comparison of both belongs to."""


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """N things, each in one group or none: `places` (N,) number `labels`, -1 for none."""

    labels: tuple[str, ...]
    places: NDArray[np.int64]


def by_label(labels: Sequence[str]) -> Grouping:
    """A group per value of an attribute; the empty one is none."""
    values = tuple(sorted({label for label in labels if label}))
    numbers = {value: number for number, value in enumerate(values)}
    return Grouping(values, np.array([numbers.get(label, -1) for label in labels], np.int64))


def by_quantile(values: NDArray[np.floating], groups: int = 4) -> Grouping:
    """As many groups of about equal size along a measured quantity; NaN is in none.

    The labels state the edges: the lower one belongs to the group, the upper one to the next.
    Where many values are equal there are fewer groups.
    """
    known = np.isfinite(values)
    if not known.any():
        return Grouping((), np.full(len(values), -1))
    edges = np.unique(np.quantile(values[known], np.linspace(0, 1, groups + 1)))
    if len(edges) < 2:
        edges = np.append(edges, edges)
    places = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
    labels = [f"{low:.3g} to {high:.3g}" for low, high in pairwise(edges)]
    return Grouping(tuple(labels), np.where(known, places, -1))


def of_trials(images: Grouping, rows: NDArray[np.int64]) -> Grouping:
    """Groups of N trials of K images each (N, K): that of all of them, or none if they differ."""
    places = images.places[rows]
    agree = (places == places[:, :1]).all(axis=1)
    return Grouping(images.labels, np.where(agree, places[:, 0], -1))


def worse_of(
    values: NDArray[np.floating], rows: NDArray[np.int64], worse: Worse
) -> NDArray[np.floating]:
    """(N,) what decides about (N, K) images: the smallest, or the largest value; NaN if one is."""
    all_of = values[rows]
    decisive: NDArray[np.floating] = (
        all_of.min(axis=1) if worse == "smaller" else all_of.max(axis=1)
    )
    return decisive
