"""Whole galleries: one archive out of the service, and into it. None is ever held in memory."""

import asyncio
from collections.abc import Iterator
from os import SEEK_END
from tempfile import TemporaryFile
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from vultus import errors
from vultus.api.access import AdminAnewCall, AdminReadCall
from vultus.api.described import OF_BODIES, OF_GALLERIES, problems
from vultus.api.routes.galleries import shape_of
from vultus.api.schemas.gallery import ImportedShape
from vultus.errors import ArchiveUnwritable

IMPORT = "/v1/galleries:import"
ARCHIVE = "application/octet-stream"
SUBJECTS = "Vultus-Subjects"
"""Header of an archive: how many subjects it has."""
CHUNK_BYTES = 1024**2

router = APIRouter(tags=["galleries"])

FILE: dict[str, Any] = {ARCHIVE: {"schema": {"type": "string", "format": "binary"}}}
HEADERS = {SUBJECTS: {"description": "subjects in it", "schema": {"type": "integer"}}}


@router.get(
    "/v1/galleries/{gallery}/archive",
    response_class=Response,
    responses=problems(errors.ArchiveUnwritable, *OF_GALLERIES)
    | {200: {"description": "An archive.", "content": FILE, "headers": HEADERS}},
)
async def export_gallery(gallery: str, call: AdminReadCall) -> Response:
    """Give a gallery as one archive, templates and all; keep it as you keep biometric data."""

    def work() -> Response:
        # It has no name, so nothing of it outlives the process.
        file = TemporaryFile()  # noqa: SIM115
        try:
            subjects = call.gallery(gallery).export(file)
            size_bytes = file.seek(0, SEEK_END)
            file.seek(0)
        except BaseException:
            file.close()
            raise
        headers = {SUBJECTS: str(subjects), "Content-Length": str(size_bytes)}
        return StreamingResponse(_chunks(file), headers=headers, media_type=ARCHIVE)

    return await call.run_long(work)


@router.post(
    IMPORT,
    response_model=ImportedShape,
    responses=problems(
        errors.ArchiveInvalid,
        errors.ArchiveTooNew,
        errors.ArchiveUnwritable,
        errors.GalleryModelMismatch,
        errors.ExternalIdTaken,
        errors.InvalidValue,
        errors.KeyOfOneGallery,
        *OF_BODIES,
    ),
    openapi_extra={"requestBody": {"required": True, "content": FILE}},
)
async def import_gallery(
    call: AdminAnewCall,
    name: Annotated[
        str | None, Query(alias="as", description="name of the gallery; default: its own")
    ] = None,
) -> Response:
    """Bring in the gallery of an archive; one that is there gets the subjects it lacks.

    One that was broken off can be repeated. Nothing is begun before the whole archive is here.
    """
    galleries = call.galleries
    file = await _received(call.request)

    def work() -> ImportedShape:
        with file:
            imported = galleries.import_archive(file, name=name)
        gallery = shape_of(galleries.open(imported.gallery.id))
        return ImportedShape(gallery=gallery, subjects=imported.subjects, of=imported.of)

    return await call.long(work)


async def _received(request: Request) -> BinaryIO:
    """A body, in a file without a name.

    Raises:
        ArchiveUnwritable: there is no room for it.
    """
    file = TemporaryFile()  # noqa: SIM115
    try:
        async for chunk in request.stream():
            await asyncio.to_thread(file.write, chunk)
        file.seek(0)
    except BaseException as error:
        file.close()
        if isinstance(error, OSError):
            raise ArchiveUnwritable("that was sent", error.strerror or str(error)) from error
        raise
    return file


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
