"""Who is enrolled with which photos, and which photos are searched for."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vultus.errors import TooFewComparisons

MOST_KNOWN = 2 / 3
"""Of people with several photos, where hardly anybody is left to be a stranger otherwise."""
NOT_ENROLLED = -1
SIZES = (100, 1_000, 10_000, 100_000)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A gallery of S subjects with T photos, and the photos that are searched for in it.

    `subjects` (S,) are numbers of people, `starts` (S,) where in `enrolled` (T,) the rows of each
    one's photos begin. `mated` (P,) are rows of other photos of theirs; `owners` (P,) say whose, by
    place in `subjects`, or `NOT_ENROLLED` if no photo of a person shows a face: these people are
    `faceless` (F,). `strangers` (Q,) are rows of photos of everybody else.
    """

    subjects: NDArray[np.int64]
    starts: NDArray[np.int64]
    enrolled: NDArray[np.int64]
    mated: NDArray[np.int64]
    owners: NDArray[np.int64]
    strangers: NDArray[np.int64]
    faceless: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))


def known_people(people: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of (N,) images' people who have two images or more: one to enroll, one to search."""
    return np.flatnonzero(np.bincount(people) > 1)


def most_subjects(people: NDArray[np.int64], *, strangers: bool) -> int:
    """How many people can be enrolled at most.

    Where strangers are wanted and fewer people have one image alone than have several, a third of
    these are kept as strangers.
    """
    known = len(known_people(people))
    single = len(np.unique(people)) - known
    return int(known * MOST_KNOWN) if strangers and single < known else known


def gallery_sizes(people: NDArray[np.int64], *, strangers: bool) -> tuple[int, ...]:
    """Sizes of galleries to draw: 100, 1,000 … as far as the data goes, and the largest."""
    most = most_subjects(people, strangers=strangers)
    return (*(size for size in SIZES if size < most), *([most] if most else []))


def plan(
    people: NDArray[np.int64],
    found: NDArray[np.bool_],
    subjects: int,
    photos: int,
    rng: np.random.Generator,
) -> Plan:
    """Draw a gallery.

    A photo without a face cannot be enrolled and is a probe that nobody is found with. Who has no
    other photos has as many probes as everybody else: those that would have been enrolled are none.

    Args:
        people: (N,) whom each image shows.
        found: (N,) whether it shows a face.
        subjects: how many people to enroll.
        photos: of each, at most; one always remains to be searched for.
        rng: draws.

    Raises:
        TooFewComparisons: fewer people have two images.
    """
    known = known_people(people)
    if not 0 < subjects <= len(known):
        raise TooFewComparisons("Identification", len(known), subjects, "people with two images")
    chosen = np.sort(rng.permutation(known)[:subjects])
    everyone = _rows_by_person(rng.permutation(len(people)), people)
    rows = [everyone[person] for person in chosen]
    most = [min(photos, len(own) - 1) for own in rows]
    kept = [own[found[own]][:count] for own, count in zip(rows, most, strict=True)]
    failed = [own[:count] for own, count in zip(rows, most, strict=True)]
    probes = [
        np.setdiff1d(own, enrolled if len(enrolled) else none)
        for own, enrolled, none in zip(rows, kept, failed, strict=True)
    ]
    return _planned(chosen, kept, probes, np.flatnonzero(~np.isin(people, chosen)))


def listed_plan(
    people: NDArray[np.int64],
    found: NDArray[np.bool_],
    enrolled: NDArray[np.int64],
    probes: NDArray[np.int64],
) -> Plan:
    """The gallery and the probes that somebody listed.

    Args:
        people: (N,) whom each image shows.
        found: (N,) whether it shows a face.
        enrolled: rows to enroll; those without a face cannot be.
        probes: rows to search for: of enrolled people, and of strangers.

    Raises:
        TooFewComparisons: no photo to enroll shows a face.
    """
    chosen = np.unique(people[enrolled])
    kept, searched = (_rows_by_person(rows, people) for rows in (enrolled[found[enrolled]], probes))
    strangers = probes[~np.isin(people[probes], chosen)]
    return _planned(
        chosen, [kept[each] for each in chosen], [searched[each] for each in chosen], strangers
    )


def _planned(
    chosen: NDArray[np.int64],
    kept: list[NDArray[np.int64]],
    probes: list[NDArray[np.int64]],
    strangers: NDArray[np.int64],
) -> Plan:
    """The plan of people with the photos to enroll, and to search for, of each."""
    sizes = np.array([len(own) for own in kept])
    if not sizes.any():
        raise TooFewComparisons("Identification", 0, len(chosen), "people with a face to enroll")
    places = np.where(sizes > 0, np.cumsum(sizes > 0) - 1, NOT_ENROLLED)
    return Plan(
        chosen[sizes > 0],
        (np.cumsum(sizes) - sizes)[sizes > 0],
        np.concatenate(kept),
        np.concatenate(probes),
        np.repeat(places, [len(own) for own in probes]),
        strangers,
        chosen[sizes == 0],
    )


def _rows_by_person(
    shuffled: NDArray[np.int64], people: NDArray[np.int64]
) -> list[NDArray[np.int64]]:
    """The rows of each person in the order of `shuffled`."""
    grouped = shuffled[np.argsort(people[shuffled], kind="stable")]
    ends = np.cumsum(np.bincount(people[shuffled], minlength=people.max() + 1))
    return np.split(grouped, ends[:-1])
