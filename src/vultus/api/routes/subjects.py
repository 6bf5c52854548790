"""Subjects of a gallery. A subject is named by its id, its external id or its whole name."""

import re
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from starlette.responses import Response

from vultus import errors
from vultus.api.access import AdminCall, EnrollCall, ReadCall
from vultus.api.bodies import SmallBodyRoute
from vultus.api.described import OF_GALLERIES, OF_SUBJECTS, OF_WRITES, json_body, problems
from vultus.api.routes.pages import Cursor, Limit
from vultus.api.schemas.shape import PageShape
from vultus.api.schemas.subject import Deleted, NewSubjectBody, SubjectChangeBody, SubjectShape
from vultus.domain.subject import Attributes, Typed
from vultus.errors import ConfirmationMissing, RequestInvalid
from vultus.usecases.gallery.opened import OpenGallery

router = APIRouter(
    prefix="/v1/galleries/{gallery}/subjects", tags=["subjects"], route_class=SmallBodyRoute
)

ATTRIBUTE = "attributes."

IfMatch = Annotated[
    str | None,
    Header(
        description="an ETag, or several: refuse by 412 if the subject or a face of it was changed",
        max_length=1_000,
        examples=['"3"'],
    ),
]
TAG = r'(?:W/)?"[^"]*"'
TAGS = re.compile(rf"{TAG}(?:[ \t]*,[ \t]*{TAG})*")
STRONG = re.compile(r'(?<!W/)"([0-9]{1,18})"')
"""The versions that are named by tags that hold; weak ones never do (RFC 9110, 13.1.1)."""


@router.get(
    "",
    response_model=PageShape[SubjectShape],
    responses=problems(errors.InvalidValue, *OF_GALLERIES),
)
async def list_subjects(
    gallery: str,
    call: ReadCall,
    request: Request,
    q: Annotated[
        str,
        Query(
            max_length=1_000,
            description="every word begins a word of name, external id or attributes; "
            "where nobody has them all, near misses come",
        ),
    ] = "",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """List subjects in the order they were created, or search them.

    `?attributes.department=engines` finds those whose attribute equals. A value that reads as JSON
    is looked for as that and as text: `7` finds the number and the text, and `"7"` the text alone.
    """

    def work() -> PageShape[SubjectShape]:
        wanted = _attributes(request)
        found = call.gallery(gallery).subjects(q, wanted, cursor=cursor, limit=limit)
        return PageShape.of(map(SubjectShape.of, found.items), found.cursor)

    return await call.read(work)


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=SubjectShape,
    responses=problems(errors.ExternalIdTaken, errors.InvalidValue, *OF_GALLERIES, *OF_WRITES),
    openapi_extra=json_body(NewSubjectBody),
)
async def create_subject(gallery: str, call: EnrollCall) -> Response:
    """Create a subject without faces."""
    new = await call.said(NewSubjectBody)

    def work() -> SubjectShape:
        return SubjectShape.of(call.gallery(gallery).add_subject(new.value()))

    return await call.write(work, status=HTTPStatus.CREATED)


@router.delete(
    "",
    response_model=Deleted,
    responses=problems(errors.ConfirmationMissing, *OF_GALLERIES, *OF_WRITES),
)
async def delete_all_subjects(
    gallery: str,
    call: AdminCall,
    confirm: Annotated[str, Query(description="the name of the gallery")] = "",
) -> Response:
    """Delete every subject of a gallery."""

    def work() -> Deleted:
        opened = call.gallery(gallery)
        if confirm != opened.opened.name:
            raise ConfirmationMissing(opened.opened.name)
        return Deleted(subjects=opened.delete_all_subjects())

    return await call.write(work)


@router.get("/{subject}", response_model=SubjectShape, responses=problems(*OF_SUBJECTS))
async def show_subject(gallery: str, subject: str, call: ReadCall) -> Response:
    """Show all that is known of a subject; the ETag is its version."""
    return await call.read(lambda: SubjectShape.of(call.gallery(gallery).subject(subject)))


@router.patch(
    "/{subject}",
    response_model=SubjectShape,
    responses=problems(
        errors.ExternalIdTaken,
        errors.InvalidValue,
        errors.VersionConflict,
        *OF_SUBJECTS,
        *OF_WRITES,
    ),
    openapi_extra=json_body(SubjectChangeBody),
)
async def change_subject(
    gallery: str, subject: str, call: EnrollCall, if_match: IfMatch = None
) -> Response:
    """Rename a subject, or change what is known of it."""
    change = await call.said(SubjectChangeBody)

    def work() -> SubjectShape:
        opened = call.gallery(gallery)
        expected = _expected(opened, subject, if_match)
        changed = opened.change_subject(subject, change.value(), expected_version=expected)
        return SubjectShape.of(changed)

    return await call.write(work, repeatable=True)


@router.delete(
    "/{subject}",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    responses=problems(errors.VersionConflict, *OF_SUBJECTS, *OF_WRITES),
)
async def delete_subject(
    gallery: str, subject: str, call: EnrollCall, if_match: IfMatch = None
) -> Response:
    """Delete a subject with its faces; within the retention time it can be restored."""

    def work() -> None:
        opened = call.gallery(gallery)
        expected = _expected(opened, subject, if_match)
        opened.delete_subject(subject, expected_version=expected)

    return await call.write(work)


@router.post(
    "/{subject}:restore",
    response_model=SubjectShape,
    responses=problems(errors.ExternalIdTaken, errors.SubjectNotFound, *OF_GALLERIES, *OF_WRITES),
)
async def restore_subject(gallery: str, subject: str, call: EnrollCall) -> Response:
    """Take back the deletion of a subject, by its id: it returns with its faces."""

    def work() -> SubjectShape:
        return SubjectShape.of(call.gallery(gallery).restore_subject(subject))

    return await call.write(work, repeatable=True)


def _attributes(request: Request) -> Attributes:
    return {
        name.removeprefix(ATTRIBUTE): Typed(value)
        for name, value in request.query_params.items()
        if name.startswith(ATTRIBUTE)
    }


def _expected(opened: OpenGallery, subject: str, if_match: str | None) -> int | None:
    """The version that the subject must have; None where any will do.

    Raises:
        RequestInvalid: what is said of it are no ETags.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    if not TAGS.fullmatch(if_match.strip()):
        raise RequestInvalid("If-Match", "the ETag of the subject is needed, as it was given")
    versions = {int(digits) for digits in STRONG.findall(if_match)}
    version = opened.subject(subject).version
    # None that was named is told by any of them, or by one that no subject has.
    return version if version in versions else max(versions, default=0)
