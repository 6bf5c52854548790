"""Who is enrolled with which photos: as lists say, or drawn from who has two photos or more."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vultus.evaluation.parts.refused import counted
from vultus.evaluation.parts.study import Study
from vultus.evaluation.protocols.people import numbered
from vultus.evaluation.protocols.plan import gallery_sizes, most_subjects
from vultus.evaluation.protocols.repeated import Gallery, Lists
from vultus.evaluation.protocols.searching import Fusion

SEVERAL = 3
"""Photos of each person, to show what several are worth and how they are best taken together."""
TAKEN = {
    Fusion.BEST_OF: "the best of them",
    Fusion.CENTROID: "their mean",
    Fusion.VULTUS: "best and mean together, as a gallery does",
}
"""How several photos of a person become one score."""


@dataclass(frozen=True, slots=True)
class Variation:
    """Another gallery beside that of the report: its key, and what is different."""

    key: str
    what: str
    gallery: Gallery | Lists


def gallery_of(study: Study, *, strangers: bool) -> Gallery | Lists:
    """The gallery that was listed, or the largest that can be drawn; that may have nobody."""
    if study.lists is not None:
        return study.lists
    people = _people(study)
    return Gallery(most_subjects(people, strangers=strangers) if len(people) else 0)


def variations(study: Study, gallery: Gallery | Lists, *, strangers: bool) -> Iterator[Variation]:
    """Smaller galleries, and those with several photos of each person, once drawn."""
    if isinstance(gallery, Lists):
        yield from _of_lists(study, gallery)
        return
    several = max(Counter(image.subject for image in study.dataset.images).values()) > SEVERAL
    for size in gallery_sizes(_people(study), strangers=strangers):
        smaller = replace(gallery, subjects=size, draws=1)
        among = f"{counted(size, 'person', 'people')} enrolled"
        if size < gallery.subjects:
            yield Variation(f"{size}x1.{gallery.fusion}", f"{among}, one photo each", smaller)
        for fusion, name in TAKEN.items() if several else ():
            taken = replace(smaller, photos=SEVERAL, fusion=fusion)
            what = f"{among}, up to {SEVERAL} photos each, {name}"
            yield Variation(f"{size}x{SEVERAL}.{fusion}", what, taken)


def _of_lists(study: Study, lists: Lists) -> Iterator[Variation]:
    """The other ways to take several photos of a person together."""
    people = _people(study)[lists.enrolled]
    if len(np.unique(people)) < len(people):
        for fusion, name in TAKEN.items():
            if fusion is not lists.fusion:
                yield Variation(
                    f"{fusion}", f"of several photos {name}", replace(lists, fusion=fusion)
                )


def people_enrolled(enrolled: tuple[int, int]) -> str:
    """How many people are enrolled: `1 person is enrolled`, `28 to 30 people are enrolled`."""
    fewest, most = enrolled
    if fewest < most:
        return f"{fewest:,} to {most:,} people are enrolled"
    return f"{counted(most, 'person is', 'people are')} enrolled"


def faceless(count: int) -> str:
    """What becomes of people who show no face, if there are any."""
    if not count:
        return ""
    shows = counted(count, "person shows", "people show")
    return f" {shows} no face in any photo to enroll; searches for them count as missed."


def searches(probes: int, draws: int) -> str:
    """How often was searched, for people."""
    times = counted(probes, "search", "searches")
    return f"{times} over {draws} draws of the photos" if draws > 1 else times


def _people(study: Study) -> NDArray[np.int64]:
    return numbered([image.subject for image in study.dataset.images])
