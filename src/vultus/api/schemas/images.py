"""Answers about the images of a request, one by one."""

from collections.abc import Callable, Sequence
from typing import Generic, Self, TypeVar

from pydantic import Field

from vultus.api.schemas.enrolling import brief
from vultus.api.schemas.problem import ProblemBrief
from vultus.api.schemas.shape import Shape
from vultus.errors import ImageRefused

T = TypeVar("T")


class ImageShape(Shape, Generic[T]):
    """The faces of one image, from left to right."""

    image: int = Field(description="which image of the request, from 0")
    faces: list[T]
    problem: ProblemBrief | None = Field(description="why there are none, if it cannot be read")


class ImagesShape(Shape, Generic[T]):
    """The faces of all images of a request."""

    images: list[ImageShape[T]]

    @classmethod
    def of(cls, images: Sequence[bytes], faces_of: Callable[[bytes], list[T]]) -> Self:
        """Answer for each image. One that cannot be read spoils none of the others.

        Raises:
            ImageRefused: it is the only one.
        """
        return cls(images=[_image(*each, faces_of, len(images)) for each in enumerate(images)])


def _image(
    number: int, image: bytes, faces_of: Callable[[bytes], list[T]], count: int
) -> ImageShape[T]:
    try:
        return ImageShape(image=number, faces=faces_of(image), problem=None)
    except ImageRefused as error:
        if count == 1:
            raise
        return ImageShape(image=number, faces=[], problem=brief(error))
