"""The reference: every template is compared, with numpy alone."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from vultus.domain.gallery import TemplateChanges
from vultus.gallery.search.lock import SharedLock
from vultus.gallery.search.port import Entries, Hits
from vultus.gallery.search.ranking import (
    Candidates,
    best_subjects,
    check_probes,
    cosines,
    no_hits,
    trimmed,
)
from vultus.gallery.search.rows import Rows


class ExactIndex:
    """A `TemplateIndex` that is right by being simple; other indexes are measured by it."""

    def __init__(self, dim: int) -> None:
        """Start empty, for templates of `dim` numbers."""
        self._dim = dim
        self._rows = Rows(dim)
        self._revision = 0
        self._lock = SharedLock()

    @property
    def revision(self) -> int:
        """See `TemplateIndex`."""
        return self._revision

    def __len__(self) -> int:
        return len(self._rows)

    def apply(self, changes: TemplateChanges) -> None:
        """See `TemplateIndex`."""
        with self._lock.exclusive():
            if changes.revision <= self._revision:
                return
            self._rows.apply(changes)
            self._revision = changes.revision

    def replace(self, pages: Iterable[TemplateChanges]) -> None:
        """See `TemplateIndex`."""
        rows, revision = gather(pages, self._dim)
        with self._lock.exclusive():
            self._rows, self._revision = rows, revision

    def search(self, probes: NDArray[np.float32], k: int) -> Hits:
        """See `TemplateIndex`."""
        asked = check_probes(probes, self._dim, k)
        with self._lock.shared():
            held = self._rows.entries
            return trimmed(compare_with_all(held, asked, min(k, len(held.keys))))

    def keys(self) -> NDArray[np.int64]:
        """See `TemplateIndex`."""
        with self._lock.shared():
            return np.sort(self._rows.entries.keys)

    def entries(self, keys: NDArray[np.int64]) -> Entries:
        """See `TemplateIndex`."""
        with self._lock.shared():
            return self._rows.entries_of(keys)

    def drop(self) -> None:
        """See `TemplateIndex`; it keeps nothing outside this process."""


def gather(pages: Iterable[TemplateChanges], dim: int) -> tuple[Rows, int]:
    """Read all pages into new rows; give these and the last page's revision."""
    rows, revision = Rows(dim), 0
    for page in pages:
        rows.apply(page)
        revision = page.revision
    return rows, revision


def compare_with_all(entries: Entries, probes: NDArray[np.float32], k: int) -> Hits:
    """Give (Q, k) hits by comparing each probe with each template."""
    hits = no_hits(len(probes), k)
    for row, probe in enumerate(probes):
        similarities = cosines(entries.vectors, probe)
        of_one = Candidates(entries.subjects[None], entries.keys[None], similarities[None])
        best = best_subjects(of_one, k)
        hits.subjects[row] = best.subjects
        hits.faces[row] = best.faces
        hits.similarities[row] = best.similarities
    return hits
