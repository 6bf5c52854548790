"""An index that is never behind the store when it is asked."""

from collections.abc import Iterator
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vultus.domain.gallery import TemplateChanges
from vultus.errors import RevisionPurged
from vultus.gallery.search.port import Hits, TemplateIndex
from vultus.gallery.search.status import IndexStatus


class TemplateSource(Protocol):
    """The part of the store that an index follows; `store.port.TemplateFeed` says it in full."""

    def revision(self, gallery_id: str) -> int:
        """Give the revision of a gallery as committed now."""

    def changes(
        self, gallery_id: str, after: int, *, limit: int = 10_000
    ) -> Iterator[TemplateChanges]:
        """Read, page by page, what happened to the templates of a gallery after a revision."""


class Follower:
    """A `TemplateSearch` that brings its index up to the store's revision before every query.

    One thread at a time updates the index; those that come later wait for it, because they are to
    see what it sees. While the index is up to date nobody waits.
    """

    def __init__(self, source: TemplateSource, gallery_id: str, index: TemplateIndex) -> None:
        """Follow the gallery with `index`, from whatever revision it is at."""
        self.index = index
        self.taken_over = 0
        """How many faces the index was told of so far; it only grows."""
        self._source = source
        self._gallery_id = gallery_id
        self._updating = Lock()

    def search(self, probes: NDArray[np.float32], k: int) -> Hits:
        """See `TemplateSearch`."""
        self.follow()
        return self.index.search(probes, k)

    def follow(self) -> None:
        """Bring the index up to what the store has committed by now."""
        # The index is asked first: it may only be ahead if the store went back.
        if self.index.revision == self._source.revision(self._gallery_id):
            return
        with self._updating:
            self._catch_up()

    def rebuild(self) -> None:
        """Build the index from nothing but the store."""
        with self._updating:
            self._replace()

    def status(self) -> IndexStatus:
        """Compare the revisions, without changing anything."""
        revision = self.index.revision
        return IndexStatus(len(self.index), revision, self._source.revision(self._gallery_id))

    def _catch_up(self) -> None:
        revision = self.index.revision
        if revision == self._source.revision(self._gallery_id):
            return
        if revision == 0:
            self._replace()
            return
        try:
            changes = joined(list(self._source.changes(self._gallery_id, revision)))
        except RevisionPurged:
            self._replace()
        else:
            self.index.apply(changes)
            self.taken_over += len(changes.keys) + len(changes.removed)

    def _replace(self) -> None:
        self.index.replace(self._source.changes(self._gallery_id, 0))
        self.taken_over += len(self.index)


def joined(pages: list[TemplateChanges]) -> TemplateChanges:
    """All pages as one, so that a write that fills several is applied at once."""
    if len(pages) == 1:
        return pages[0]
    return TemplateChanges(
        revision=pages[-1].revision,
        keys=np.concatenate([page.keys for page in pages]),
        subjects=np.concatenate([page.subjects for page in pages]),
        vectors=np.concatenate([page.vectors for page in pages]),
        removed=np.concatenate([page.removed for page in pages]),
        complete=True,
    )
