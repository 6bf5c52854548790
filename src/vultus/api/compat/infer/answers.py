"""What `/infer`, `/generate`, `/embedding` and `/detect` answer."""

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from vultus.domain.changes import NewSubject
from vultus.domain.face import Detection, Face
from vultus.domain.outcome import Refused
from vultus.domain.subject import Subject
from vultus.usecases.gallery.opened import OpenGallery
from vultus.usecases.identification import IdentifiedFace
from vultus.usecases.recognizer import Recognizer

WHOLE = re.compile(r"-?[0-9]{1,18}")

Answer = dict[str, Any]


def infer(gallery: OpenGallery, image: bytes, *, with_templates: bool) -> Answer:
    """Name every face of an image, left to right; the id of a stranger is null.

    The nearest by cosine is the nearest by distance, too: templates have norm 1.
    """
    found = gallery.identify(image, top_k=1)
    ids = [_id_of(each.subject) for each in found]
    answer: Answer = {
        "cos_id": ids,
        "cos_conf": [_cosine(each) for each in found],
        "euc_id": ids,
        "euc_conf": [1 / (1 + _distance(_cosine(each))) for each in found],
        "bb": [_corners(each.face.detection) for each in found],
    }
    return answer | {"emb": _vectors(each.face for each in found)} if with_templates else answer


def generate(gallery: OpenGallery, number: int, images: Sequence[bytes]) -> Answer:
    """Enroll a person by number. What was enrolled before stays, and counts on."""
    person = NewSubject(str(number), external_id=str(number))
    outcomes = gallery.enroll(person, images) if images else []
    enrolled = any(not isinstance(outcome, Refused) for outcome in outcomes)
    return {"Response": "OK" if enrolled else "No embedding generated"}


def embedding(recognizer: Recognizer, images: Iterable[bytes]) -> Answer:
    """A template for each image: of its main face, or, where none is found, of all of it.

    Who asks this sends faces that were cut out already.
    """
    return {"response": "200", "emb": _vectors(_main(recognizer, image) for image in images)}


def detect(recognizer: Recognizer, image: bytes) -> Answer:
    """Find the faces of an image, left to right."""
    faces = recognizer.faces(image)
    body = {
        "prob": [face.detection.confidence for face in faces],
        "box": [_corners(face.detection) for face in faces],
        "emb": _vectors(faces),
    }
    return {"response": "200", "body": body}


def _main(recognizer: Recognizer, image: bytes) -> Face:
    pixels = recognizer.pipeline.reader.read(image)
    portrait = recognizer.portrait(pixels)
    return portrait.main if portrait.faces else recognizer.faces(pixels, face_only=True)[0]


def _id_of(subject: Subject | None) -> int | str | None:
    """A number where it was enrolled as one."""
    if subject is None:
        return None
    said = subject.external_id or subject.name
    return int(said) if WHOLE.fullmatch(said) else said


def _cosine(found: IdentifiedFace) -> float:
    return found.similarity or 0.0


def _distance(cosine: float) -> float:
    return math.sqrt(max(2 - 2 * cosine, 0.0))


def _corners(detection: Detection) -> list[int]:
    return [round(value) for value in detection.box.xyxy]


def _vectors(faces: Iterable[Face]) -> list[list[float]]:
    return [face.template.vector.tolist() for face in faces]
