"""What `/api/v1/index` and `/api/v1/recognize` answer."""

from typing import Any

from vultus.api.compat.similarity import Scale
from vultus.domain.outcome import Refused
from vultus.usecases.gallery.naming import whom
from vultus.usecases.gallery.opened import OpenGallery

Answer = dict[str, Any]


def index(gallery: OpenGallery, image: bytes, name: str) -> Answer:
    """Enroll a photo of a person; further photos add to the first.

    Raises:
        VultusError: why the photo was refused.
    """
    (outcome,) = gallery.enroll(whom(gallery, name), image)
    if isinstance(outcome, Refused):
        raise outcome.error
    return _results({"msg": "created"})


def recognize(gallery: OpenGallery, image: bytes) -> Answer:
    """Name the main face of a photo. A stranger is nobody: `pred` is null.

    `proba` is the calibrated probability that the nearest subject is the person, and 0 where
    nobody is enrolled.

    Raises:
        NoFace: the photo shows none.
        ImageRefused: it cannot be read.
    """
    recognizer = gallery.recognizer
    face = recognizer.portrait(image).main
    (found,) = gallery.identify_templates([face.template.vector], top_k=1)
    scale = Scale.of("probability", recognizer, found.policy)
    return _results(
        {
            "pred": found.subject.name if found.subject else None,
            "proba": scale.of_candidate(found.best) if found.best else 0.0,
        }
    )


def _results(results: Answer) -> Answer:
    return {"error": False, "results": results}
