"""Whether an index holds what the store says, face by face."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from vultus.domain.gallery import TemplateChanges
from vultus.errors import RevisionPurged
from vultus.gallery.search.follower import Follower, TemplateSource
from vultus.gallery.search.port import Entries, TemplateIndex
from vultus.gallery.search.status import IndexCheck

TOLERANCE = 1e-5
"""How far a number may be off: a server may keep a vector as its direction and length."""
ATTEMPTS = 3
"""So often a comparison is begun again because the gallery was written to meanwhile."""
LAST_WRITES = 16
MOST_FACES = 1_000
"""So many writes and faces before its revision are compared to tell whose index it is."""


def check_index(source: TemplateSource, gallery_id: str, follower: Follower) -> IndexCheck:
    """Bring the index up to date, and compare it with the store."""
    for _ in range(ATTEMPTS):
        follower.follow()
        revision = follower.index.revision
        found = _compare(source.changes(gallery_id, 0), follower.index, revision)
        if found.settled:
            break
    return found


def agrees_on_last_writes(source: TemplateSource, gallery_id: str, index: TemplateIndex) -> bool:
    """Whether the last writes that an index followed are those that the store remembers.

    A store that was restored from a backup and then written to has other faces under the same
    revisions and keys. An index of its former life would name the wrong people.

    Raises:
        RevisionPurged: the store cannot say; the index cannot follow it from there.
    """
    revision = index.revision
    later = [
        np.concatenate([page.keys, page.removed]) for page in source.changes(gallery_id, revision)
    ]
    last = _last_writes(source, gallery_id, revision)
    still = ~np.isin(last.keys, np.concatenate(later))
    held = index.entries(last.keys[still])
    gone = np.setdiff1d(last.removed, np.concatenate(later))
    return (
        len(held.keys) == np.count_nonzero(still)
        and not _different(last, held)
        and not len(index.entries(gone).keys)
    )


def _last_writes(source: TemplateSource, gallery_id: str, revision: int) -> TemplateChanges:
    after = max(revision - LAST_WRITES, 0)
    try:
        return next(source.changes(gallery_id, after, limit=MOST_FACES))
    except RevisionPurged as purged:
        return next(source.changes(gallery_id, purged.since, limit=MOST_FACES))


def _compare(pages: Iterable[TemplateChanges], index: TemplateIndex, revision: int) -> IndexCheck:
    held = index.keys()
    stored, different, seen = [], [], revision
    for page in pages:
        seen = page.revision
        stored.append(page.keys)
        different += _different(page, index.entries(page.keys))
    expected = np.concatenate(stored)
    return IndexCheck(
        templates=len(expected),
        revision=seen,
        missing=tuple(np.setdiff1d(expected, held).tolist()),
        extra=tuple(np.setdiff1d(held, expected).tolist()),
        different=tuple(sorted(different)),
        settled=revision == seen == index.revision,
    )


def _different(page: TemplateChanges, held: Entries) -> list[int]:
    """Keys of the faces that are held with another template or subject than the page's."""
    order = np.argsort(page.keys)
    rows = order[np.searchsorted(page.keys, held.keys, sorter=order)]
    same: NDArray[np.bool_] = page.subjects[rows] == held.subjects
    same &= (np.abs(page.vectors[rows] - held.vectors) <= TOLERANCE).all(axis=1)
    keys: list[int] = held.keys[~same].tolist()
    return keys
