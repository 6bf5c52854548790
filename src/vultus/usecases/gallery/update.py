"""Photos as templates that a subject's running mean goes on with."""

from collections.abc import Iterable
from dataclasses import dataclass

from vultus.domain.gallery import GalleryFace
from vultus.domain.outcome import REFUSALS, Refused
from vultus.gallery.store.requests import NewFace
from vultus.usecases.gallery.choose import meant_face
from vultus.usecases.gallery.photos import Photo, digest_of
from vultus.vision.pipeline import FacePipeline


@dataclass(frozen=True, slots=True)
class TemplateUpdate:
    """What became of an update.

    `mean` is the subject's running mean as it is now, whose `weight` says of how many templates; it
    is None when every photo was refused.
    """

    mean: GalleryFace | None
    refused: tuple[Refused, ...]


def gather_templates(
    photos: Iterable[Photo], pipeline: FacePipeline, *, face_only: bool
) -> tuple[list[NewFace], tuple[Refused, ...]]:
    """Make a template of the face that each photo means; say which photos gave none."""
    taken: list[NewFace] = []
    refused: list[Refused] = []
    for photo in photos:
        try:
            taken.append(_template(photo, pipeline, face_only))
        except REFUSALS as error:
            refused.append(Refused(photo.name, error))
    return taken, tuple(refused)


def _template(photo: Photo, pipeline: FacePipeline, face_only: bool) -> NewFace:
    content = photo.read(pipeline.reader.limits.max_bytes)
    image = pipeline.reader.read(content)
    face = meant_face(pipeline.faces(image, face_only=face_only), photo.box)
    return NewFace(face.template, face.quality, source_digest=digest_of(content))
