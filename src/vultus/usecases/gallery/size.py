"""How large a gallery is, for rules that follow its size."""

from vultus.domain.gallery import Gallery
from vultus.gallery.store.port import GalleryStore
from vultus.matching.size import SearchSize

ROUGHLY = 100
"""So many changes ago a size may have been counted that need not be exact."""


class Sizes:
    """Counts what is in galleries, anew only after a change. Safe between threads."""

    def __init__(self, store: GalleryStore) -> None:
        self._store = store
        self._counted: dict[str, tuple[int, SearchSize]] = {}

    def of(self, gallery: Gallery) -> SearchSize:
        """How large a search in a gallery is, at its revision or a later one."""
        return self._counted_within(gallery, 0)

    def about(self, gallery: Gallery) -> SearchSize:
        """The same, as it was at most a hundred changes ago.

        To count for every photo of many takes longer than to compare it with all of them.
        """
        return self._counted_within(gallery, ROUGHLY)

    def _counted_within(self, gallery: Gallery, changes: int) -> SearchSize:
        known = self._counted.get(gallery.id)
        if known is not None and 0 <= gallery.revision - known[0] <= changes:
            return known[1]
        counts = self._store.counts(gallery.id)
        size = SearchSize.of(counts.subjects, counts.faces)
        self._counted[gallery.id] = gallery.revision, size
        return size
