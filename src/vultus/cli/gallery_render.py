"""Galleries and subjects as JSON for programs, in the shapes of the API, and as cells."""

import json

from vultus.cli.line import Json
from vultus.cli.render import box_json, model_json, quality_json, subject_json
from vultus.cli.shown import GalleryFace
from vultus.domain.gallery import (
    Duplicate,
    Enrollment,
    Gallery,
    GalleryCounts,
    Merge,
    ThresholdPolicy,
)


def gallery_json(gallery: Gallery, counts: GalleryCounts) -> Json:
    """A gallery, and how much is in it."""
    return {
        "id": gallery.id,
        "name": gallery.name,
        "model": model_json(gallery.model),
        "dim": gallery.dim,
        "keep_crops": gallery.keep_crops,
        "policy": policy_json(gallery.policy),
        "subjects": counts.subjects,
        "faces": counts.faces,
        "revision": gallery.revision,
        "created_at": gallery.created_at.isoformat(),
    }


def policy_json(policy: ThresholdPolicy | None) -> Json | None:
    """How the threshold follows the size; none where the settings say."""
    return None if policy is None else {"kind": policy.kind, "fpir": policy.fpir}


def policy_text(policy: ThresholdPolicy | None) -> str:
    """The same as a sentence for people."""
    if policy is None:
        return "as the settings say"
    if policy.fpir is None:
        return "fixed, whatever the size"
    return f"rises with the size, so that at most {policy.fpir:.2%} of strangers are named"


def enrollment_json(enrollment: Enrollment) -> Json:
    """A subject, and how it stands in its gallery."""
    until = enrollment.retain_until
    return subject_json(enrollment.subject) | {
        "attributes": dict(enrollment.subject.attributes),
        "consent": enrollment.consent,
        "retain_until": until.isoformat() if until else None,
        "faces": enrollment.face_count,
        "version": enrollment.version,
        "created_at": enrollment.created_at.isoformat(),
        "updated_at": enrollment.updated_at.isoformat(),
    }


ENROLLMENT = ("id", "name", "external id", "faces>", "attributes")
"""Heads of the cells of `enrollment_cells`."""


def enrollment_cells(enrollment: Enrollment) -> tuple[str, ...]:
    """A subject in a row."""
    subject = enrollment.subject
    return (
        subject.id,
        subject.name,
        subject.external_id or "-",
        str(enrollment.face_count),
        attributes_text(enrollment),
    )


def attributes_text(enrollment: Enrollment) -> str:
    """Attributes as JSON, or a dash."""
    attributes = dict(enrollment.subject.attributes)
    return json.dumps(attributes, ensure_ascii=False) if attributes else "-"


def gallery_face_json(face: GalleryFace) -> Json:
    """An enrolled face, without its template."""
    return {
        "id": face.id,
        "box": box_json(face.box) if face.box else None,
        "quality": quality_json(face.quality) if face.quality else None,
        "model": model_json(face.model),
        "mean_of": face.weight,
        "running": face.running,
        "source_digest": face.source_digest,
        "crop": face.crop,
        "created_at": face.created_at.isoformat(),
    }


GALLERY_FACE = ("id", "added", "quality>", "made of")
"""Heads of the cells of `gallery_face_cells`."""


def gallery_face_cells(face: GalleryFace) -> tuple[str, ...]:
    """An enrolled face in a row."""
    made_of = f"running mean of {face.weight}" if face.running else "one template"
    return (
        face.id,
        f"{face.created_at:%Y-%m-%d %H:%M}",
        f"{face.quality.score:.2f}" if face.quality else "-",
        made_of,
    )


def merge_json(merge: Merge) -> Json:
    """A merge."""
    return {
        "id": merge.id,
        "into": merge.into,
        "others": list(merge.others),
        "at": merge.at.isoformat(),
    }


def duplicate_json(pair: Duplicate) -> Json:
    """Two subjects that may be one person."""
    return {
        "subjects": [subject_json(pair.first), subject_json(pair.second)],
        "faces": [pair.first_face_id, pair.second_face_id],
        "similarity": round(pair.similarity, 4),
        "probability": pair.probability,
    }


def duplicate_cells(pair: Duplicate) -> tuple[str, ...]:
    """The same in a row."""
    return (
        pair.first.name,
        pair.second.name,
        f"{pair.similarity:.3f}",
        pair.first.id,
        pair.second.id,
    )
