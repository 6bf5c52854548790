"""Faces of a subject: enrolled, listed, deleted, moved, and folded into a mean."""

from functools import cache, partial
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from vultus import errors
from vultus.api.access import EnrollCall, ReadCall
from vultus.api.bodies import SmallBodyRoute
from vultus.api.described import (
    OF_DECISIONS,
    OF_GALLERIES,
    OF_IMAGES,
    OF_SUBJECTS,
    OF_WRITES,
    images_body,
    json_body,
    problems,
)
from vultus.api.forms import (
    Form,
    ImagesBody,
    NewSubjectImagesBody,
    NewSubjectTemplatesBody,
    TemplatesBody,
)
from vultus.api.routes.pages import Cursor, Limit, page
from vultus.api.routes.recognition import FaceOnly
from vultus.api.schemas.enrolling import EnrollmentShape, TemplateUpdateShape
from vultus.api.schemas.face import FaceShape
from vultus.api.schemas.shape import PageShape
from vultus.api.schemas.subject import MoveBody, SubjectShape
from vultus.domain.changes import NewSubject
from vultus.domain.face import Box
from vultus.domain.subject import Subject
from vultus.errors import RequestInvalid
from vultus.usecases.gallery.opened import OpenGallery

router = APIRouter(prefix="/v1/galleries/{gallery}", tags=["faces"])
small = APIRouter(prefix="/v1/galleries/{gallery}", tags=["faces"], route_class=SmallBodyRoute)

BoxQuery = Annotated[
    str | None,
    Query(
        alias="box",
        max_length=100,
        description="which of several faces is meant, as x1,y1,x2,y2 in pixels of the image",
        examples=["120,44,221,175"],
    ),
]
OF_TEMPLATES = (errors.TemplateSizeMismatch, errors.InvalidValue)
OF_PHOTOS = (
    errors.NoFace,
    errors.SeveralFaces,
    errors.FaceNotAtBox,
    errors.PoorQuality,
    errors.LooksLikeAnother,
)


OF_ENROLLING = (
    *OF_TEMPLATES,
    *OF_SUBJECTS,
    *OF_DECISIONS,
    *OF_IMAGES,
    *OF_WRITES,
    errors.BlobNotHeld,
    errors.BlobsUnavailable,
)


@router.post(
    "/subjects/{subject}/faces",
    response_model=EnrollmentShape,
    responses=problems(*OF_ENROLLING),
    openapi_extra=images_body(ImagesBody, TemplatesBody),
)
async def enroll(
    gallery: str,
    subject: str,
    call: EnrollCall,
    box: BoxQuery = None,
    face_only: FaceOnly = False,
) -> Response:
    """Enroll the face of each image as one of the subject's, or add ready templates.

    Each image has its own outcome: enrolled, already there, or refused with the reason, such as no
    face, several faces, or too poor a picture. Enrolling an image again changes nothing.
    """
    form = cache((await call.posted()).form)

    def work() -> EnrollmentShape:
        opened = call.gallery(gallery)
        whom = opened.subject(subject).subject
        return _enrolled(opened, whom, form(), box, face_only)

    return await call.write(work, images=True, says=lambda: form().digest, repeatable=True)


@router.post(
    "/faces",
    response_model=EnrollmentShape,
    responses=problems(*OF_ENROLLING),
    openapi_extra=images_body(NewSubjectImagesBody, NewSubjectTemplatesBody),
)
async def enroll_new_subject(
    gallery: str, call: EnrollCall, box: BoxQuery = None, face_only: FaceOnly = False
) -> Response:
    """Enroll somebody who may be new: the subject is created with its first face.

    One that the gallery knows already, by its external id or, without one, by its name, gets the
    faces and stays as it is otherwise.
    """
    form = cache(partial((await call.posted()).form, of_new_subject=True))

    def work() -> EnrollmentShape:
        subject = form().subject
        assert subject is not None
        return _enrolled(call.gallery(gallery), subject.value(), form(), box, face_only)

    return await call.write(work, images=True, says=lambda: form().digest, repeatable=True)


