"""What the OpenAPI document says beyond what FastAPI finds out by itself."""

from collections import defaultdict
from dataclasses import fields
from typing import Any

from pydantic import BaseModel

from vultus import errors
from vultus.api.examples import BODIES, of_answers
from vultus.api.forms import ImagesBody
from vultus.api.problems import INSIDE, MEDIA_TYPE, OURS, status_of
from vultus.api.schemas.problem import ProblemShape
from vultus.api.schemas.subject import NewSubjectBody, SubjectShape
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


TAGS = [
    {"name": "recognition", "description": "Images without a gallery: detect, embed, verify."},
    {"name": "galleries", "description": "Named sets of subjects, and archives of them."},
    {"name": "subjects", "description": "People of a gallery: who they are, and which are one."},
    {"name": "faces", "description": "What people are known by: enrolled images and templates."},
    {"name": "identification", "description": "Who faces are, among the subjects of a gallery."},
    {"name": "upkeep", "description": "What goes for good, and whether indexes are right."},
    {"name": "administration", "description": "Keys, models in use, and who did what."},
    {"name": "health", "description": "Whether the service lives, is ready, and what it does."},
]
KEYS: dict[str, dict[str, Any]] = {
    "HTTPBearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "a key of `vultus keys create`",
    },
    "APIKeyHeader": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "the same key",
    },
}
"""How a key is sent: in one way or the other."""
NO_KEY: dict[str, Any] = {"security": []}
"""Says of a route that it needs no key."""
HEADERS: dict[str, dict[str, Any]] = {
    "X-Request-ID": {
        "description": "as in the log of the service",
        "schema": {"type": "string"},
    },
    "Retry-After": {
        "description": "seconds after which to ask again",
        "schema": {"type": "integer", "minimum": 0},
    },
    "ETag": {"description": "the version, for `If-Match`", "schema": {"type": "string"}},
    "Idempotency-Replayed": {
        "description": "`true`: the write was done before, and this is its answer from then",
        "schema": {"type": "string"},
    },
}


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
    content = {
        "multipart/form-data": {
            "schema": form,
            "encoding": {"subject": {"contentType": "application/json"}}
            if "subject" in properties
            else {},
        },
        "application/json": _json_content(*taken),
    }
    return {"requestBody": {"required": True, "content": content}}


def json_body(shape: type[BaseModel]) -> dict[str, Any]:
    """The body of a route that takes JSON of one shape."""
    content = {"application/json": _json_content(shape)}
    return {"requestBody": {"required": True, "content": content}}


def complete(document: dict[str, Any]) -> None:
    """Add to a document how keys are sent, and what its operations answer: examples and headers."""
    document["components"]["securitySchemes"] = KEYS
    document["security"] = [{way: []} for way in KEYS]
    examples = of_answers()
    for methods in document["paths"].values():
        for operation in methods.values():
            taken = {each["name"] for each in operation.get("parameters", ())}
            for status, response in operation["responses"].items():
                shape = _shape_of(response)
                response.setdefault("headers", {}).update(_headers(status, taken, shape))
                if status.startswith("2") and shape in examples:
                    response["content"]["application/json"]["example"] = examples[shape]


def _headers(status: str, taken: set[str], shape: str) -> dict[str, Any]:
    """Those of an answer of a shape to a request that takes such parameters."""
    is_done = status.startswith("2")
    there = {
        "X-Request-ID": True,
        "Retry-After": status in ("429", "503"),
        "ETag": is_done and shape == SubjectShape.__name__,
        "Idempotency-Replayed": is_done and "Idempotency-Key" in taken,
    }
    return {name: HEADERS[name] for name, is_there in there.items() if is_there}


def _shape_of(response: dict[str, Any]) -> str:
    """The name of the shape of a JSON answer; nothing for any other."""
    schema = response.get("content", {}).get("application/json", {}).get("schema", {})
    name: str = schema.get("$ref", "").rpartition("/")[2]
    return name


def _json_content(*shapes: type[BaseModel]) -> dict[str, Any]:
    schemas = [_inlined(shape) for shape in shapes]
    examples = {
        shape.__name__.removesuffix("Body"): {
            "summary": (shape.__doc__ or "").partition("\n")[0],
            "value": BODIES[shape],
        }
        for shape in shapes
    }
    schema = schemas[0] if len(schemas) == 1 else {"oneOf": schemas}
    return {"schema": schema, "examples": examples}


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
