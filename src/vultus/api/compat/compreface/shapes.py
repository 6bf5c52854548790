"""Answers as CompreFace gives them: what cannot be given is left out, never null."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from vultus.api.compat.compreface.parameters import Asked
from vultus.domain.face import AssessedFace, Box, Detection, Face
from vultus.domain.template import ModelId

DIGITS = 5
"""CompreFace rounds probabilities and similarities to so many digits."""

Shape = dict[str, Any]


def face_shape(face: AssessedFace, asked: Asked, took_ms: Mapping[str, float]) -> Shape:
    """A face of an image, with the plugins that we have: landmarks and calculator."""
    shape: Shape = {"box": _box(face.detection)}
    if "landmarks" in asked.plugins:
        shape["landmarks"] = face.detection.landmarks.points.round().astype(int).tolist()
    if "calculator" in asked.plugins and isinstance(face, Face):
        shape["embedding"] = face.template.vector.tolist()
    if asked.status:
        shape["execution_time"] = {name: round(ms, 1) for name, ms in took_ms.items()}
    return shape


def versions_shape(asked: Asked, model: ModelId) -> Shape:
    """What made the answer, if that was asked for."""
    if not asked.status:
        return {}
    return {"plugins_versions": {"detector": str(model), "calculator": str(model)}}


def image_id(face_id: str) -> str:
    """A face's id in CompreFace's form."""
    return str(UUID(face_id))


def face_id(image_id: str) -> str | None:
    """Our id of a face from CompreFace's form of it; None for what cannot be one."""
    try:
        return UUID(image_id).hex
    except ValueError:
        return None


def rounded(number: float) -> float:
    """A probability or similarity as CompreFace writes it."""
    return round(number, DIGITS)


def _box(detection: Detection) -> Shape:
    box: Box = detection.box
    return {
        "probability": rounded(detection.confidence),
        "x_max": round(box.x2),
        "y_max": round(box.y2),
        "x_min": round(box.x1),
        "y_min": round(box.y1),
    }
