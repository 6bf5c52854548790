"""Subjects as CompreFace has them: known by their names alone."""

from vultus.api.compat.compreface.shapes import Shape
from vultus.domain.changes import UNCHANGED, SubjectChange
from vultus.domain.gallery import Enrollment
from vultus.errors import ExternalIdTaken, SubjectNotFound
from vultus.usecases.gallery.naming import everybody, newcomer
from vultus.usecases.gallery.opened import OpenGallery


def list_subjects(gallery: OpenGallery) -> Shape:
    """The names of all subjects, in the order they were created."""
    return {"subjects": [each.subject.name for each in everybody(gallery)]}


def add_subject(gallery: OpenGallery, name: str) -> Shape:
    """Create a subject without faces.

    Raises:
        ExternalIdTaken: there is one of that name.
        InvalidValue: nobody can be called that.
    """
    known = _find(gallery, name)
    if known is not None:
        raise ExternalIdTaken(name, known.subject.id)
    return {"subject": gallery.add_subject(newcomer(name)).subject.name}


def rename_subject(gallery: OpenGallery, old: str, new: str) -> Shape:
    """Give a subject another name; if somebody has that already, the two become one.

    Raises:
        SubjectNotFound: nobody has the old name.
        InvalidValue: nobody can be called that.
    """
    renamed = gallery.subject(old)
    if not new or new == renamed.subject.name:
        return {"updated": False}
    other = _find(gallery, new)
    if other is not None and other.subject.id != renamed.subject.id:
        gallery.merge(other.subject, renamed.subject)
        return {"updated": True}
    named_by_id = renamed.subject.external_id == renamed.subject.name
    external_id = newcomer(new).external_id if named_by_id else UNCHANGED
    gallery.change_subject(renamed.subject, SubjectChange(new, external_id))
    return {"updated": True}


def delete_subject(gallery: OpenGallery, name: str) -> Shape:
    """Delete a subject with all faces.

    Raises:
        SubjectNotFound: nobody has that name.
    """
    subject = gallery.subject(name).subject
    gallery.delete_subject(subject)
    return {"subject": subject.name}


def delete_subjects(gallery: OpenGallery) -> Shape:
    """Delete everybody."""
    return {"deleted": gallery.delete_all_subjects()}


def _find(gallery: OpenGallery, name: str) -> Enrollment | None:
    try:
        return gallery.subject(name)
    except SubjectNotFound:
        return None
