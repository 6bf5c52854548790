"""What becomes of a photo that is to be enrolled."""

from dataclasses import dataclass

from vultus.domain.candidate import Candidate
from vultus.domain.face import AssessedFace
from vultus.domain.subject import Subject
from vultus.errors import (
    EnrollmentRefused,
    ExternalIdTaken,
    ImageRefused,
    InvalidValue,
    NoFace,
    SeveralFaces,
    SubjectAmbiguous,
    SubjectNotFound,
    VultusError,
)

REFUSALS = (
    ImageRefused,
    NoFace,
    SeveralFaces,
    EnrollmentRefused,
    InvalidValue,
    SubjectAmbiguous,
    SubjectNotFound,
    ExternalIdTaken,
)
"""What is wrong with one photo; any other error ends the work."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A photo whose face is now one of `subject`.

    `created` says that the subject is new, too. `looks_like` is the most similar other subject,
    where it is similar enough for a match and more similar than `subject` was before.
    """

    photo: str
    subject: Subject
    face_id: str
    face: AssessedFace
    created: bool
    looks_like: Candidate | None


@dataclass(frozen=True, slots=True)
class AlreadyThere:
    """A photo that was enrolled before as a face of `subject`; nothing was changed."""

    photo: str
    subject: Subject
    face_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A photo that was not enrolled, and why."""

    photo: str
    error: VultusError


Outcome = Enrolled | AlreadyThere | Refused
