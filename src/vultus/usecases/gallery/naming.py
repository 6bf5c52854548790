"""Subjects of other systems, which know a person by nothing but a name."""

from collections.abc import Iterator
from typing import Protocol

from vultus.domain.changes import NewSubject
from vultus.domain.gallery import Enrollment
from vultus.domain.subject import MAX_EXTERNAL_ID
from vultus.errors import SubjectNotFound
from vultus.usecases.gallery.opened import OpenGallery
from vultus.usecases.gallery.photos import Whom

PAGE = 500


class TakesPeople(Protocol):
    """What bringing people in takes of a gallery, be it of this machine's store or of a server."""

    def subject(self, said: str) -> Enrollment:
        """Find a subject.

        Raises:
            SubjectNotFound: no subject matches it.
            SubjectAmbiguous: several do.
        """

    def add_subject(self, subject: NewSubject, /) -> Enrollment:
        """Create a subject without faces.

        Raises:
            ExternalIdTaken: another subject has its external id.
        """


def whom(gallery: TakesPeople, name: str) -> Whom:
    """The subject of that name, or else what is known of a new one.

    Raises:
        SubjectAmbiguous: several subjects have that name.
        InvalidValue: nobody can be called that.
    """
    try:
        return gallery.subject(name).subject.id
    except SubjectNotFound:
        return newcomer(name)


def newcomer(name: str) -> NewSubject:
    """A subject to create, whose name is unique.

    A name is not unique among subjects, an external id is: two requests that create one person at
    the same time come to one subject by it.
    """
    return NewSubject(name, external_id=name if len(name) <= MAX_EXTERNAL_ID else None)


def everybody(gallery: OpenGallery) -> Iterator[Enrollment]:
    """All subjects, in the order they were created."""
    cursor = None
    while True:
        page = gallery.subjects(cursor=cursor, limit=PAGE)
        yield from page.items
        cursor = page.cursor
        if cursor is None:
            return
