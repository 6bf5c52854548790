"""Which subject is meant by what a person says."""

from vultus.domain.changes import NewSubject
from vultus.domain.gallery import Enrollment
from vultus.domain.subject import Subject
from vultus.errors import InvalidValue, SubjectAmbiguous, SubjectNotFound
from vultus.gallery.store.port import SubjectStore
from vultus.gallery.store.requests import SubjectQuery

AT_ONCE = 500
"""So many subjects of one name are read at once."""


def find_subject(store: SubjectStore, gallery_id: str, said: str) -> Enrollment:
    """Find a subject by its id, its external id or its whole name.

    Raises:
        InvalidValue: nothing is said.
        SubjectNotFound: no subject matches it.
        SubjectAmbiguous: several do.
    """
    if not isinstance(said, str):
        raise InvalidValue("subject", "an id, an external id or a name is needed")
    answering = [
        *_by_id(store, gallery_id, said),
        *_by_external_id(store, gallery_id, said),
        *_by_name(store, gallery_id, said),
    ]
    found = {each.subject.id: each for each in answering}
    if not found:
        raise SubjectNotFound(gallery_id, said)
    return _sole(said, list(found.values()))


def find_enrolled(store: SubjectStore, gallery_id: str, new: NewSubject) -> Subject | None:
    """Find the subject that `new` is already: by its external id or, without one, by its name.

    Raises:
        SubjectAmbiguous: several subjects have that name.
    """
    if new.external_id is not None:
        found = _by_external_id(store, gallery_id, new.external_id)
    else:
        found = _by_name(store, gallery_id, new.name)
    return _sole(new.name, found).subject if found else None


def _sole(said: str, found: list[Enrollment]) -> Enrollment:
    if len(found) > 1:
        raise SubjectAmbiguous.among(said, [each.subject.id for each in found])
    return found[0]


def _by_id(store: SubjectStore, gallery_id: str, said: str) -> list[Enrollment]:
    try:
        return [store.subject(gallery_id, said)]
    except SubjectNotFound:
        return []


def _by_external_id(store: SubjectStore, gallery_id: str, said: str) -> list[Enrollment]:
    try:
        return [store.subject_by_external_id(gallery_id, said)]
    except SubjectNotFound:
        return []


def _by_name(store: SubjectStore, gallery_id: str, said: str) -> list[Enrollment]:
    query = SubjectQuery(name=said)
    page = store.subjects(gallery_id, query, limit=AT_ONCE)
    found = list(page.items)
    while page.cursor is not None:
        page = store.subjects(gallery_id, query, cursor=page.cursor, limit=AT_ONCE)
        found += page.items
    return found
