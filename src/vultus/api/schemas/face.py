"""Faces: where they are, how good their pictures are, and what they became."""

from datetime import datetime
from typing import Self

from pydantic import Field

from vultus.api.schemas.shape import Shape
from vultus.domain.face import AssessedFace, Box, Face, Quality
from vultus.domain.gallery import GalleryFace
from vultus.domain.template import ModelId, Template


class BoxShape(Shape):
    """A rectangle in pixels of the upright image."""

    x1: float
    y1: float
    x2: float
    y2: float

    @classmethod
    def of(cls, box: Box) -> Self:
        """From the value."""
        return cls(x1=box.x1, y1=box.y1, x2=box.x2, y2=box.y2)


class QualityShape(Shape):
    """How good a picture of a face is."""

    score: float = Field(description="in [0, 1], higher is better")
    reasons: list[str] = Field(description="what is wrong with it; empty when nothing is")

    @classmethod
    def of(cls, quality: Quality) -> Self:
        """From the value."""
        return cls(score=quality.score, reasons=list(quality.reasons))


class ModelShape(Shape):
    """The pack that makes templates."""

    pack: str = Field(examples=["dlib"])
    version: str = Field(examples=["1"])

    @classmethod
    def of(cls, model: ModelId) -> Self:
        """From the value."""
        return cls(pack=model.pack, version=model.version)


class DetectedFace(Shape):
    """A face of an image."""

    box: BoxShape
    confidence: float = Field(description="the detector's own, in [0, 1]; no probability of anyone")
    landmarks: list[tuple[float, float]] = Field(
        description="eye, eye, nose, corner of the mouth, corner: left to right in the image"
    )
    quality: QualityShape

    @classmethod
    def of(cls, face: AssessedFace) -> Self:
        """From the value."""
        detection = face.detection
        return cls(
            box=BoxShape.of(detection.box),
            confidence=detection.confidence,
            landmarks=[(float(x), float(y)) for x, y in detection.landmarks.points],
            quality=QualityShape.of(face.quality),
        )


class EmbeddedFace(Shape):
    """A face of an image with its template."""

    face: DetectedFace
    template: list[float] = Field(description="a row of L2 norm 1")
    model: ModelShape

    @classmethod
    def of(cls, face: Face) -> Self:
        """From the value."""
        return cls(
            face=DetectedFace.of(face),
            template=numbers_of(face.template),
            model=ModelShape.of(face.template.model),
        )


class FaceShape(Shape):
    """An enrolled face. Its template is not given."""

    id: str
    subject_id: str
    model: ModelShape
    quality: QualityShape | None
    box: BoxShape | None = Field(description="null for a ready template, and for a running mean")
    source_digest: str | None = Field(description="SHA-256 of the image that it came from")
    weight: int = Field(description="of how many templates it is the mean; 1 for a photo")
    running: bool = Field(description="whether it is the mean that template updates go on with")
    created_at: datetime

    @classmethod
    def of(cls, face: GalleryFace) -> Self:
        """From the value."""
        return cls(
            id=face.id,
            subject_id=face.subject_id,
            model=ModelShape.of(face.template.model),
            quality=QualityShape.of(face.quality) if face.quality else None,
            box=BoxShape.of(face.box) if face.box else None,
            source_digest=face.source_digest,
            weight=face.weight,
            running=face.running,
            created_at=face.created_at,
        )


def numbers_of(template: Template) -> list[float]:
    """The numbers of a template, to the last digit that float32 holds."""
    return [float(f"{value:.9g}") for value in template.vector.tolist()]
