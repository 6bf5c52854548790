"""What became of photos."""

from collections.abc import Mapping
from typing import Any

from vultus.client.answer import unknown_error
from vultus.client.problems import known_error
from vultus.client.reading.faces import candidate, detected_face, enrolled_face, subject
from vultus.client.values import TemplateUpdate
from vultus.domain.outcome import AlreadyThere, Enrolled, Outcome, Refused

Json = Mapping[str, Any]


def outcome(json: Json, photo: str, server: str) -> Outcome:
    """What became of `photo` when it was to be enrolled."""
    kind = json["outcome"]
    if kind == "refused":
        return refused(json, photo, server)
    whose, face = subject(json["subject"]), json["face"]
    if kind == "already_there":
        return AlreadyThere(photo, whose, face["id"])
    if kind != "enrolled":
        raise ValueError(f"{kind!r} is no outcome")
    alike = next((note["candidate"] for note in json["notes"] if "candidate" in note), None)
    return Enrolled(
        photo=photo,
        subject=whose,
        face_id=face["id"],
        face=detected_face(face["detected"]),
        created=json["created"],
        looks_like=candidate(alike) if alike else None,
    )


def template_update(json: Json, photo: str, server: str) -> TemplateUpdate:
    """What became of `photo` when it was to be folded into a running mean."""
    mean = enrolled_face(json["mean"]) if json["mean"] else None
    return TemplateUpdate(mean, tuple(refused(each, photo, server) for each in json["refused"]))


def refused(json: Json, photo: str, server: str) -> Refused:
    """Why `photo` was not taken."""
    problem = json["problem"]
    return Refused(photo, known_error(problem) or unknown_error(server, 422, problem))
