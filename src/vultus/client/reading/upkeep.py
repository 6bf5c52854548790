"""Archives, purges and indexes."""

from collections.abc import Mapping
from typing import Any

from vultus.client.reading.subjects import gallery
from vultus.client.values import CheckedIndex, Imported, IndexCheck, IndexStatus, Purged

Json = Mapping[str, Any]

KINDS = "missing", "extra", "different"


def imported(json: Json) -> Imported:
    """What an import added."""
    return Imported(gallery(json["gallery"]), int(json["subjects"]), int(json["of"]))


def purged(json: Json) -> Purged:
    """What a purge removed."""
    names = "galleries", "subjects", "faces", "expired"
    return Purged(*(int(json[name]) for name in names))


def index_status(json: Json) -> IndexStatus:
    """How an index is."""
    names = "templates", "revision", "store_revision", "lag"
    return IndexStatus(*(int(json[name]) for name in names))


def checked_index(json: Json) -> CheckedIndex:
    """Where an index differs."""
    missing, extra, different = (tuple(int(each["key"]) for each in json[kind]) for kind in KINDS)
    check = IndexCheck(
        clean=bool(json["clean"]),
        settled=bool(json["settled"]),
        templates=int(json["templates"]),
        revision=int(json["revision"]),
        missing=missing,
        extra=extra,
        different=different,
        problem=json["problem"],
    )
    faces = [each for kind in KINDS for each in json[kind] if each["face"] is not None]
    return CheckedIndex(check, {int(each["key"]): str(each["face"]) for each in faces})
