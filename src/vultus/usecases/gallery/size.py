"""How large a gallery is, for rules that follow its size."""

from vultus.domain.gallery import Gallery
from vultus.gallery.store.port import GalleryStore
from vultus.matching.size import SearchSize


class Sizes:
    """Counts what is in galleries, anew only after a change. Safe between threads."""

    def __init__(self, store: GalleryStore) -> None:
        self._store = store
        self._counted: dict[str, tuple[int, SearchSize]] = {}

    def of(self, gallery: Gallery) -> SearchSize:
        """How large a search in a gallery is, at its revision or a later one."""
        known = self._counted.get(gallery.id)
        if known is not None and known[0] == gallery.revision:
            return known[1]
        counts = self._store.counts(gallery.id)
        size = SearchSize.of(counts.subjects, counts.faces)
        self._counted[gallery.id] = gallery.revision, size
        return size
