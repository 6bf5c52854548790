"""Rows become values."""

from typing import Any

from sqlalchemy import Row, func, select

from vultus.domain.face import Box, Quality
from vultus.domain.gallery import AuditEvent, Enrollment, Gallery, GalleryFace, ThresholdPolicy
from vultus.domain.subject import Subject
from vultus.domain.template import ModelId, Template
from vultus.gallery.store.sql.tables import faces, subjects

FACE_COUNT = (
    select(func.count())
    .where(faces.c.subject_key == subjects.c.key, faces.c.deleted_at.is_(None))
    .scalar_subquery()
    .label("face_count")
)

ENROLLMENT = select(subjects, FACE_COUNT)
"""All columns that `enrollment_of` needs; to be narrowed."""

FACE = select(faces, subjects.c.id.label("subject_id")).join(
    subjects, subjects.c.key == faces.c.subject_key
)
"""All columns that `face_of` needs; to be narrowed."""


def gallery_of(row: Row[Any]) -> Gallery:
    """A row of `galleries` as a value."""
    return Gallery(
        id=row.id,
        name=row.name,
        model=model_of(row),
        dim=row.dim,
        keep_crops=row.keep_crops,
        revision=row.revision,
        created_at=row.created_at,
        policy=None if row.policy is None else ThresholdPolicy(row.policy, row.fpir),
    )


def model_of(gallery: Row[Any]) -> ModelId:
    """The model whose templates a gallery holds."""
    return ModelId(gallery.pack, gallery.pack_version)


def subject_of(row: Row[Any]) -> Subject:
    """A row of `subjects` as the person it tells of."""
    return Subject(row.id, row.name, row.external_id, row.attributes)


def enrollment_of(row: Row[Any], gallery_id: str) -> Enrollment:
    """A row of `ENROLLMENT` as a value."""
    return Enrollment(
        subject=subject_of(row),
        gallery_id=gallery_id,
        consent=row.consent,
        retain_until=row.retain_until,
        version=row.version,
        face_count=row.face_count,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def face_of(row: Row[Any], model: ModelId) -> GalleryFace:
    """A row of `FACE` as a value."""
    quality = None if row.quality is None else Quality(row.quality, tuple(row.quality_reasons))
    return GalleryFace(
        id=row.id,
        subject_id=row.subject_id,
        template=Template(row.template, model),
        weight=row.weight,
        quality=quality,
        box=None if row.box is None else Box(*row.box),
        source_digest=row.source_digest,
        crop=row.crop,
        created_at=row.created_at,
        resultant=row.resultant,
        running=row.running,
    )


def event_of(row: Row[Any]) -> AuditEvent:
    """A row of `audit_events` as a value."""
    return AuditEvent(
        row.sequence, row.at, row.actor, row.action, row.gallery_id, row.subject_id, row.details
    )
