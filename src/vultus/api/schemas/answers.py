"""Who a face is, and whether two are one."""

from typing import Self

from pydantic import Field

from vultus.api.schemas.face import DetectedFace, ModelShape
from vultus.api.schemas.shape import Shape
from vultus.api.schemas.subject import SubjectBrief
from vultus.domain.candidate import Candidate
from vultus.domain.gallery import Duplicate
from vultus.domain.template import ModelId
from vultus.matching.policy import Decision
from vultus.matching.thresholds import Threshold
from vultus.usecases.gallery.verify import SubjectVerification
from vultus.usecases.identification import Identification, IdentifiedFace
from vultus.usecases.verify import Comparison, Verification

SIMILARITY = "cosine in [-1, 1], higher is closer"
PROBABILITY = "calibrated; null while the model carries no calibration"


class ThresholdShape(Shape):
    """The similarity of a match, and where that number comes from."""

    similarity: float = Field(examples=[0.47])
    origin: str = Field(description="who named it: the pack, a setting, or a gallery's policy")
    fmr: float | None = Field(description="false match rate measured there")
    protocol: str | None = Field(description="on what it was measured")

    @classmethod
    def of(cls, threshold: Threshold) -> Self:
        """From the value."""
        return cls(
            similarity=threshold.similarity,
            origin=threshold.origin,
            fmr=threshold.fmr,
            protocol=threshold.protocol,
        )


class CandidateShape(Shape):
    """A subject that a probe may be."""

    subject: SubjectBrief
    similarity: float = Field(description=SIMILARITY)
    probability: float | None = Field(description=PROBABILITY)
    face: str = Field(description="id of the subject's most similar face")

    @classmethod
    def of(cls, candidate: Candidate) -> Self:
        """From the value."""
        return cls(
            subject=SubjectBrief.of(candidate.subject),
            similarity=candidate.similarity,
            probability=candidate.probability,
            face=candidate.face_id,
        )


class IdentificationShape(Shape):
    """Who a probe is. For `unknown` and `uncertain` the subject is null; the candidates stand."""

    subject: SubjectBrief | None
    similarity: float | None = Field(description="that of the best candidate; null without any")
    probability: float | None = Field(description=PROBABILITY)
    decision: Decision
    reason: str = Field(description="why, as a sentence for people")
    threshold: ThresholdShape
    candidates: list[CandidateShape] = Field(description="best first")
    model: ModelShape

    @classmethod
    def of(cls, answer: Identification, model: ModelId) -> Self:
        """From the value, and the model of the probe."""
        return cls(**_identification(answer, model))


class IdentifiedFaceShape(IdentificationShape):
    """Who a face of an image is."""

    face: DetectedFace

    @classmethod
    def of(cls, answer: IdentifiedFace) -> Self:  # type: ignore[override]
        """From the value."""
        model = answer.face.template.model
        return cls(face=DetectedFace.of(answer.face), **_identification(answer, model))


class VerificationShape(Shape):
    """Whether two images, or an image and a subject, show one person."""

    similarity: float = Field(description=SIMILARITY)
    probability: float | None = Field(description=PROBABILITY)
    decision: Decision
    reasons: list[str]
    threshold: ThresholdShape
    model: ModelShape
    faces: list[DetectedFace] = Field(description="those that were compared: one of each image")
    subject: SubjectBrief | None = None
    most_similar_face: str | None = Field(None, description="id of the subject's face")

    @classmethod
    def of(cls, answer: Verification) -> Self:
        """From the comparison of two images."""
        faces = [DetectedFace.of(answer.first), DetectedFace.of(answer.second)]
        return cls(faces=faces, **_comparison(answer, answer.first.template.model))

    @classmethod
    def of_subject(cls, answer: SubjectVerification) -> Self:
        """From the comparison of an image with a subject."""
        return cls(
            faces=[DetectedFace.of(answer.face)],
            subject=SubjectBrief.of(answer.subject),
            most_similar_face=answer.face_id,
            **_comparison(answer, answer.face.template.model),
        )


class DuplicateShape(Shape):
    """Two subjects that look like one person."""

    first: SubjectBrief
    second: SubjectBrief
    similarity: float = Field(description=SIMILARITY)
    probability: float | None = Field(description=PROBABILITY)
    first_face: str
    second_face: str

    @classmethod
    def of(cls, pair: Duplicate) -> Self:
        """From the value."""
        return cls(
            first=SubjectBrief.of(pair.first),
            second=SubjectBrief.of(pair.second),
            similarity=pair.similarity,
            probability=pair.probability,
            first_face=pair.first_face_id,
            second_face=pair.second_face_id,
        )


def _identification(answer: Identification, model: ModelId) -> dict[str, object]:
    return {
        "subject": SubjectBrief.of(answer.subject) if answer.subject else None,
        "similarity": answer.similarity,
        "probability": answer.probability,
        "decision": answer.decision,
        "reason": answer.reason,
        "threshold": ThresholdShape.of(answer.threshold),
        "candidates": [CandidateShape.of(each) for each in answer.candidates],
        "model": ModelShape.of(model),
    }


def _comparison(answer: Comparison, model: ModelId) -> dict[str, object]:
    return {
        "similarity": answer.similarity,
        "probability": answer.probability,
        "decision": answer.decision,
        "reasons": list(answer.reasons),
        "threshold": ThresholdShape.of(answer.threshold),
        "model": ModelShape.of(model),
    }
