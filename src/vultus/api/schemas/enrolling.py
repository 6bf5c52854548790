"""What became of images, and of ready templates, that were to be enrolled."""

from collections.abc import Iterable
from typing import Literal, Self

from pydantic import Field

from vultus.api.problems import facts_of
from vultus.api.schemas.answers import CandidateShape
from vultus.api.schemas.face import DetectedFace, FaceShape
from vultus.api.schemas.problem import ProblemBrief
from vultus.api.schemas.shape import Shape
from vultus.api.schemas.subject import SubjectBrief
from vultus.domain.outcome import AlreadyThere, Enrolled, Outcome, Refused
from vultus.errors import VultusError
from vultus.gallery.store.requests import StoredSubject
from vultus.usecases.gallery.update import TemplateUpdate


class EnrolledFace(Shape):
    """A face that became one of a subject, or was one already."""

    id: str
    detected: DetectedFace | None = Field(
        description="where it is in the image; null where nobody looked: it was there already"
    )


class Note(Shape):
    """What is worth knowing about an image that was enrolled."""

    code: Literal["looks_like_another"]
    candidate: CandidateShape = Field(description="the most similar other subject")


class OutcomeShape(Shape):
    """What became of one image. One that is refused touches none of the others."""

    outcome: Literal["enrolled", "already_there", "refused"]
    image: int = Field(description="which image of the request, from 0")
    created: bool = Field(description="whether the subject is new")
    subject: SubjectBrief | None
    face: EnrolledFace | None
    notes: list[Note]
    problem: ProblemBrief | None

    @classmethod
    def of(cls, image: int, outcome: Outcome) -> Self:
        """From the value."""
        if isinstance(outcome, Refused):
            return cls._made(image, "refused", problem=brief(outcome.error))
        subject = SubjectBrief.of(outcome.subject)
        if isinstance(outcome, AlreadyThere):
            face = EnrolledFace(id=outcome.face_id, detected=None)
            return cls._made(image, "already_there", subject=subject, face=face)
        return cls._made(
            image,
            "enrolled",
            created=outcome.created,
            subject=subject,
            face=EnrolledFace(id=outcome.face_id, detected=DetectedFace.of(outcome.face)),
            notes=_notes(outcome),
        )

    @classmethod
    def _made(cls, image: int, outcome: str, **said: object) -> Self:
        empty: dict[str, object] = {
            "created": False,
            "subject": None,
            "face": None,
            "notes": [],
            "problem": None,
        }
        return cls.model_validate(empty | {"image": image, "outcome": outcome} | said)


class StoredTemplate(Shape):
    """What became of one ready template."""

    id: str = Field(description="of the face that it is")
    added: bool = Field(description="false: the subject had it already")


class EnrollmentShape(Shape):
    """What became of a request to enroll: of each image, or of each ready template."""

    images: list[OutcomeShape]
    templates: list[StoredTemplate]

    @classmethod
    def of_images(cls, outcomes: list[Outcome]) -> Self:
        """From the values, in the order of the images."""
        images = [OutcomeShape.of(number, each) for number, each in enumerate(outcomes)]
        return cls(images=images, templates=[])

    @classmethod
    def of_templates(cls, stored: StoredSubject) -> Self:
        """From the value."""
        templates = [StoredTemplate(id=each.id, added=each.added) for each in stored.faces]
        return cls(images=[], templates=templates)


class RefusedImage(Shape):
    """An image that no template came from."""

    image: int = Field(description="which image of the request, from 0")
    problem: ProblemBrief


class TemplateUpdateShape(Shape):
    """What became of an update of a subject's template."""

    mean: FaceShape | None = Field(description="the running mean; null: every image was refused")
    refused: list[RefusedImage]

    @classmethod
    def of(cls, updates: Iterable[TemplateUpdate]) -> Self:
        """From the values, one for each image."""
        mean: FaceShape | None = None
        refused = []
        for number, update in enumerate(updates):
            mean = FaceShape.of(update.mean) if update.mean else mean
            refused += [
                RefusedImage(image=number, problem=brief(each.error)) for each in update.refused
            ]
        return cls(mean=mean, refused=refused)


def brief(error: VultusError) -> ProblemBrief:
    """An error as it stands beside others."""
    return ProblemBrief(code=error.code, detail=str(error), **facts_of(error))


def _notes(outcome: Enrolled) -> list[Note]:
    if outcome.looks_like is None:
        return []
    return [Note(code="looks_like_another", candidate=CandidateShape.of(outcome.looks_like))]
