"""Faces, and who they are."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import numpy as np

from vultus.client.values import (
    EnrolledFace,
    Identification,
    IdentifiedFace,
    SubjectVerification,
    Threshold,
    Verification,
)
from vultus.domain.candidate import Candidate
from vultus.domain.face import AssessedFace, Box, Detection, Face, Landmarks, Quality
from vultus.domain.subject import Subject
from vultus.domain.template import ModelId, Template

Json = Mapping[str, Any]
T = TypeVar("T")


def faces_of(json: Json, read: Callable[[Json], T]) -> list[T]:
    """The faces of the one image that was sent."""
    (image,) = json["images"]
    return [read(face) for face in image["faces"]]


def detected_face(json: Json) -> AssessedFace:
    """A face of an image."""
    landmarks = Landmarks(np.array(json["landmarks"], np.float32))
    detection = Detection(box(json["box"]), landmarks, float(json["confidence"]))
    return AssessedFace(detection, quality(json["quality"]))


def embedded_face(json: Json) -> Face:
    """A face of an image with its template."""
    found = detected_face(json["face"])
    template = Template(np.array(json["template"], np.float32), model(json["model"]))
    return Face(found.detection, found.quality, template)


def enrolled_face(json: Json) -> EnrolledFace:
    """A face of a subject."""
    return EnrolledFace(
        id=json["id"],
        subject_id=json["subject_id"],
        model=model(json["model"]),
        weight=int(json["weight"]),
        running=bool(json["running"]),
        quality=quality(json["quality"]) if json["quality"] else None,
        box=box(json["box"]) if json["box"] else None,
        source_digest=json["source_digest"],
        created_at=datetime.fromisoformat(json["created_at"]),
    )


def verification(json: Json) -> Verification:
    """Whether two photos show one person."""
    first, second = map(detected_face, json["faces"])
    return Verification(**_comparison(json), first=first, second=second)


def subject_verification(json: Json) -> SubjectVerification:
    """Whether a photo shows a subject."""
    (face,) = map(detected_face, json["faces"])
    return SubjectVerification(
        **_comparison(json),
        subject=subject(json["subject"]),
        face=face,
        face_id=json["most_similar_face"],
    )


def identification(json: Json) -> Identification:
    """Who a template is."""
    return Identification(**_identification(json))


def identified_face(json: Json) -> IdentifiedFace:
    """Who a face of an image is."""
    return IdentifiedFace(**_identification(json), face=detected_face(json["face"]))


def candidate(json: Json) -> Candidate:
    """A subject that a face may be."""
    return Candidate(
        subject(json["subject"]), float(json["similarity"]), json["probability"], json["face"]
    )


def subject(json: Json) -> Subject:
    """Who somebody is."""
    return Subject(json["id"], json["name"], json["external_id"], json.get("attributes", {}))


def model(json: Json) -> ModelId:
    """The pack that made a template."""
    return ModelId(json["pack"], json["version"])


def box(json: Json) -> Box:
    """A rectangle in pixels of the file."""
    return Box(*(float(json[corner]) for corner in ("x1", "y1", "x2", "y2")))


def quality(json: Json) -> Quality:
    """How good a picture of a face is."""
    return Quality(float(json["score"]), tuple(json["reasons"]))


def _comparison(json: Json) -> dict[str, Any]:
    return {
        "similarity": float(json["similarity"]),
        "probability": json["probability"],
        "decision": json["decision"],
        "reasons": tuple(json["reasons"]),
        "threshold": _threshold(json["threshold"]),
        "model": model(json["model"]),
    }


def _identification(json: Json) -> dict[str, Any]:
    return {
        "candidates": tuple(map(candidate, json["candidates"])),
        "subject": subject(json["subject"]) if json["subject"] else None,
        "similarity": json["similarity"],
        "probability": json["probability"],
        "decision": json["decision"],
        "reason": json["reason"],
        "threshold": _threshold(json["threshold"]),
        "model": model(json["model"]),
    }


def _threshold(json: Json) -> Threshold:
    return Threshold(json["similarity"], json["origin"], json["fmr"], json["protocol"])
