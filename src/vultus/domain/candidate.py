"""A subject that a face may be."""

from dataclasses import dataclass

from vultus.domain.subject import Subject


@dataclass(frozen=True, slots=True)
class Candidate:
    """A subject that a probe may be.

    `similarity` is the cosine in [-1, 1] with the subject's most similar template, the mean of them
    included. `face_id` names the most similar face: in a gallery its id, among the people of a
    folder the path of the photo.
    """

    subject: Subject
    similarity: float
    probability: float | None
    face_id: str
