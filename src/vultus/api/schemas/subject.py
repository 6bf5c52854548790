"""Subjects."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import Field

from vultus.api.schemas.gallery import Name
from vultus.api.schemas.shape import Asked, Shape
from vultus.domain.changes import MAX_CONSENT, UNCHANGED, NewSubject, SubjectChange
from vultus.domain.gallery import Enrollment, Merge
from vultus.domain.subject import MAX_EXTERNAL_ID, Subject

ExternalId = Annotated[str, Field(min_length=1, max_length=MAX_EXTERNAL_ID)]
Consent = Annotated[str, Field(min_length=1, max_length=MAX_CONSENT)]


class SubjectBrief(Shape):
    """Who somebody is."""

    id: str
    name: str = Field(examples=["Ada Lovelace"])
    external_id: str | None = Field(examples=["2576"])

    @classmethod
    def of(cls, subject: Subject) -> Self:
        """From the value."""
        return cls(id=subject.id, name=subject.name, external_id=subject.external_id)


class SubjectShape(SubjectBrief):
    """All that is known of a subject."""

    attributes: dict[str, Any] = Field(examples=[{"department": "engines"}])
    consent: str | None = Field(description="a note of what the person has agreed to")
    retain_until: date | None = Field(description="the last day; a purge later removes the subject")
    faces: int
    version: int = Field(description="rises with each change of this or of a face; also the ETag")
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, enrollment: Enrollment) -> Self:  # type: ignore[override]
        """From the value."""
        subject = enrollment.subject
        return cls(
            id=subject.id,
            name=subject.name,
            external_id=subject.external_id,
            attributes=dict(subject.attributes),
            consent=enrollment.consent,
            retain_until=enrollment.retain_until,
            faces=enrollment.face_count,
            version=enrollment.version,
            created_at=enrollment.created_at,
            updated_at=enrollment.updated_at,
        )


class NewSubjectBody(Asked):
    """A subject to create without faces."""

    name: Name = Field(examples=["Ada Lovelace"])
    external_id: ExternalId | None = Field(None, examples=["2576"])
    attributes: dict[str, Any] = Field({}, examples=[{"department": "engines"}])
    consent: Consent | None = None
    retain_until: date | None = None

    def value(self) -> NewSubject:
        """As the value that the store takes; it checks the rest."""
        return NewSubject(**dict(self))


class SubjectChangeBody(Asked):
    """What to change of a subject: what is left out stays, and null takes a value away."""

    name: Name | None = Field(None, examples=["Ada King"])
    external_id: ExternalId | None = None
    attributes: dict[str, Any] | None = None
    consent: Consent | None = None
    retain_until: date | None = None

    def value(self) -> SubjectChange:
        """As the value that the store takes. A name cannot be taken away, so null leaves it."""
        said = {name: getattr(self, name) for name in self.model_fields_set}
        if self.name is None:
            said["name"] = UNCHANGED
        if "attributes" in said and self.attributes is None:
            said["attributes"] = {}
        return SubjectChange(**said)


class MergeBody(Asked):
    """Subjects to make one of, each by its id, its external id or its whole name."""

    into: str = Field(description="keeps its name, external id and attributes")
    others: list[str] = Field(min_length=1, max_length=1_000)


class MoveBody(Asked):
    """Faces to move to another subject."""

    faces: list[str] = Field(min_length=1, max_length=1_000, description="ids")
    to: str = Field(description="a subject of the gallery, or the name of a new one")


class MergeShape(Shape):
    """A merge that can be undone."""

    id: str
    into: str = Field(description="id of the subject that the others became")
    others: list[str] = Field(description="ids of the subjects that are no more")
    at: datetime

    @classmethod
    def of(cls, merge: Merge) -> Self:
        """From the value."""
        return cls(id=merge.id, into=merge.into, others=list(merge.others), at=merge.at)


class Deleted(Shape):
    """How much was deleted."""

    subjects: int