@router.put(
    "/subjects/{subject}/template",
    response_model=TemplateUpdateShape,
    responses=problems(*OF_TEMPLATES, *OF_SUBJECTS, *OF_IMAGES, *OF_WRITES),
    openapi_extra=images_body(ImagesBody, TemplatesBody),
)
async def update_template(
    gallery: str,
    subject: str,
    call: EnrollCall,
    box: BoxQuery = None,
    face_only: FaceOnly = False,
) -> Response:
    """Fold new images, or ready templates, into the subject's running mean.

    It needs none of the old images, replaces no face, and counts each image once.
    """
    form = cache((await call.posted()).form)

    def work() -> TemplateUpdateShape:
        opened, templates = call.gallery(gallery), form().templates
        if templates is not None:
            _check_nothing_said_of_images(box, face_only)
            mean = opened.update_template_with(subject, templates)
            return TemplateUpdateShape(mean=FaceShape.of(mean), refused=[])
        whom, meant = opened.subject(subject).subject, _box(box)
        return TemplateUpdateShape.of(
            opened.update_template(whom, image, box=meant, face_only=face_only)
            for image in form().some_images()
        )

    return await call.write(work, images=True, says=lambda: form().digest, repeatable=True)


@small.get(
    "/subjects/{subject}/faces",
    response_model=PageShape[FaceShape],
    responses=problems(errors.InvalidValue, *OF_SUBJECTS),
)
async def list_faces(
    gallery: str, subject: str, call: ReadCall, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """List the faces of a subject in the order they were added."""

    def work() -> PageShape[FaceShape]:
        faces = call.gallery(gallery).faces(subject)
        found, cut = page(faces, lambda each: [each.created_at.isoformat(), each.id], cursor, limit)
        return PageShape.of(map(FaceShape.of, found), cut)

    return await call.read(work)


@small.delete(
    "/subjects/{subject}/faces/{face}",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    responses=problems(errors.FaceNotFound, *OF_SUBJECTS, *OF_WRITES),
)
async def delete_face(gallery: str, subject: str, face: str, call: EnrollCall) -> Response:
    """Delete one face of a subject; the subject stays."""

    def work() -> None:
        opened = call.gallery(gallery)
        if face not in {each.id for each in opened.faces(subject)}:
            raise errors.FaceNotFound(opened.opened.name, face)
        opened.delete_face(face)

    return await call.write(work)


@small.post(
    "/faces:move",
    response_model=SubjectShape,
    responses=problems(
        errors.FaceNotFound, errors.SubjectAmbiguous, errors.InvalidValue, *OF_GALLERIES, *OF_WRITES
    ),
    openapi_extra=json_body(MoveBody),
)
async def move_faces(gallery: str, call: EnrollCall) -> Response:
    """Move faces to another subject, or split them off into a new one."""
    body = await call.said(MoveBody)

    def work() -> SubjectShape:
        return SubjectShape.of(call.gallery(gallery).split(body.faces, body.to))

    return await call.write(work)


@small.delete(
    "/faces/{face}",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    responses=problems(errors.FaceNotFound, *OF_GALLERIES, *OF_WRITES),
)
async def delete_any_face(gallery: str, face: str, call: EnrollCall) -> Response:
    """Delete one face, whosever it is; its subject stays."""

    def work() -> None:
        call.gallery(gallery).delete_face(face)

    return await call.write(work)


def _enrolled(
    opened: OpenGallery, whom: Subject | NewSubject, form: Form, box: str | None, face_only: bool
) -> EnrollmentShape:
    if form.templates is not None:
        _check_nothing_said_of_images(box, face_only)
        return EnrollmentShape.of_templates(opened.enroll_templates(whom, form.templates))
    images = form.some_images()
    return EnrollmentShape.of_images(
        opened.enroll(whom, images, box=_box(box), face_only=face_only)
    )


def _check_nothing_said_of_images(box: str | None, face_only: bool) -> None:
    for name, said in (("box", box is not None), ("face_only", face_only)):
        if said:
            raise RequestInvalid(name, "it goes with images, and templates were sent")


def _box(said: str | None) -> Box | None:
    if said is None:
        return None
    try:
        x1, y1, x2, y2 = map(float, said.split(","))
    except ValueError:
        raise RequestInvalid("box", "four numbers are needed: x1,y1,x2,y2") from None
    return Box(x1, y1, x2, y2)
