"""Values become rows."""

from typing import Any

from vultus.domain.changes import NewSubject
from vultus.domain.gallery import Enrollment, GalleryFace
from vultus.gallery.store.requests import NewFace
from vultus.gallery.store.sql.ids import new_id
from vultus.gallery.store.sql.transaction import Write
from vultus.gallery.store.sql.words import search_text


def new_subject_row(write: Write, new: NewSubject, key: int) -> dict[str, Any]:
    """The row of a new subject."""
    return {
        "key": key,
        "id": new_id(),
        "gallery_key": write.gallery.key,
        "name": new.name,
        "external_id": new.external_id,
        "attributes": dict(new.attributes),
        "consent": new.consent,
        "retain_until": new.retain_until,
        "version": 1,
        "search_text": search_text(new.name, new.external_id, new.attributes),
        "created_at": write.at,
        "updated_at": write.at,
    }


def imported_subject_row(write: Write, given: Enrollment, key: int) -> dict[str, Any]:
    """The row of a subject that stood elsewhere: everything but its key stays."""
    subject = given.subject
    new = NewSubject(
        subject.name, subject.external_id, subject.attributes, given.consent, given.retain_until
    )
    return {
        **new_subject_row(write, new, key),
        "id": subject.id,
        "version": given.version,
        "created_at": given.created_at,
        "updated_at": given.updated_at,
    }


def new_face_row(write: Write, face: NewFace, subject_key: int) -> dict[str, Any]:
    """The row of a new face, without a key."""
    return {
        **_picture(face),
        "id": new_id(),
        "gallery_key": write.gallery.key,
        "subject_key": subject_key,
        "template": face.template.vector,
        "weight": 1,
        "resultant": 1.0,
        "running": False,
        "revision": write.revision,
        "created_at": write.at,
    }


def imported_face_row(
    write: Write, face: GalleryFace, key: int, subject_key: int
) -> dict[str, Any]:
    """The row of a face that stood elsewhere: everything but its key stays."""
    return {
        **_picture(face),
        "key": key,
        "id": face.id,
        "gallery_key": write.gallery.key,
        "subject_key": subject_key,
        "template": face.template.vector,
        "weight": face.weight,
        "resultant": face.resultant,
        "running": face.running,
        "revision": write.revision,
        "created_at": face.created_at,
    }


def folded_source_row(write: Write, face_key: int, source_digest: str) -> dict[str, Any]:
    """The row that says an image went into a running mean."""
    return {
        "face_key": face_key,
        "source_digest": source_digest,
        "gallery_key": write.gallery.key,
    }


def _picture(face: NewFace | GalleryFace) -> dict[str, Any]:
    return {
        "quality": face.quality.score if face.quality else None,
        "quality_reasons": list(face.quality.reasons) if face.quality else None,
        "box": list(face.box.xyxy) if face.box else None,
        "source_digest": face.source_digest,
        "crop": face.crop,
    }
