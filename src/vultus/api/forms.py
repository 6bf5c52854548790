"""Images and templates of a request: multipart or JSON, read outside of the event loop."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import numpy as np
from pydantic import BaseModel, Field, StringConstraints, ValidationError
from python_multipart.multipart import parse_options_header

from vultus.api.json_body import MOST_NUMBERS, MOST_ROWS, Numbers, read_object
from vultus.api.multipart import parts_of
from vultus.api.schemas.shape import Asked
from vultus.api.schemas.subject import NewSubjectBody
from vultus.errors import RequestInvalid, TooManyImages

Shape = TypeVar("Shape", bound=BaseModel)

TEMPLATES = "templates"

Base64 = Annotated[str, StringConstraints(min_length=1)]
Row = Annotated[list[float], Field(min_length=1, max_length=MOST_NUMBERS)]
Rows = Annotated[list[Row], Field(min_length=1, max_length=MOST_ROWS)]


class ImagesBody(Asked):
    """Images as JSON."""

    image: Base64 | list[Base64] = Field(description="a file in base64, or several")


class NewSubjectImagesBody(ImagesBody):
    """Images of a new subject as JSON."""

    subject: NewSubjectBody


class TemplatesBody(Asked):
    """Ready templates as JSON."""

    templates: Rows = Field(description="rows of as many numbers as the gallery's model makes")


class NewSubjectTemplatesBody(TemplatesBody):
    """Ready templates of a new subject as JSON."""

    subject: NewSubjectBody


class _Body(Asked):
    subject: NewSubjectBody | None = None
    image: Base64 | list[Base64] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """What a request carries: images, or else ready templates, and whom they show.

    `templates` are (N, D) rows, and None where there are images.
    """

    images: list[bytes]
    templates: Numbers | None
    subject: NewSubjectBody | None

    def some_images(self) -> list[bytes]:
        """All images.

        Raises:
            RequestInvalid: there is none.
        """
        if not self.images:
            raise RequestInvalid("image", "it is missing")
        return self.images

    def some_templates(self) -> Numbers:
        """All ready templates.

        Raises:
            RequestInvalid: there is none.
        """
        if self.templates is None:
            raise RequestInvalid(TEMPLATES, "they are missing")
        return self.templates

    @property
    def digest(self) -> str:
        """By what two forms are known to say the same, however they were sent."""
        whole = hashlib.sha256()
        for image in self.images:
            whole.update(hashlib.sha256(image).digest())
        if self.templates is not None:
            whole.update(repr(self.templates.shape).encode() + self.templates.tobytes())
        whole.update(repr(self.subject).encode())
        return whole.hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class Posted:
    """The body of a request as it came, and what it says it is."""

    body: bytes
    content_type: str
    most_images: int

    def form(self, *, of_new_subject: bool = False) -> Form:
        """Read it; for a thread, because it may take long.

        Args:
            of_new_subject: whether it says whom the images show.

        Raises:
            RequestInvalid: it is neither multipart nor JSON, or carries something else.
            InvalidValue: rows of templates have not equally many numbers.
            TooManyImages: there are more images than allowed.
        """
        kind, options = parse_options_header(self.content_type)
        if kind == b"multipart/form-data" and options.get(b"boundary"):
            form = _from_parts(self.body, options[b"boundary"], self.most_images)
        elif kind == b"application/json":
            form = self._from_json()
        else:
            problem = "multipart/form-data with a boundary, or application/json is needed"
            raise RequestInvalid("content-type", problem)
        if (form.subject is not None) != of_new_subject:
            problem = "it is missing" if of_new_subject else "it is not taken here"
            raise RequestInvalid("subject", problem)
        return form

    def _from_json(self) -> Form:
        said = read_object(self.body, TEMPLATES)
        templates = _rows(said.pop(TEMPLATES, None))
        try:
            others = _Body.model_validate(said)
        except ValidationError as error:
            raise invalid(error) from None
        if (others.image is None) == (templates is None):
            raise RequestInvalid("body", "either image or templates is needed")
        images = [others.image] if isinstance(others.image, str) else others.image or []
        if len(images) > self.most_images:
            raise TooManyImages(len(images), self.most_images)
        return Form([_decoded(each) for each in images], templates, others.subject)


def read_shape(body: bytes, content_type: str, shape: type[Shape]) -> Shape:
    """Read a JSON body of one shape.

    Raises:
        RequestInvalid: it is no JSON, or of another shape.
    """
    if parse_options_header(content_type)[0] != b"application/json":
        raise RequestInvalid("content-type", "application/json is needed")
    try:
        return shape.model_validate(read_object(body))
    except ValidationError as error:
        raise invalid(error) from None


def invalid(error: ValidationError) -> RequestInvalid:
    """What pydantic found wrong first."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(each) for each in first["loc"]) or "body"
    return RequestInvalid(where, first["msg"].removesuffix("."))


def _rows(said: Any) -> Numbers | None:
    if said is not None and not (isinstance(said, np.ndarray) and said.ndim == 2):
        raise RequestInvalid(TEMPLATES, "a list of rows of numbers is needed")
    return said


def _subject_in(content: bytes) -> NewSubjectBody:
    try:
        return NewSubjectBody.model_validate(read_object(content))
    except ValidationError as error:
        raise invalid(error) from None
    except RequestInvalid as error:
        raise RequestInvalid("subject", error.problem) from None


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise RequestInvalid("image", f"it is no base64: {error}") from None


def _from_parts(body: bytes, boundary: bytes, most: int) -> Form:
    seen: list[str] = []

    def check(name: str) -> None:
        if name not in ("image", "subject"):
            problem = "only parts called image or subject are taken"
            raise RequestInvalid(name[:100] or "part", problem)
        if name == "subject" and name in seen:
            raise RequestInvalid("subject", "it stands there twice")
        seen.append(name)
        if seen.count("image") > most:
            raise TooManyImages(most + 1, most)

    parts = parts_of(body, boundary, check)
    subjects = [_subject_in(content) for name, content in parts if name == "subject"]
    images = [content for name, content in parts if name == "image"]
    return Form(images, None, subjects[0] if subjects else None)
