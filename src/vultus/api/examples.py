"""What answers and bodies look like, for the OpenAPI document; a test holds them to their shapes.

Long, because it is data.
"""

import re
from typing import Any

from pydantic import BaseModel

from vultus.api import forms
from vultus.api.schemas import (
    administration,
    answers,
    enrolling,
    face,
    gallery,
    images,
    shape,
    subject,
    upkeep,
)

MOMENT, LATER = "2026-05-01T08:30:00Z", "2026-05-02T17:05:12Z"
GALLERY_ID = "01a1f95e806477038647a03d176f3991"
ADA_ID, BOB_ID = "01a1f95e8a1b7c44b0c5d2e7f8091a2b", "01a1f95e9c2d7e55a1b6c3d8e9f01b2c"
FACE_ID, OTHER_FACE_ID = "01a1f95ea3e47f66b2c7d4e9f0a12c3d", "01a1f95eb4f57a77c3d8e5fa01b23d4e"
MERGE_ID, KEY_ID = "01a1f95ec5068b88d4e9f60b12c34e5f", "01a1f95ed6179c99e5fa071c23d45f60"
SECRET = "vultus_shown-this-once-and-kept-nowhere"
FILE = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBD"
"""The beginning of a JPEG in base64."""
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
TEMPLATE = [0.0123, -0.0871, 0.1042]
"""As short as no template is."""

MODEL = {"pack": "dlib", "version": "1"}
BOX = {"x1": 120.0, "y1": 44.0, "x2": 221.0, "y2": 175.0}
QUALITY: dict[str, Any] = {"score": 0.83, "reasons": []}
DETECTED = {
    "box": BOX,
    "confidence": 0.999,
    "landmarks": [[148.0, 96.0], [196.0, 95.0], [172.0, 120.0], [152.0, 146.0], [193.0, 145.0]],
    "quality": QUALITY,
}
ADA = {"id": ADA_ID, "name": "Ada Lovelace", "external_id": "2576"}
BOB = {"id": BOB_ID, "name": "Ada King", "external_id": None}
THRESHOLD = {"similarity": 0.93, "origin": "pack", "fmr": 0.001, "protocol": "LFW View 2"}
CANDIDATE = {"subject": ADA, "similarity": 0.968, "probability": 0.998, "face": FACE_ID}
IDENTIFICATION = {
    "subject": ADA,
    "similarity": 0.968,
    "probability": 0.998,
    "decision": "match",
    "reason": "similarity 0.968 reaches the threshold 0.93",
    "threshold": THRESHOLD,
    "candidates": [CANDIDATE],
    "model": MODEL,
}
SUBJECT = ADA | {
    "attributes": {"department": "engines"},
    "consent": "signed on paper, 2026-04-30",
    "retain_until": "2031-04-30",
    "faces": 2,
    "version": 3,
    "created_at": MOMENT,
    "updated_at": LATER,
}
GALLERY = {
    "id": GALLERY_ID,
    "name": "staff",
    "model": MODEL,
    "dim": 128,
    "keep_crops": False,
    "policy": None,
    "revision": 41,
    "subjects": 17,
    "faces": 38,
    "created_at": MOMENT,
}
ENROLLED_FACE = {
    "id": FACE_ID,
    "subject_id": ADA_ID,
    "model": MODEL,
    "quality": QUALITY,
    "box": BOX,
    "source_digest": DIGEST,
    "weight": 1,
    "running": False,
    "created_at": LATER,
}
MEAN = ENROLLED_FACE | {
    "quality": None,
    "box": None,
    "source_digest": None,
    "weight": 5,
    "running": True,
}
NO_FACE = {"code": "no_face", "detail": "There is no face in the image."}
ENROLLED = {
    "outcome": "enrolled",
    "image": 0,
    "created": True,
    "subject": ADA,
    "face": {"id": FACE_ID, "detected": DETECTED},
    "notes": [],
    "problem": None,
}
REFUSED = {
    "outcome": "refused",
    "image": 1,
    "created": False,
    "subject": None,
    "face": None,
    "notes": [],
    "problem": NO_FACE,
}
MERGE = {"id": MERGE_ID, "into": ADA_ID, "others": [BOB_ID], "at": LATER}
KEY = {
    "id": KEY_ID,
    "name": "front door",
    "scope": "read",
    "gallery_id": GALLERY_ID,
    "created_at": MOMENT,
    "expires_at": "2027-05-01T08:30:00Z",
    "revoked_at": None,
    "last_used_at": LATER,
}
READY = {"ready": True, "detail": "ready"}
NEW_SUBJECT = {
    "name": "Ada Lovelace",
    "external_id": "2576",
    "attributes": {"department": "engines"},
    "consent": "signed on paper, 2026-04-30",
    "retain_until": "2031-04-30",
}

