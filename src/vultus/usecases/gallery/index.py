"""Whether the index of a gallery is right, told in faces."""

from collections.abc import Mapping
from dataclasses import dataclass

from vultus.domain.gallery import Gallery
from vultus.gallery.search.status import IndexCheck, Searches
from vultus.gallery.store.port import Store

LOOKED_UP_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class CheckedIndex:
    """A check, with the ids of the faces that it names by their keys; those gone are left out."""

    check: IndexCheck
    face_ids: Mapping[int, str]


def check_index(gallery: Gallery, store: Store, searches: Searches) -> CheckedIndex:
    """Compare the index of a gallery with its store, face by face."""
    check = searches.check(gallery)
    keys = [*check.missing, *check.extra, *check.different]
    face_ids: dict[int, str] = {}
    for start in range(0, len(keys), LOOKED_UP_AT_ONCE):
        some = keys[start : start + LOOKED_UP_AT_ONCE]
        face_ids |= store.face_ids_by_key(gallery.id, some)
    return CheckedIndex(check, face_ids)
