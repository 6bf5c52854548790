"""Answers as JSON for programs, in the shapes of the API, and as text for people."""

from collections.abc import Mapping
from pathlib import Path

from vultus.cli.draw import KNOWN, UNKNOWN, UNSURE, Mark
from vultus.cli.line import Json, Line
from vultus.cli.printable import json_line
from vultus.cli.shown import (
    Comparison,
    Identification,
    IdentifiedFace,
    SubjectVerification,
    Threshold,
    Verification,
)
from vultus.domain.candidate import Candidate
from vultus.domain.face import AssessedFace, Box, Quality
from vultus.domain.subject import Subject
from vultus.domain.template import ModelId, Template
from vultus.errors import VultusError
from vultus.matching.policy import Decision

COLOURS: Mapping[str, str] = {
    Decision.MATCH: KNOWN,
    Decision.UNCERTAIN: UNSURE,
    Decision.UNKNOWN: UNKNOWN,
}


def print_json(value: Json) -> None:
    """Print one object on one line."""
    print(json_line(value))


def error_json(photo: Path | str | None, error: VultusError) -> Json:
    """What went wrong, with which photo if it was one."""
    about = {} if photo is None else {"photo": str(photo)}
    return about | {"error": {"code": error.code, "message": str(error)}}


def face_json(face: AssessedFace) -> Json:
    """A face: where it is, and how good its picture is."""
    detection = face.detection
    return {
        "box": box_json(detection.box),
        "confidence": round(detection.confidence, 4),
        "landmarks": [
            [round(float(x), 1), round(float(y), 1)] for x, y in detection.landmarks.points
        ],
        "quality": quality_json(face.quality),
    }


def box_json(box: Box) -> Json:
    """A box, in pixels of the file."""
    names = ("x1", "y1", "x2", "y2")
    return {name: round(float(value), 1) for name, value in zip(names, box.xyxy, strict=True)}


def quality_json(quality: Quality) -> Json:
    """How good a picture of a face is."""
    return {"score": round(quality.score, 3), "reasons": list(quality.reasons)}


def subject_json(subject: Subject) -> Json:
    """Who somebody is."""
    return {"id": subject.id, "name": subject.name, "external_id": subject.external_id}


def model_json(model: ModelId) -> Json:
    """The pack that made a template."""
    return {"pack": model.pack, "version": model.version}


def threshold_json(threshold: Threshold) -> Json:
    """A threshold with its history."""
    return {
        "similarity": threshold.similarity,
        "origin": threshold.origin,
        "fmr": threshold.fmr,
        "protocol": threshold.protocol,
    }


def verification_json(answer: Verification) -> Json:
    """The answer to whether two photos show one person."""
    return _comparison_json(answer) | {
        "model": model_json(answer.model),
        "faces": [face_json(answer.first), face_json(answer.second)],
    }


def subject_verification_json(answer: SubjectVerification) -> Json:
    """The answer to whether a photo shows a subject."""
    return _comparison_json(answer) | {
        "model": model_json(answer.model),
        "subject": subject_json(answer.subject),
        "face": face_json(answer.face),
        "most_similar_face": answer.face_id,
    }


def _comparison_json(answer: Comparison) -> Json:
    return {
        "similarity": round(answer.similarity, 4),
        "probability": answer.probability,
        "decision": str(answer.decision),
        "reasons": list(answer.reasons),
        "threshold": threshold_json(answer.threshold),
    }


def identification_json(answer: Identification) -> Json:
    """Who a probe is."""
    return {
        "subject": subject_json(answer.subject) if answer.subject else None,
        "similarity": None if answer.similarity is None else round(answer.similarity, 4),
        "probability": answer.probability,
        "decision": str(answer.decision),
        "reason": answer.reason,
        "threshold": threshold_json(answer.threshold),
        "candidates": [candidate_json(candidate) for candidate in answer.candidates],
    }


def candidate_json(candidate: Candidate) -> Json:
    """A subject that a face may be."""
    return {
        "subject": subject_json(candidate.subject),
        "similarity": round(candidate.similarity, 4),
        "probability": candidate.probability,
        "face": candidate.face_id,
    }


def face_cells(face: AssessedFace) -> tuple[str, str, str]:
    """Box as left,top width x height in pixels, the detector's confidence, and the quality."""
    box, quality = face.detection.box, face.quality
    return (
        f"{box.x1:.0f},{box.y1:.0f} {box.width:.0f}x{box.height:.0f}",
        f"{face.detection.confidence:.3f}",
        " ".join([f"{quality.score:.2f}", *quality.reasons]),
    )


def template_json(template: Template) -> Json:
    """A template: its numbers, and the pack that made it."""
    numbers = [round(float(value), 6) for value in template.vector]
    return {"template": numbers, "model": model_json(template.model)}


def measured_text(fmr: float | None, protocol: str) -> str:
    """Where a threshold comes from."""
    return protocol if fmr is None else f"FMR {fmr:g} on {protocol}"


def verification_text(answer: Comparison) -> str:
    """The answer to a verification, in three lines or more."""
    return "\n".join(
        [
            str(answer.decision),
            f"  similarity   {answer.similarity:.3f}{_probability_text(answer.probability)}",
            f"  threshold    {_threshold_text(answer.threshold)}",
            *(f"  {reason}" for reason in answer.reasons),
        ]
    )


IDENTIFIED = ("who", "similarity>", "next", "quality")
"""Heads of the cells of `identified_line`."""


def identified_line(answer: IdentifiedFace) -> Line:
    """An identified face as JSON, as cells and as a mark."""
    *_, quality = face_cells(answer.face)
    who, similarity, others = identification_cells(answer)
    model = model_json(answer.model)
    return Line(
        {"face": face_json(answer.face), **identification_json(answer), "model": model},
        (who, similarity, others, quality),
        Mark(answer.face.detection, f"{who} {similarity}", COLOURS[answer.decision]),
    )


def identification_cells(answer: Identification) -> tuple[str, str, str]:
    """Who a probe is, how similar, and who is next."""
    others = [f"{other.subject.name} {other.similarity:.3f}" for other in answer.candidates[1:]]
    who = answer.subject.name if answer.subject else str(answer.decision)
    similarity = "-" if answer.similarity is None else f"{answer.similarity:.3f}"
    return who, similarity, ", ".join(others)


def _probability_text(probability: float | None) -> str:
    return "" if probability is None else f"   probability {probability:.1%}"


def _threshold_text(threshold: Threshold) -> str:
    whence = f"from the {threshold.origin}"
    if threshold.protocol:
        whence += f": {measured_text(threshold.fmr, threshold.protocol)}"
    return f"{threshold.similarity:.3f}, {whence}"
