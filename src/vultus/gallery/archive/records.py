"""Subjects as records of an archive, and back."""

from collections.abc import Container

import numpy as np
from numpy.typing import NDArray

from vultus.domain.face import Box, Quality
from vultus.domain.gallery import EnrolledSubject, Enrollment, Gallery, GalleryFace
from vultus.domain.subject import Subject, check_attributes, check_external_id, check_name
from vultus.domain.template import Template
from vultus.gallery.archive.format import FaceRecord, QualityRecord, SubjectRecord
from vultus.gallery.crops import new_crop_name


def subject_record(
    subject: EnrolledSubject, first_row: int, with_crop: Container[str]
) -> SubjectRecord:
    """Write down a subject whose templates are the rows from `first_row` on.

    `with_crop` are the ids of the faces whose crops go along.
    """
    enrollment = subject.enrollment
    return SubjectRecord(
        id=enrollment.subject.id,
        name=enrollment.subject.name,
        external_id=enrollment.subject.external_id,
        attributes=dict(enrollment.subject.attributes),
        consent=enrollment.consent,
        retain_until=enrollment.retain_until,
        version=enrollment.version,
        created_at=enrollment.created_at,
        updated_at=enrollment.updated_at,
        faces=tuple(
            _face_record(
                face,
                row=first_row + number,
                folded_sources=subject.folded_sources.get(face.id, ()),
                has_crop=face.id in with_crop,
            )
            for number, face in enumerate(subject.faces)
        ),
    )


def enrolled_subject(
    record: SubjectRecord, gallery: Gallery, vectors: NDArray[np.float32]
) -> EnrolledSubject:
    """Read a subject for `gallery`, whose templates are rows of `vectors`.

    Raises:
        InvalidValue: a value cannot be what its name says.
        IndexError: there is no such row.
    """
    check_name(record.name)
    check_attributes(record.attributes)
    if record.external_id is not None:
        check_external_id(record.external_id)
    enrollment = Enrollment(
        subject=Subject(record.id, record.name, record.external_id, record.attributes),
        gallery_id=gallery.id,
        consent=record.consent,
        retain_until=record.retain_until,
        version=record.version,
        face_count=len(record.faces),
        created_at=record.created_at,
        updated_at=record.updated_at,
    )
    return EnrolledSubject(
        enrollment,
        tuple(_face(face, record.id, gallery, vectors) for face in record.faces),
        {face.id: face.folded_sources for face in record.faces if face.folded_sources},
    )


def _face_record(
    face: GalleryFace, *, row: int, folded_sources: tuple[str, ...], has_crop: bool
) -> FaceRecord:
    quality = face.quality
    return FaceRecord(
        id=face.id,
        row=row,
        weight=face.weight,
        resultant=face.resultant,
        running=face.running,
        quality=QualityRecord(score=quality.score, reasons=quality.reasons) if quality else None,
        box=face.box.xyxy if face.box else None,
        source_digest=face.source_digest,
        folded_sources=folded_sources,
        has_crop=has_crop,
        created_at=face.created_at,
    )


def _face(
    record: FaceRecord, subject_id: str, gallery: Gallery, vectors: NDArray[np.float32]
) -> GalleryFace:
    quality = record.quality
    return GalleryFace(
        id=record.id,
        subject_id=subject_id,
        template=Template(vectors[record.row], gallery.model),
        weight=record.weight,
        resultant=record.resultant,
        running=record.running,
        quality=Quality(quality.score, quality.reasons) if quality else None,
        box=Box(*record.box) if record.box else None,
        source_digest=record.source_digest,
        crop=new_crop_name(gallery.id) if record.has_crop else None,
        created_at=record.created_at,
    )