ANSWERS: dict[type[BaseModel], Any] = {
    face.DetectedFace: DETECTED,
    face.EmbeddedFace: {"face": DETECTED, "template": TEMPLATE, "model": MODEL},
    face.FaceShape: ENROLLED_FACE,
    answers.IdentificationShape: IDENTIFICATION,
    answers.IdentifiedFaceShape: {"face": DETECTED} | IDENTIFICATION,
    answers.VerificationShape: {
        "similarity": 0.968,
        "probability": 0.998,
        "decision": "match",
        "reasons": ["similarity 0.968 reaches the threshold 0.93"],
        "threshold": THRESHOLD,
        "model": MODEL,
        "faces": [DETECTED, DETECTED],
        "subject": None,
        "most_similar_face": None,
    },
    answers.DuplicateShape: {
        "first": ADA,
        "second": BOB,
        "similarity": 0.961,
        "probability": 0.99,
        "first_face": FACE_ID,
        "second_face": OTHER_FACE_ID,
    },
    enrolling.EnrollmentShape: {"images": [ENROLLED, REFUSED], "templates": []},
    enrolling.TemplateUpdateShape: {
        "mean": MEAN,
        "refused": [{"image": 1, "problem": NO_FACE}],
    },
    subject.SubjectShape: SUBJECT,
    subject.MergeShape: MERGE,
    subject.Deleted: {"subjects": 17},
    gallery.GalleryShape: GALLERY,
    gallery.ImportedShape: {"gallery": GALLERY, "subjects": 17, "of": 17},
    upkeep.PurgedShape: {"galleries": 0, "subjects": 3, "faces": 7, "expired": 1},
    upkeep.IndexShape: {"templates": 38, "revision": 41, "store_revision": 41, "lag": 0},
    upkeep.CheckedIndexShape: {
        "clean": False,
        "settled": True,
        "templates": 38,
        "revision": 41,
        "missing": [{"key": 12, "face": FACE_ID}],
        "extra": [],
        "different": [],
        "problem": None,
    },
    administration.ModelInUse: MODEL
    | {"dim": 128, "default": True, "state": "ready", "galleries": [GALLERY_ID]},
    administration.KeyShape: KEY,
    administration.CreatedKey: KEY | {"last_used_at": None, "secret": SECRET},
    administration.AuditShape: {
        "sequence": 1_201,
        "at": LATER,
        "actor": f"key:{KEY_ID}",
        "action": "subject.created",
        "gallery_id": GALLERY_ID,
        "subject_id": ADA_ID,
        "details": {"faces": 1},
    },
    administration.Liveness: {"status": "alive"},
    administration.Readiness: {
        "ready": True,
        "checks": {"models": READY, "store": READY, "index": READY},
    },
}
BODIES: dict[type[BaseModel], Any] = {
    forms.ImagesBody: {"image": FILE},
    forms.NewSubjectImagesBody: {"subject": NEW_SUBJECT, "image": [FILE]},
    forms.TemplatesBody: {"templates": [TEMPLATE]},
    forms.NewSubjectTemplatesBody: {"subject": NEW_SUBJECT, "templates": [TEMPLATE]},
    subject.NewSubjectBody: NEW_SUBJECT,
    subject.SubjectChangeBody: {"name": "Ada King", "consent": None},
    subject.MergeBody: {"into": "2576", "others": ["Ada King"]},
    subject.MoveBody: {"faces": [OTHER_FACE_ID], "to": "Ada Lovelace"},
    gallery.NewGalleryBody: {"name": "staff", "keep_crops": False},
    gallery.GalleryChangeBody: {"policy": {"kind": "fpir", "fpir": 0.01}},
    upkeep.PurgeBody: {"days": 30},
    administration.NewKeyBody: {
        "name": "front door",
        "scope": "read",
        "gallery": "staff",
        "expires_at": "2027-05-01T08:30:00Z",
    },
}


def of_answers() -> dict[str, Any]:
    """Examples of answers, by the names that their schemas have in the document."""
    examples: dict[str, Any] = {}
    for kind, example in ANSWERS.items():
        examples[kind.__name__] = example
        for several, made in (
            (shape.PageShape, {"items": [example], "next": None}),
            (shape.ListShape, {"items": [example]}),
            (images.ImagesShape, {"images": [{"image": 0, "faces": [example], "problem": None}]}),
        ):
            name = f"{several.__name__}[{kind.__name__}]"
            examples[re.sub(r"[^A-Za-z0-9._-]", "_", name)] = made
    return examples
