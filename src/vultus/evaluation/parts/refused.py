"""A part that the data does not support."""

from collections import Counter

from vultus.evaluation.parts.study import Study
from vultus.evaluation.report.evaluation import Part
from vultus.evaluation.report.figure import Figure

FOR_PAIRS = "at least two people, one of them with two photos that show a face"
FOR_SEARCHES = "at least two people with two photos each that show a face"
FOR_STRANGERS = "at least one person with two photos that show a face, and somebody else"


def refused(key: str, title: str, study: Study, takes: str) -> Part:
    """The part in place of its figures: what there is, and what it takes."""
    found = zip(study.dataset.images, study.table.found, strict=True)
    photos = Counter(image.subject for image, shows_face in found if shows_face)
    several = sum(count > 1 for count in photos.values())
    people = len({image.subject for image in study.dataset.images})
    return Part(
        key,
        title,
        "These photos are too few for it.",
        (
            Figure(
                f"{key}.refused",
                title,
                None,
                f"There are {people:,} people, {several:,} of them with two photos or more that "
                f"show a face. It takes {takes}. Add photos, in a folder per person.",
            ),
        ),
    )
