"""Images without a gallery: detect, embed, verify."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from vultus import errors
from vultus.api.access import ComputeCall
from vultus.api.described import OF_DECISIONS, OF_IMAGES, OF_SUBJECTS, images_body, problems
from vultus.api.forms import Form
from vultus.api.schemas.answers import VerificationShape
from vultus.api.schemas.face import DetectedFace, EmbeddedFace
from vultus.api.schemas.images import ImagesShape
from vultus.errors import RequestInvalid

router = APIRouter(prefix="/v1", tags=["recognition"])

FaceOnly = Annotated[
    bool, Query(description="each image is one face: take all of it, and look for none")
]


@router.post(
    "/detect",
    response_model=ImagesShape[DetectedFace],
    responses=problems(*OF_IMAGES),
    openapi_extra=images_body(),
)
async def detect(call: ComputeCall, face_only: FaceOnly = False) -> Response:
    """Find the faces of images: boxes, landmarks, and how good their pictures are."""
    posted = await call.posted()

    def work() -> ImagesShape[DetectedFace]:
        detect = call.service.recognizer.detect
        return ImagesShape[DetectedFace].of(
            posted.form().some_images(),
            lambda image: list(map(DetectedFace.of, detect(image, face_only=face_only))),
        )

    return await call.compute(work)


@router.post(
    "/embed",
    response_model=ImagesShape[EmbeddedFace],
    responses=problems(*OF_IMAGES),
    openapi_extra=images_body(),
)
async def embed(call: ComputeCall, face_only: FaceOnly = False) -> Response:
    """Make a template of every face of images."""
    posted = await call.posted()

    def work() -> ImagesShape[EmbeddedFace]:
        faces = call.service.recognizer.faces
        return ImagesShape[EmbeddedFace].of(
            posted.form().some_images(),
            lambda image: list(map(EmbeddedFace.of, faces(image, face_only=face_only))),
        )

    return await call.compute(work)


@router.post(
    "/verify",
    response_model=VerificationShape,
    responses=problems(
        errors.NoFace, errors.SubjectWithoutFaces, *OF_SUBJECTS, *OF_DECISIONS, *OF_IMAGES
    ),
    openapi_extra=images_body(),
)
async def verify(
    call: ComputeCall,
    gallery: Annotated[str | None, Query(description="of the subject: name or id")] = None,
    subject: Annotated[str | None, Query(description="id, external id or whole name")] = None,
    face_only: FaceOnly = False,
) -> Response:
    """Say whether two images, or an image and a subject of a gallery, show one person."""
    posted = await call.posted()

    def work() -> VerificationShape:
        form = posted.form()
        if gallery is None and subject is None:
            first, second = _exactly(form, 2)
            recognizer = call.service.recognizer
            return VerificationShape.of(recognizer.verify(first, second, face_only=face_only))
        if gallery is None or subject is None:
            raise RequestInvalid("query", "gallery and subject go together")
        (image,) = _exactly(form, 1)
        opened = call.gallery(gallery)
        return VerificationShape.of_subject(opened.verify(image, subject, face_only=face_only))

    return await call.compute(work)


def _exactly(form: Form, wanted: int) -> list[bytes]:
    if len(form.images) != wanted:
        problem = f"{wanted} needed, got {len(form.images)}"
        raise RequestInvalid("image", problem)
    return form.images
