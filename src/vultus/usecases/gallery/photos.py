"""Photos on their way into a gallery."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Self

import numpy as np

from vultus.domain.changes import NewSubject
from vultus.domain.face import Box
from vultus.domain.image import Image, Rgb
from vultus.vision.decode import read_bounded
from vultus.vision.read import ImageSource, check_source

Whom = NewSubject | str
"""The id of a subject, or what is known of one that may have to be created."""

Content = bytes | Rgb | Image
"""The bytes of an image file, or pixels."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo to enroll, and whom it shows.

    `name` stands for it in reports. `read` gives its content, and refuses a file of more than so
    many bytes before it has read all of it. `box` tells, in pixels of the file, which of several
    faces is meant.
    """

    name: str
    subject: Whom
    read: Callable[[int], Content]
    box: Box | None = None

    @classmethod
    def of(cls, image: ImageSource, subject: Whom, box: Box | None = None) -> Self:
        """A photo from whatever a caller calls an image.

        Raises:
            InvalidValue: it is none.
        """
        check_source(image)
        if isinstance(image, str | PathLike):
            return cls(str(image), subject, partial(read_bounded, Path(image)), box)
        content = bytes(image) if isinstance(image, bytearray | memoryview) else image
        return cls("photo", subject, lambda _: content, box)


def digest_of(content: Content) -> str:
    """The SHA-256 by which a photo is known again: of the file, or of its size and pixels."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    rgb = content.rgb if isinstance(content, Image) else np.asarray(content)
    digest = hashlib.sha256(str(rgb.shape).encode())
    digest.update(np.ascontiguousarray(rgb).data)
    return digest.hexdigest()
