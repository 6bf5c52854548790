"""Galleries and who is in them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from vultus.client.reading.faces import model, subject
from vultus.domain.gallery import (
    Duplicate,
    Enrollment,
    Gallery,
    GalleryCounts,
    Merge,
    ThresholdPolicy,
)
from vultus.domain.page import Page

Json = Mapping[str, Any]
T = TypeVar("T")


def page(json: Json, item: Callable[[Json], T]) -> Page[T]:
    """A page of a list."""
    return Page(tuple(map(item, json["items"])), json["next"])


def gallery(json: Json) -> Gallery:
    """A gallery."""
    return Gallery(
        id=json["id"],
        name=json["name"],
        model=model(json["model"]),
        dim=int(json["dim"]),
        keep_crops=bool(json["keep_crops"]),
        revision=int(json["revision"]),
        created_at=datetime.fromisoformat(json["created_at"]),
        policy=ThresholdPolicy(**json["policy"]) if json["policy"] else None,
    )


def counts(json: Json) -> GalleryCounts:
    """How much is in a gallery."""
    return GalleryCounts(int(json["subjects"]), int(json["faces"]))


def enrollment(json: Json, gallery_id: str) -> Enrollment:
    """A subject of a gallery."""
    until = json["retain_until"]
    return Enrollment(
        subject=subject(json),
        gallery_id=gallery_id,
        consent=json["consent"],
        retain_until=date.fromisoformat(until) if until else None,
        version=int(json["version"]),
        face_count=int(json["faces"]),
        created_at=datetime.fromisoformat(json["created_at"]),
        updated_at=datetime.fromisoformat(json["updated_at"]),
    )


def merge(json: Json) -> Merge:
    """A merge."""
    at = datetime.fromisoformat(json["at"])
    return Merge(json["id"], json["into"], tuple(json["others"]), at)


def duplicate(json: Json) -> Duplicate:
    """Two subjects that may be one person."""
    return Duplicate(
        first=subject(json["first"]),
        second=subject(json["second"]),
        similarity=float(json["similarity"]),
        probability=json["probability"],
        first_face_id=json["first_face"],
        second_face_id=json["second_face"],
    )
