"""Subjects that are one person, made one."""

from fastapi import APIRouter
from starlette.responses import Response

from vultus import errors
from vultus.api.access import EnrollCall, ReadCall
from vultus.api.bodies import SmallBodyRoute
from vultus.api.described import OF_GALLERIES, OF_SUBJECTS, OF_WRITES, json_body, problems
from vultus.api.routes.pages import Cursor, Limit, page
from vultus.api.schemas.shape import ListShape, PageShape
from vultus.api.schemas.subject import MergeBody, MergeShape, SubjectShape
from vultus.errors import MergeNotFound

router = APIRouter(prefix="/v1/galleries/{gallery}", tags=["subjects"], route_class=SmallBodyRoute)


@router.post(
    "/subjects:merge",
    response_model=MergeShape,
    responses=problems(errors.InvalidMerge, *OF_SUBJECTS, *OF_WRITES),
    openapi_extra=json_body(MergeBody),
)
async def merge(gallery: str, call: EnrollCall) -> Response:
    """Make one subject of several; within the retention time it can be undone."""
    body = await call.said(MergeBody)

    def work() -> MergeShape:
        return MergeShape.of(call.gallery(gallery).merge(body.into, *body.others))

    return await call.write(work)


@router.get(
    "/merges",
    response_model=PageShape[MergeShape],
    responses=problems(errors.InvalidValue, *OF_GALLERIES),
)
async def list_merges(
    gallery: str, call: ReadCall, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """List the merges that can be undone, the newest first."""

    def work() -> PageShape[MergeShape]:
        merges = call.gallery(gallery).merges()
        found, cut = page(merges, lambda each: [-each.at.timestamp(), each.id], cursor, limit)
        return PageShape.of(map(MergeShape.of, found), cut)

    return await call.read(work)


@router.post(
    "/merges/{merge}:undo",
    response_model=ListShape[SubjectShape],
    responses=problems(
        MergeNotFound, errors.MergeNotUndoable, errors.ExternalIdTaken, *OF_GALLERIES, *OF_WRITES
    ),
)
async def undo_merge(gallery: str, merge: str, call: EnrollCall) -> Response:
    """Take back a merge, and give the subjects that returned."""

    def work() -> ListShape[SubjectShape]:
        returned = call.gallery(gallery).undo_merge(merge)
        return ListShape(items=[SubjectShape.of(each) for each in returned])

    return await call.write(work)
