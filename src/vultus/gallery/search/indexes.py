"""The index of every gallery: opened when it is first asked for, tended, and saved."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Protocol, runtime_checkable

from vultus.domain.gallery import Gallery
from vultus.errors import RevisionPurged, SnapshotUnusable
from vultus.gallery.search.check import agrees_on_last_writes, check_index
from vultus.gallery.search.follower import Follower, TemplateSource
from vultus.gallery.search.port import TemplateIndex
from vultus.gallery.search.snapshot import Savable, Snapshots
from vultus.gallery.search.status import IndexCheck, IndexStatus

log = logging.getLogger(__name__)

WORTH_SAVING = 1_000
"""So few faces are read from the store as fast as from a snapshot."""
SHARE_WORTH_SAVING = 0.01
"""Of large indexes, so much must be new for them to be written again."""


@runtime_checkable
class Tended(Protocol):
    """An index with work that may wait, and that takes long."""

    def tend(self) -> bool:
        """Do what is due, beside searches and changes; say whether anything was."""

    def close(self) -> None:
        """Let a `tend` that runs in another thread give up soon."""


@dataclass(slots=True)
class Opened:
    """An index in use; `saved_at` is its follower's `taken_over` when it was last saved."""

    gallery: Gallery
    follower: Follower
    saved_at: int = 0

    @property
    def worth_saving(self) -> bool:
        """Whether the next start would take noticeably longer without a new snapshot."""
        new = self.follower.taken_over - self.saved_at
        return new >= max(WORTH_SAVING, SHARE_WORTH_SAVING * len(self.follower.index))


class Indexes:
    """`Searches` by indexes that follow the store."""

    def __init__(
        self,
        source: TemplateSource,
        new_index: Callable[[Gallery], TemplateIndex],
        snapshots: Snapshots | None,
    ) -> None:
        """Follow `source` with indexes that `new_index` opens.

        Indexes that can be saved start from `snapshots` where these are any good.
        """
        self._source = source
        self._new_index = new_index
        self._snapshots = snapshots
        self._opened: dict[str, Opened] = {}
        self._opening = Lock()

    def of(self, gallery: Gallery) -> Follower:
        """See `Searches`. It starts from a snapshot, and reads what is missing when it is asked."""
        opened = self._opened.get(gallery.id)
        if opened is not None:
            return opened.follower
        with self._opening:
            if gallery.id not in self._opened:
                follower = Follower(self._source, gallery.id, self._start(gallery))
                self._opened[gallery.id] = Opened(gallery, follower)
            return self._opened[gallery.id].follower

    def status(self, gallery: Gallery) -> IndexStatus:
        """See `Searches`."""
        return self.of(gallery).status()

    def rebuild(self, gallery: Gallery) -> None:
        """See `Searches`."""
        follower = self.of(gallery)
        follower.rebuild()
        if isinstance(follower.index, Tended):
            follower.index.tend()
        self._save(self._opened[gallery.id])

    def check(self, gallery: Gallery) -> IndexCheck:
        """See `Searches`."""
        return check_index(self._source, gallery.id, self.of(gallery))

    def forget(self, gallery: Gallery) -> None:
        """See `Searches`."""
        with self._opening:
            opened = self._opened.pop(gallery.id, None)
        index = opened.follower.index if opened is not None else self._new_index(gallery)
        index.drop()
        if self._snapshots is not None:
            self._snapshots.forget(gallery.id)

    def forget_purged(self, gallery: Gallery) -> None:
        """See `Searches`: a snapshot from before the last purge goes, later ones know nothing."""
        saved = self._snapshots.revision(gallery.id) if self._snapshots else None
        if self._snapshots is None or saved is None:
            return
        try:
            next(self._source.changes(gallery.id, saved, limit=1))
        except RevisionPurged:
            self._snapshots.forget(gallery.id)

    def tend(self) -> None:
        """See `Searches`."""
        for opened in list(self._opened.values()):
            index = opened.follower.index
            changed = isinstance(index, Tended) and index.tend()
            if changed or opened.worth_saving:
                self._save(opened)

    def close(self) -> None:
        """See `Searches`. The indexes can still be searched."""
        for opened in list(self._opened.values()):
            if isinstance(opened.follower.index, Tended):
                opened.follower.index.close()
            if opened.worth_saving:
                self._save(opened)

    def _start(self, gallery: Gallery) -> TemplateIndex:
        """Open an index that may be followed from where it is."""
        index = self._new_index(gallery)
        if self._snapshots is None or not isinstance(index, Savable):
            return index
        try:
            if self._snapshots.load(gallery, index):
                self._check_history(gallery, index)
        except SnapshotUnusable as error:
            log.warning("%s", error)
            return self._new_index(gallery)
        return index

    def _check_history(self, gallery: Gallery, index: TemplateIndex) -> None:
        try:
            agreed = agrees_on_last_writes(self._source, gallery.id, index)
        except RevisionPurged as error:
            raise SnapshotUnusable(gallery.id, f"it is of revision {error.after}") from error
        if not agreed:
            raise SnapshotUnusable(gallery.id, "the store tells its last changes otherwise")

    def _save(self, opened: Opened) -> None:
        index = opened.follower.index
        if self._snapshots is None or not isinstance(index, Savable):
            return
        taken_over = opened.follower.taken_over
        try:
            self._snapshots.write(opened.gallery, index)
        except OSError as error:
            log.warning("The index of %s was not saved: %s", opened.gallery.id, error)
        else:
            opened.saved_at = taken_over
