"""Galleries that are drawn from the people of a study who have two photos or more."""

from vultus.evaluation.parts.study import Study
from vultus.evaluation.protocols.people import numbered
from vultus.evaluation.protocols.plan import most_subjects
from vultus.evaluation.protocols.repeated import Gallery


def largest(study: Study, *, strangers: bool) -> int:
    """How many people can be enrolled at most, if strangers must be left over or not."""
    people = numbered([image.subject for image in study.dataset.images])
    return most_subjects(people, strangers=strangers) if len(people) else 0


def searches(probes: int, gallery: Gallery) -> str:
    """How often was searched, for people."""
    return f"{probes:,} searches over {gallery.draws} draws of the photos"
