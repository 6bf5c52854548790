"""Galleries: named sets of subjects."""

from http import HTTPStatus

from fastapi import APIRouter
from starlette.responses import Response

from vultus import errors
from vultus.api.access import AdminCall, ReadCall
from vultus.api.bodies import SmallBodyRoute
from vultus.api.described import OF_GALLERIES, OF_WRITES, json_body, problems
from vultus.api.routes.pages import Cursor, Limit, page
from vultus.api.schemas.gallery import GalleryChangeBody, GalleryShape, NewGalleryBody
from vultus.api.schemas.shape import PageShape
from vultus.usecases.gallery.opened import OpenGallery

router = APIRouter(prefix="/v1/galleries", tags=["galleries"], route_class=SmallBodyRoute)


@router.get("", response_model=PageShape[GalleryShape], responses=problems(errors.InvalidValue))
async def list_galleries(call: ReadCall, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """List the galleries that the key is for, by name."""

    def work() -> PageShape[GalleryShape]:
        found, cut = page(call.visible(), lambda each: [each.opened.name], cursor, limit)
        return PageShape.of(map(shape_of, found), cut)

    return await call.read(work)


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=GalleryShape,
    responses=problems(
        errors.GalleryExists, errors.InvalidValue, errors.KeyOfOneGallery, *OF_WRITES
    ),
    openapi_extra=json_body(NewGalleryBody),
)
async def create_gallery(call: AdminCall) -> Response:
    """Create an empty gallery for templates of the service's model."""
    new = await call.said(NewGalleryBody)

    def work() -> GalleryShape:
        return shape_of(call.galleries.create(new.name, keep_crops=new.keep_crops))

    return await call.write(work, status=HTTPStatus.CREATED)


@router.get("/{gallery}", response_model=GalleryShape, responses=problems(*OF_GALLERIES))
async def show_gallery(gallery: str, call: ReadCall) -> Response:
    """Show a gallery by its name or id, with the number of its subjects and faces."""
    return await call.read(lambda: shape_of(call.gallery(gallery)))


@router.patch(
    "/{gallery}",
    response_model=GalleryShape,
    responses=problems(errors.GalleryExists, errors.InvalidValue, *OF_GALLERIES, *OF_WRITES),
    openapi_extra=json_body(GalleryChangeBody),
)
async def change_gallery(gallery: str, call: AdminCall) -> Response:
    """Rename a gallery, or change whether it keeps crops, or how its threshold is found."""
    change = await call.said(GalleryChangeBody)

    def work() -> GalleryShape:
        opened = call.gallery(gallery)
        opened.change(change.value())
        return shape_of(opened)

    return await call.write(work, repeatable=True)


@router.delete(
    "/{gallery}",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    responses=problems(*OF_GALLERIES, *OF_WRITES),
)
async def delete_gallery(gallery: str, call: AdminCall) -> Response:
    """Delete a gallery with everybody in it."""

    def work() -> None:
        opened = call.gallery(gallery)
        call.service.galleries(call.actor).delete(opened.id)

    return await call.write(work)


def shape_of(gallery: OpenGallery) -> GalleryShape:
    """A gallery as it is now."""
    return GalleryShape.of(gallery.info, gallery.counts)
