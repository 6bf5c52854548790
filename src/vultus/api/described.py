"""What the OpenAPI document says beyond what FastAPI finds out by itself."""

from collections import defaultdict
from dataclasses import fields
from typing import Any

from pydantic import BaseModel

from vultus import errors
from vultus.api.forms import ImagesBody
from vultus.api.problems import INSIDE, MEDIA_TYPE, OURS, status_of
from vultus.api.schemas.problem import ProblemShape
from vultus.api.schemas.subject import NewSubjectBody
from vultus.errors import VultusError

Responses = dict[int | str, dict[str, Any]]

ANY = (
    errors.KeyMissing,
    errors.KeyInvalid,
    errors.KeyInsufficient,
    errors.TooManyRequests,
    errors.RequestInvalid,
    errors.Overloaded,
    errors.TookTooLong,
    errors.StoreUnavailable,
    errors.StoreBusy,
    errors.StoreFull,
    errors.StoreReadOnly,
    errors.StoreDamaged,
)
"""Errors of every route."""
OF_GALLERIES = (errors.GalleryNotFound,)
OF_SUBJECTS = (*OF_GALLERIES, errors.SubjectNotFound, errors.SubjectAmbiguous)
OF_BODIES = (errors.BodyTooLarge, errors.BodyTooSlow)
OF_WRITES = (
    *OF_BODIES,
    errors.IdempotencyKeyReused,
    errors.RequestInProgress,
    errors.RequestInterrupted,
)
OF_MODELS = (errors.ModelsNotReady, errors.ModelUnavailable, errors.GalleryModelMismatch)
OF_IMAGES = (
    *OF_BODIES,
    *OF_MODELS,
    errors.TooManyImages,
    errors.ImageTooHeavy,
    errors.ImageTooLarge,
    errors.ImageSideTooLong,
    errors.TooManyFrames,
    errors.UnsupportedImage,
    errors.BrokenImage,
)
OF_DECISIONS = (
    errors.ThresholdMissing,
    errors.RatesMissing,
    errors.SearchUnavailable,
)


def problems(*kinds: type[VultusError]) -> Responses:
    """The errors that a route can give beside those of every route, by status."""
    by_status: defaultdict[int, list[type[VultusError]]] = defaultdict(list)
    for kind in dict.fromkeys((*ANY, *kinds)):
        by_status[status_of(kind)].append(kind)
    return {status: _described(kinds) for status, kinds in sorted(by_status.items())}


def images_body(*shapes: type[BaseModel]) -> dict[str, Any]:
    """The body of a route that takes images: as multipart, or as JSON of one of the shapes."""
    taken = shapes or (ImagesBody,)
    properties: dict[str, Any] = {
        "image": {"type": "array", "items": {"type": "string", "format": "binary"}, "minItems": 1}
    }
    if "subject" in taken[0].model_fields:
        properties["subject"] = NewSubjectBody.model_json_schema()
    form = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    schemas = [_inlined(shape) for shape in taken]
    content = {
        "multipart/form-data": {
            "schema": form,
            "encoding": {"subject": {"contentType": "application/json"}}
            if "subject" in properties
            else {},
        },
        "application/json": {"schema": schemas[0] if len(schemas) == 1 else {"oneOf": schemas}},
    }
    return {"requestBody": {"required": True, "content": content}}


def json_body(shape: type[BaseModel]) -> dict[str, Any]:
    """The body of a route that takes JSON of one shape."""
    content = {"application/json": {"schema": _inlined(shape)}}
    return {"requestBody": {"required": True, "content": content}}


def _described(kinds: list[type[VultusError]]) -> dict[str, Any]:
    examples = {kind.code: {"value": _example(kind)} for kind in kinds}
    return {
        "model": ProblemShape,
        "description": "; ".join((kind.__doc__ or "").partition("\n")[0] for kind in kinds),
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/ProblemShape"},
                "examples": examples,
            }
        },
    }


def _example(kind: type[VultusError]) -> dict[str, Any]:
    is_inside = status_of(kind) >= 500 and not issubclass(kind, OURS)
    facts = {} if is_inside else {field.name: "…" for field in fields(kind)}
    return facts | {
        "type": f"/docs/errors#{kind.code}",
        "title": kind.code.replace("_", " ").capitalize(),
        "status": status_of(kind),
        "detail": INSIDE if is_inside else kind.sentence,
        "code": kind.code,
        "request_id": "01932b6c0d5e7f2a",
    }


def _inlined(shape: type[BaseModel]) -> dict[str, Any]:
    """The schema of a shape without references: there is no place for those of a body."""
    schema = shape.model_json_schema()
    defined = schema.pop("$defs", {})
    inlined: dict[str, Any] = _without_references(schema, defined)
    return inlined


def _without_references(schema: Any, defined: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_without_references(each, defined) for each in schema]
    if not isinstance(schema, dict):
        return schema
    meant = defined[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else {}
    own = {name: value for name, value in schema.items() if name != "$ref"}
    return {name: _without_references(value, defined) for name, value in (meant | own).items()}
