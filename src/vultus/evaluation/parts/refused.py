"""A part that the data does not support."""

from collections import Counter
from collections.abc import Sequence

from vultus.evaluation.parts import cases
from vultus.evaluation.parts.study import Study
from vultus.evaluation.report.evaluation import Part
from vultus.evaluation.report.figure import Figure

FOR_PAIRS = "at least two people, one of them with two photos that show a face"
FOR_SEARCHES = "at least two people with two photos each that show a face"
FOR_STRANGERS = "at least one person with two photos that show a face, and somebody else"
FOR_LISTED_SEARCHES = "a gallery of at least two people, and another photo of one of them"
FOR_LISTED_STRANGERS = "photos of somebody enrolled, and of somebody who is not"


def refused(key: str, title: str, study: Study, takes: str, listed: str = "") -> Part:
    """The part in place of its figures: what there is, and what it takes.

    Args:
        key: of the part.
        title: of the part.
        study: whose photos are too few.
        takes: what would be enough, where it is drawn who is enrolled.
        listed: what would be, where lists say so.
    """
    sentence = _drawn(study, takes) if study.lists is None else _listed(study, listed)
    return Part(
        key,
        title,
        "These photos are too few for it.",
        (Figure(f"{key}.refused", title, None, sentence),),
        cases=cases.failures((~study.table.found).nonzero()[0].tolist(), study),
    )


def _drawn(study: Study, takes: str) -> str:
    found = zip(study.dataset.images, study.table.found, strict=True)
    photos = Counter(image.subject for image, shows_face in found if shows_face)
    several = sum(count > 1 for count in photos.values())
    people = counted(len({image.subject for image in study.dataset.images}), "person", "people")
    there = "is" if people.startswith("1 ") else "are"
    return (
        f"There {there} {people}, {several:,} of them with two photos or more that show a face. It "
        f"takes {takes}. Add photos, in a folder per person."
    )


def _listed(study: Study, takes: str) -> str:
    if study.lists is None:
        return ""
    enrolled, probes = (
        _people(study, rows.tolist()) for rows in (study.lists.enrolled, study.lists.probes)
    )
    return (
        f"The gallery that was listed shows the face of {counted(enrolled, 'person', 'people')}, "
        f"the probes that of {counted(probes, 'person', 'people')}. It takes {takes}."
    )


def _people(study: Study, rows: Sequence[int]) -> int:
    """How many people show a face in some of these images."""
    images, found = study.dataset.images, study.table.found
    return len({images[row].subject for row in rows if found[row]})


def counted(number: int, one: str, several: str) -> str:
    """A number of things: `1 person`, `1,680 people`."""
    return f"{number:,} {one if number == 1 else several}"
