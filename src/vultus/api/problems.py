"""One table turns errors into problem details (RFC 9457); a test proves it complete.

A status stands for a class and for those derived from it, unless they have one of their own.
"""

from http import HTTPStatus
from typing import Any

from vultus import errors
from vultus.errors import VultusError

MEDIA_TYPE = "application/problem+json"

STATUSES: dict[type[VultusError], HTTPStatus] = {
    errors.InvalidValue: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.SettingInvalid: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.FileUnwritable: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.ImageRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ImageTooHeavy: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.UnsupportedImage: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.BrokenImage: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ImageNotFound: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ImageSideTooLong: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ImageTooLarge: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TooManyFrames: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NoFace: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.SeveralFaces: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NoPeople: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ModelMismatch: HTTPStatus.CONFLICT,
    errors.ThresholdMissing: HTTPStatus.CONFLICT,
    errors.RatesMissing: HTTPStatus.CONFLICT,
    errors.PackError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.SourceError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.InferenceError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.GalleryError: HTTPStatus.CONFLICT,
    errors.GalleryExists: HTTPStatus.CONFLICT,
    errors.GalleryModelMismatch: HTTPStatus.CONFLICT,
    errors.ExternalIdTaken: HTTPStatus.CONFLICT,
    errors.MergeNotUndoable: HTTPStatus.CONFLICT,
    errors.RevisionPurged: HTTPStatus.CONFLICT,
    errors.SubjectAmbiguous: HTTPStatus.CONFLICT,
    errors.SubjectWithoutFaces: HTTPStatus.CONFLICT,
    errors.GalleryNotFound: HTTPStatus.NOT_FOUND,
    errors.SubjectNotFound: HTTPStatus.NOT_FOUND,
    errors.FaceNotFound: HTTPStatus.NOT_FOUND,
    errors.MergeNotFound: HTTPStatus.NOT_FOUND,
    errors.VersionConflict: HTTPStatus.PRECONDITION_FAILED,
    errors.TemplateSizeMismatch: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.InvalidMerge: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.EnrollmentRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.FaceNotAtBox: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.LooksLikeAnother: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.PoorQuality: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.FetchError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.AddressRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.FetchFailed: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.GalleryFileError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ArchiveInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ArchiveTooNew: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.PhotosUnreadable: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TemplatesUnreadable: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ArchiveUnwritable: HTTPStatus.INSUFFICIENT_STORAGE,
    errors.StoreError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.StoreDamaged: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.StoreFull: HTTPStatus.INSUFFICIENT_STORAGE,
    errors.SearchError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.BlobError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.BlobNotFound: HTTPStatus.NOT_FOUND,
    errors.RemoteError: HTTPStatus.BAD_GATEWAY,
    errors.DatasetError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.ReportError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.TooFewComparisons: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.ExtraMissing: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.AccessError: HTTPStatus.FORBIDDEN,
    errors.KeyInsufficient: HTTPStatus.FORBIDDEN,
    errors.KeyOfOneGallery: HTTPStatus.FORBIDDEN,
    errors.KeyMissing: HTTPStatus.UNAUTHORIZED,
    errors.KeyInvalid: HTTPStatus.UNAUTHORIZED,
    errors.KeyNotFound: HTTPStatus.NOT_FOUND,
    errors.KeyTaken: HTTPStatus.CONFLICT,
    errors.TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    errors.ServiceError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.RequestInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.RouteNotFound: HTTPStatus.NOT_FOUND,
    errors.MethodNotAllowed: HTTPStatus.METHOD_NOT_ALLOWED,
    errors.BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.BodyTooSlow: HTTPStatus.REQUEST_TIMEOUT,
    errors.TooManyImages: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ModelsNotReady: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ModelUnavailable: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.TookTooLong: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.IdempotencyKeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.RequestInProgress: HTTPStatus.CONFLICT,
    errors.RequestInterrupted: HTTPStatus.CONFLICT,
    errors.ConfirmationMissing: HTTPStatus.UNPROCESSABLE_ENTITY,
}

OURS = (errors.Overloaded, errors.ModelsNotReady, errors.ModelUnavailable, errors.TookTooLong)
"""Errors of the 5xx that say nothing of what is inside."""

INSIDE = "The service cannot do this now. Its log says why, under this request_id."


def status_of(kind: type[VultusError]) -> int:
    """The status of an error; of one that is not in the table, that of its nearest base."""
    known = (STATUSES[each] for each in kind.__mro__ if each in STATUSES)
    return int(next(known, HTTPStatus.INTERNAL_SERVER_ERROR))


def is_inside(error: VultusError) -> bool:
    """Say whether an error tells of the service's own affairs, which are not for callers."""
    return status_of(type(error)) >= 500 and not isinstance(error, OURS)


def facts_of(error: VultusError) -> dict[str, Any]:
    """The facts of an error that callers may know, as JSON."""
    if is_inside(error):
        return {}
    return {
        name: list(fact) if isinstance(fact, tuple) else fact for name, fact in error.facts.items()
    }


def problem_of(error: VultusError, request_id: str) -> dict[str, Any]:
    """An error as problem details."""
    image = {} if error.image is None else {"image": error.image}
    return (
        facts_of(error)
        | image
        | {
            "type": f"/docs/errors#{error.code}",
            "title": error.code.replace("_", " ").capitalize(),
            "status": status_of(type(error)),
            "detail": INSIDE if is_inside(error) else str(error),
            "code": error.code,
            "request_id": request_id,
        }
    )


def headers_of(error: VultusError) -> dict[str, str]:
    """Headers that go with an error."""
    headers = {}
    if status_of(type(error)) == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="vultus"'
    retry_after_s = error.facts.get("retry_after_s")
    if retry_after_s is None and status_of(type(error)) == HTTPStatus.SERVICE_UNAVAILABLE:
        retry_after_s = 1
    if retry_after_s is not None:
        headers["Retry-After"] = str(retry_after_s)
    return headers
