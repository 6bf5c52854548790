"""What keeps the service's store and indexes in order."""

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from vultus import errors
from vultus.api.access import AdminAnewCall, AdminReadCall
from vultus.api.bodies import SmallBodyRoute
from vultus.api.described import OF_BODIES, OF_GALLERIES, json_body, problems
from vultus.api.schemas.upkeep import CheckedIndexShape, IndexShape, PurgeBody, PurgedShape

router = APIRouter(prefix="/v1/galleries", tags=["upkeep"], route_class=SmallBodyRoute)

OF_INDEXES = (errors.SearchUnavailable, *OF_GALLERIES)


@router.post(
    ":purge",
    response_model=PurgedShape,
    responses=problems(errors.KeyOfOneGallery, errors.BlobsUnavailable, *OF_BODIES),
    openapi_extra=json_body(PurgeBody),
)
async def purge(call: AdminAnewCall) -> Response:
    """Remove for good, from all galleries, what was deleted or is past its date of retention."""
    body = await call.said(PurgeBody)

    def work() -> PurgedShape:
        keep = None if body.days is None else timedelta(days=body.days)
        return PurgedShape.of(call.galleries.purge(keep))

    return await call.long(work)


@router.get("/{gallery}/index", response_model=IndexShape, responses=problems(*OF_INDEXES))
async def show_index(gallery: str, call: AdminReadCall) -> Response:
    """Say how large a gallery's index is, and how many changes behind the gallery."""
    return await call.read(lambda: IndexShape.of(call.gallery(gallery).index_status()))


@router.post("/{gallery}/index:rebuild", response_model=IndexShape, responses=problems(*OF_INDEXES))
async def rebuild_index(gallery: str, call: AdminAnewCall) -> Response:
    """Make a gallery's index anew from nothing but the store, and save it."""
    return await call.long(lambda: IndexShape.of(call.gallery(gallery).rebuild_index()))


@router.post(
    "/{gallery}/index:check", response_model=CheckedIndexShape, responses=problems(*OF_INDEXES)
)
async def check_index(gallery: str, call: AdminAnewCall) -> Response:
    """Compare a gallery's index with the store, and name every face on which they disagree."""
    return await call.long(lambda: CheckedIndexShape.of(call.gallery(gallery).check_index()))
