"""People of another system, on their way into a gallery: always from their photos.

Another system's templates are of another model, and cannot be compared with ours.
"""

from functools import partial

from vultus.errors import SubjectNotFound
from vultus.gallery.foreign.port import ForeignGallery
from vultus.usecases.gallery.naming import TakesPeople, newcomer, whom
from vultus.usecases.gallery.photos import Photo


def foreign_photos(gallery: TakesPeople, source: ForeignGallery) -> list[Photo]:
    """The photos of everybody there, to be enrolled here; each is fetched when its turn comes.

    Enrolling them again after an interruption adds what is missing: a photo that is here already
    is known by its bytes.

    Raises:
        SourceUnavailable: the other system cannot be read.
        SubjectAmbiguous: several subjects here have a name that is unique there.
    """
    faces = list(source.faces())
    meant = {name: whom(gallery, name) for name in {face.subject for face in faces}}
    return [Photo(face.id, meant[face.subject], partial(source.photo, face)) for face in faces]


def add_faceless(gallery: TakesPeople, source: ForeignGallery) -> int:
    """Create the subjects that are there, and not here, without faces; say how many.

    Raises:
        SourceUnavailable, SubjectAmbiguous: as for `foreign_photos`.
    """
    missing = [name for name in source.subjects() if not _is_here(gallery, name)]
    for name in missing:
        gallery.add_subject(newcomer(name))
    return len(missing)


def _is_here(gallery: TakesPeople, name: str) -> bool:
    try:
        gallery.subject(name)
    except SubjectNotFound:
        return False
    return True
