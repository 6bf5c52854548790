"""Photos that do not become a face of a subject."""

from dataclasses import dataclass

from vultus.errors.base import VultusError


class EnrollmentRefused(VultusError):
    """A photo that does not become a face of a subject."""

    code = "enrollment_refused"


@dataclass(eq=False)
class FaceNotAtBox(EnrollmentRefused):
    """The face meant is not where it should be."""

    code = "face_not_at_box"
    sentence = (
        "None of the {count} faces of the image lies at the given box. "
        "Give a box in pixels of the file, as vultus detect prints it."
    )
    count: int


@dataclass(eq=False)
class PoorQuality(EnrollmentRefused):
    """Too poor a picture of the face."""

    code = "poor_quality"
    sentence = (
        "The picture of the face is not good enough to enroll: {reasons}. "
        "Take a better one, or ask less with quality.policy."
    )
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        words = ", ".join(reason.replace("_", " ") for reason in self.reasons)
        return self.sentence.format(reasons=words)


@dataclass(eq=False)
class LooksLikeAnother(EnrollmentRefused):
    """Another subject looks like that."""

    code = "looks_like_another"
    sentence = (
        "The face looks like the subject {name!r} (id {subject}, similarity {similarity:.3f}). "
        "If that is the person, enroll the photo there; if not, allow lookalikes."
    )
    subject: str
    name: str
    similarity: float
