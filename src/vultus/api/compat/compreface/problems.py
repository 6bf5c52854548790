"""Errors in CompreFace's words: `{"message", "code"}`, with its codes and statuses."""

from http import HTTPStatus
from typing import Any

from vultus import errors
from vultus.api.compat.facade import sentence_of
from vultus.api.problems import status_of
from vultus.api.telling import Manner
from vultus.errors import VultusError

UNDEFINED, FAILED = 0, 41

CODES: dict[type[VultusError], tuple[int, HTTPStatus]] = {
    errors.KeyMissing: (20, HTTPStatus.BAD_REQUEST),
    errors.KeyInvalid: (10, HTTPStatus.NOT_FOUND),
    errors.AccessError: (1, HTTPStatus.FORBIDDEN),
    errors.GalleryNotFound: (10, HTTPStatus.NOT_FOUND),
    errors.RequestInvalid: (26, HTTPStatus.BAD_REQUEST),
    errors.InvalidValue: (26, HTTPStatus.BAD_REQUEST),
    errors.ImageRefused: (21, HTTPStatus.BAD_REQUEST),
    errors.NoFace: (28, HTTPStatus.BAD_REQUEST),
    errors.SeveralFaces: (31, HTTPStatus.BAD_REQUEST),
    errors.EnrollmentRefused: (36, HTTPStatus.BAD_REQUEST),
    errors.TemplateSizeMismatch: (36, HTTPStatus.BAD_REQUEST),
    errors.SubjectNotFound: (42, HTTPStatus.NOT_FOUND),
    errors.ExternalIdTaken: (43, HTTPStatus.BAD_REQUEST),
    errors.FaceNotFound: (44, HTTPStatus.NOT_FOUND),
}
"""A code stands for a class and for those derived from it. Its clients take 28 as "no face"."""


def refusal(error: VultusError) -> tuple[int, dict[str, Any]]:
    """An error as CompreFace gives it."""
    code, status = code_of(type(error))
    return status, {"message": _message_of(error), "code": code}


MANNER = Manner(("/api/v1",), refusal)


def _message_of(error: VultusError) -> str:
    if isinstance(error, errors.ExternalIdTaken):
        # Its clients know of names alone.
        return f"There is a subject {error.external_id!r} already."
    return sentence_of(error)


def code_of(kind: type[VultusError]) -> tuple[int, int]:
    """CompreFace's code and status of an error; what it does not know keeps our status."""
    ours = status_of(kind)
    if kind is errors.TooManyRequests or ours == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return UNDEFINED, ours
    for each in kind.__mro__:
        if each in CODES:
            code, status = CODES[each]
            return code, int(status)
    return (FAILED if ours >= HTTPStatus.INTERNAL_SERVER_ERROR else UNDEFINED), ours
