"""Galleries."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from vultus.api.schemas.face import ModelShape
from vultus.api.schemas.shape import Asked, Shape
from vultus.domain.gallery import Gallery, GalleryCounts, ThresholdPolicy
from vultus.domain.subject import MAX_NAME
from vultus.gallery.store.requests import GalleryChange

Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]


class PolicyShape(Asked):
    """How the threshold of searches follows the size of the gallery."""

    kind: Literal["fixed", "fpir"] = Field(
        description="`fixed` keeps one; `fpir` raises it as subjects are added"
    )
    fpir: float | None = Field(
        None, gt=0, lt=1, description="at most this share of strangers are named", examples=[0.01]
    )

    def value(self) -> ThresholdPolicy:
        """As the value that the store takes; it checks that both fields go together."""
        return ThresholdPolicy(self.kind, self.fpir)


class GalleryShape(Shape):
    """A named set of subjects that a probe is searched in."""

    id: str
    name: str = Field(examples=["staff"])
    model: ModelShape
    dim: int = Field(description="how many numbers its templates have", examples=[128])
    keep_crops: bool = Field(description="whether the part of a photo that shows the face is kept")
    policy: PolicyShape | None = Field(description="null: the service's settings decide")
    revision: int = Field(description="rises by one with each change of what is in it")
    subjects: int
    faces: int
    created_at: datetime

    @classmethod
    def of(cls, gallery: Gallery, counts: GalleryCounts) -> Self:
        """From the values."""
        return cls(
            id=gallery.id,
            name=gallery.name,
            model=ModelShape.of(gallery.model),
            dim=gallery.dim,
            keep_crops=gallery.keep_crops,
            policy=_policy(gallery.policy),
            revision=gallery.revision,
            subjects=counts.subjects,
            faces=counts.faces,
            created_at=gallery.created_at,
        )


class ImportedShape(Shape):
    """What an import added."""

    gallery: GalleryShape
    subjects: int = Field(description="so many of them are new there", examples=[17])
    of: int = Field(description="how many the archive has", examples=[200])


class NewGalleryBody(Asked):
    """A gallery to create, for templates of the service's pack."""

    name: Name = Field(examples=["staff"])
    keep_crops: bool = False


class GalleryChangeBody(Asked):
    """What to change of a gallery; what is left out stays."""

    name: Name | None = Field(None, examples=["former staff"])
    keep_crops: bool | None = None
    policy: PolicyShape | None = Field(None, description="null lets the settings decide")

    def value(self) -> GalleryChange:
        """As the value that the store takes. Name and crops cannot be taken away."""
        said: dict[str, Any] = {
            name: value
            for name in ("name", "keep_crops")
            if (value := getattr(self, name)) is not None
        }
        if "policy" in self.model_fields_set:
            policy = self.policy.value() if self.policy else None
            said |= {"policy": policy and policy.kind, "fpir": policy and policy.fpir}
        return GalleryChange(**said)


def _policy(policy: ThresholdPolicy | None) -> PolicyShape | None:
    return PolicyShape(kind=policy.kind, fpir=policy.fpir) if policy else None
