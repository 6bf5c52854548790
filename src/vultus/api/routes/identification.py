"""Who faces are, among the subjects of a gallery."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from vultus import errors
from vultus.api.access import ComputeCall, ReadCall
from vultus.api.candidates import Candidates
from vultus.api.described import (
    OF_BODIES,
    OF_DECISIONS,
    OF_GALLERIES,
    OF_IMAGES,
    OF_MODELS,
    images_body,
    json_body,
    problems,
)
from vultus.api.forms import TemplatesBody
from vultus.api.routes.pages import Cursor, Limit, offset_after, offset_of
from vultus.api.routes.recognition import FaceOnly
from vultus.api.schemas.answers import DuplicateShape, IdentificationShape, IdentifiedFaceShape
from vultus.api.schemas.images import ImagesShape
from vultus.api.schemas.shape import ListShape, PageShape

router = APIRouter(prefix="/v1/galleries/{gallery}", tags=["identification"])

TopK = Annotated[int, Query(ge=1, le=1_000, description="most candidates of a face")]


@router.post(
    "/identify",
    response_model=ImagesShape[IdentifiedFaceShape],
    responses=problems(*OF_GALLERIES, *OF_DECISIONS, *OF_IMAGES),
    openapi_extra=images_body(),
)
async def identify(
    gallery: str, call: ComputeCall, top_k: TopK = 3, face_only: FaceOnly = False
) -> Response:
    """Name each face of images, with its most similar subjects and a decision."""
    posted = await call.posted()

    def work() -> ImagesShape[IdentifiedFaceShape]:
        opened, candidates = call.gallery(gallery), Candidates()

        def faces_of(image: bytes) -> list[IdentifiedFaceShape]:
            faces = opened.recognizer.faces(image, face_only=face_only)
            candidates.take(len(faces), top_k)
            answers = opened.identify_faces(faces, top_k=top_k)
            return list(map(IdentifiedFaceShape.of, answers))

        return ImagesShape[IdentifiedFaceShape].of(posted.form().some_images(), faces_of)

    return await call.compute(work)


@router.post(
    "/search",
    response_model=ListShape[IdentificationShape],
    responses=problems(
        errors.TemplateSizeMismatch,
        errors.InvalidValue,
        *OF_GALLERIES,
        *OF_DECISIONS,
        *OF_MODELS,
        *OF_BODIES,
    ),
    openapi_extra=json_body(TemplatesBody),
)
async def search(gallery: str, call: ComputeCall, top_k: TopK = 3) -> Response:
    """Name ready templates, with their most similar subjects and a decision for each."""
    posted = await call.posted()

    def work() -> ListShape[IdentificationShape]:
        opened = call.gallery(gallery)
        rows = posted.form().some_templates()
        Candidates().take(len(rows), top_k)
        answers = opened.identify_templates(rows, top_k=top_k)
        model = opened.opened.model
        return ListShape(items=[IdentificationShape.of(each, model) for each in answers])

    return await call.compute(work)


@router.get(
    "/duplicates",
    response_model=PageShape[DuplicateShape],
    responses=problems(errors.InvalidValue, *OF_GALLERIES, *OF_DECISIONS, *OF_MODELS),
)
async def duplicates(
    gallery: str,
    call: ReadCall,
    least: Annotated[
        float | None, Query(ge=-1, le=1, description="lowest similarity; default: a match's")
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """List pairs of subjects that look like one person, most similar first."""

    def work() -> PageShape[DuplicateShape]:
        start = offset_of(cursor)
        found = call.gallery(gallery).duplicates(least, limit=start + limit + 1)
        pairs = map(DuplicateShape.of, found[start : start + limit])
        return PageShape.of(pairs, offset_after(start + limit, len(found)))

    return await call.compute(work)
