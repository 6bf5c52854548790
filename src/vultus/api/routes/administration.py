"""Keys, models and the audit log."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from vultus import errors
from vultus.api.access import AdminAnewCall, AdminCall, AdminReadCall, ReadCall
from vultus.api.bodies import SmallBodyRoute
from vultus.api.call import Call
from vultus.api.described import OF_BODIES, OF_GALLERIES, OF_WRITES, json_body, problems
from vultus.api.routes.pages import Cursor, Limit, page
from vultus.api.schemas.administration import (
    AuditShape,
    CreatedKey,
    KeyShape,
    ModelInUse,
    NewKeyBody,
)
from vultus.api.schemas.shape import PageShape
from vultus.domain.key import NewKey
from vultus.errors import GalleryNotFound, KeyNotFound, KeyOfOneGallery

OfGallery = Annotated[str | None, Query(description="only of this one: name or id")]

router = APIRouter(prefix="/v1", tags=["administration"], route_class=SmallBodyRoute)


@router.get(
    "/models", response_model=PageShape[ModelInUse], responses=problems(errors.InvalidValue)
)
async def list_models(call: ReadCall, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """List the models in use: the service's own, and those of the galleries."""

    def work() -> PageShape[ModelInUse]:
        found, cut = page(_models(call), lambda each: [each.pack, each.version], cursor, limit)
        return PageShape.of(found, cut)

    return await call.read(work)


@router.get(
    "/keys",
    response_model=PageShape[KeyShape],
    responses=problems(errors.InvalidValue, *OF_GALLERIES),
)
async def list_keys(
    call: AdminReadCall, gallery: OfGallery = None, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """List keys in the order they were made; a key of one gallery sees those of that gallery."""

    def work() -> PageShape[KeyShape]:
        gallery_id = call.gallery(gallery).id if gallery is not None else _own(call)
        keys = call.service.workings.store.keys(gallery_id)
        found, cut = page(keys, lambda each: [each.created_at.isoformat(), each.id], cursor, limit)
        return PageShape.of(map(KeyShape.of, found), cut)

    return await call.read(work)


@router.post(
    "/keys",
    status_code=HTTPStatus.CREATED,
    response_model=CreatedKey,
    responses=problems(
        errors.InvalidValue, errors.KeyOfOneGallery, errors.KeyTaken, *OF_GALLERIES, *OF_BODIES
    ),
    openapi_extra=json_body(NewKeyBody),
)
async def create_key(call: AdminAnewCall) -> Response:
    """Make a key. Its secret is shown this once, and kept nowhere, so it cannot be asked again."""
    new = await call.said(NewKeyBody)

    def work() -> CreatedKey:
        gallery_id = call.gallery(new.gallery).id if new.gallery is not None else None
        if gallery_id is None and _own(call) is not None:
            raise KeyOfOneGallery
        wanted = NewKey(new.name, new.scope, gallery_id, new.expires_at)
        return CreatedKey.of(*call.service.keys.create(wanted, actor=call.actor, secret=new.secret))

    return await call.read(work, status=HTTPStatus.CREATED)


@router.delete(
    "/keys/{key}",
    response_model=KeyShape,
    responses=problems(errors.KeyNotFound, *OF_WRITES),
)
async def revoke_key(key: str, call: AdminCall) -> Response:
    """Revoke a key, by its id: from now on it opens nothing. It stays in the list."""

    def work() -> KeyShape:
        store = call.service.workings.store
        if _own(call) not in (None, store.key(key).gallery_id):
            raise KeyNotFound(key)
        return KeyShape.of(store.revoke_key(key, actor=call.actor))

    return await call.write(work, repeatable=True)


@router.get(
    "/audit",
    response_model=PageShape[AuditShape],
    responses=problems(errors.InvalidValue, *OF_GALLERIES),
)
async def list_events(
    call: AdminReadCall,
    gallery: OfGallery = None,
    subject: Annotated[str | None, Query(description="only of this one: id")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """List who did what to whom, in the order it happened. Ids outlive what they name."""

    def work() -> PageShape[AuditShape]:
        after = sequence_of(cursor)
        gallery_id = _logged(call, gallery) if gallery is not None else _own(call)
        events = call.service.workings.store.events(
            gallery_id=gallery_id, subject_id=subject, after=after, limit=limit + 1
        )
        shown = events[:limit]
        more = len(events) > limit
        return PageShape.of(map(AuditShape.of, shown), str(shown[-1].sequence) if more else None)

    return await call.read(work)


def sequence_of(cursor: str | None) -> int:
    """The sequence number that a page of the audit log begins behind."""
    if cursor is None:
        return 0
    if not cursor.isdecimal() or len(cursor) > 18:
        raise errors.InvalidValue("cursor", "it is none of this list")
    return int(cursor)


def _logged(call: Call, said: str) -> str:
    """The id of a gallery whose events are meant; they outlive it, so it may be gone."""
    try:
        return call.gallery(said).id
    except GalleryNotFound:
        if _own(call) is not None:
            raise
        return said


def _own(call: Call) -> str | None:
    """The only gallery that the call's key is for, if there is one."""
    return call.key.gallery_id if call.key else None


def _models(call: Call) -> list[ModelInUse]:
    service = call.service
    model, dim = service.workings.model()
    in_use: dict[tuple[str, str], tuple[int, list[str]]] = {(model.pack, model.version): (dim, [])}
    for gallery in call.visible():
        made_by = gallery.opened.model
        known = in_use.setdefault((made_by.pack, made_by.version), (gallery.opened.dim, []))
        known[1].append(gallery.id)
    return [
        ModelInUse(
            pack=pack,
            version=version,
            dim=numbers,
            default=(pack, version) == (model.pack, model.version),
            state=service.models.state(pack).value,
            galleries=sorted(ids),
        )
        for (pack, version), (numbers, ids) in in_use.items()
    ]
