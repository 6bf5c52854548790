"""The index of every gallery: opened when it is first asked for, tended, and saved."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Protocol, runtime_checkable

from vultus.domain.gallery import Gallery
from vultus.errors import GalleryNotFound, RevisionPurged, SnapshotUnusable, VultusError
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
    """An index in use.

    `saved_at` is its follower's `taken_over` when it was last saved, `tended_at` the revision that
    it had when it was last tended.
    """

    gallery: Gallery
    follower: Follower
    saved_at: int = 0
    tended_at: int = 0

    @property
    def worth_saving(self) -> bool:
        """Whether the next start would take noticeably longer without a new snapshot."""
        new = self.follower.taken_over - self.saved_at
        return new >= max(WORTH_SAVING, SHARE_WORTH_SAVING * len(self.follower.index))


class Indexes:
    """`Searches` by indexes that follow the store.

    Other processes may delete and purge at any moment, and a snapshot is made of templates. So an
    index is brought up to date before it is saved, and what was saved is compared with the store
    afterwards: whoever deletes later finds the snapshot.
    """

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
        self._saving = Lock()

    def of(self, gallery: Gallery) -> Follower:
        """See `Searches`. It starts from a snapshot, and reads what is missing when it is asked."""
        return self._in_use(gallery).follower

    def status(self, gallery: Gallery) -> IndexStatus:
        """See `Searches`."""
        return self.of(gallery).status()

    def rebuild(self, gallery: Gallery) -> None:
        """See `Searches`."""
        opened = self._in_use(gallery)
        opened.follower.rebuild()
        if isinstance(opened.follower.index, Tended):
            opened.follower.index.tend()
        self._save(opened)

    def check(self, gallery: Gallery) -> IndexCheck:
        """See `Searches`."""
        return check_index(self._source, gallery.id, self.of(gallery))

    def forget(self, gallery: Gallery) -> None:
        """See `Searches`."""
        with self._opening:
            opened = self._opened.pop(gallery.id, None)
        index = opened.follower.index if opened is not None else self._new_index(gallery)
        if isinstance(index, Tended):
            index.close()
        index.drop()
        if self._snapshots is not None:
            with self._saving:
                self._snapshots.forget(gallery.id)

    def forget_purged(self) -> None:
        """See `Searches`: a snapshot from before the last purge goes, later ones know nothing."""
        if self._snapshots is None:
            return
        for gallery_id in self._snapshots.galleries():
            with self._saving:
                if not self._forget_outlived(self._snapshots, gallery_id):
                    self._snapshots.forget_unfinished(gallery_id)

    def tend(self) -> None:
        """See `Searches`."""
        for opened in list(self._opened.values()):
            try:
                self._tend(opened)
            except GalleryNotFound:
                self.forget(opened.gallery)

    def stop(self) -> None:
        """See `Searches`."""
        for opened in list(self._opened.values()):
            if isinstance(opened.follower.index, Tended):
                opened.follower.index.close()

    def close(self) -> None:
        """See `Searches`. The indexes can still be searched."""
        self.stop()
        for opened in list(self._opened.values()):
            if opened.worth_saving:
                self._save_at_last(opened)

    def _in_use(self, gallery: Gallery) -> Opened:
        opened = self._opened.get(gallery.id)
        if opened is not None:
            return opened
        with self._opening:
            if gallery.id not in self._opened:
                follower = Follower(self._source, gallery.id, self._start(gallery))
                self._opened[gallery.id] = Opened(gallery, follower)
            return self._opened[gallery.id]

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
            self._snapshots.forget(gallery.id)
            return self._new_index(gallery)
        return index

    def _check_history(self, gallery: Gallery, index: TemplateIndex) -> None:
        try:
            agreed = agrees_on_last_writes(self._source, gallery.id, index)
        except RevisionPurged as error:
            raise SnapshotUnusable(gallery.id, f"it is of revision {error.after}") from error
        if not agreed:
            raise SnapshotUnusable(gallery.id, "the store tells its last changes otherwise")

    def _tend(self, opened: Opened) -> None:
        index = opened.follower.index
        opened.follower.follow()
        revision = index.revision
        changed = isinstance(index, Tended) and index.tend()
        if changed or opened.worth_saving:
            self._save(opened)
        elif self._snapshots is not None and revision != opened.tended_at:
            # A purge on another machine does not reach the snapshots of this one.
            with self._saving:
                self._forget_outlived(self._snapshots, opened.gallery.id)
        opened.tended_at = revision

    def _save_at_last(self, opened: Opened) -> None:
        try:
            self._save(opened)
        except GalleryNotFound:
            self.forget(opened.gallery)
        except VultusError as error:
            log.warning("The index of %s was not saved: %s", opened.gallery.id, error)

    def _save(self, opened: Opened) -> None:
        """Save an index as the store is now, unless it was forgotten meanwhile.

        Raises:
            GalleryNotFound: the gallery is gone.
        """
        index, gallery = opened.follower.index, opened.gallery
        if self._snapshots is None or not isinstance(index, Savable):
            return
        with self._saving:
            if self._opened.get(gallery.id) is not opened:
                return
            opened.follower.follow()
            taken_over = opened.follower.taken_over
            try:
                self._snapshots.write(gallery, index)
                opened.saved_at = taken_over
            except OSError as error:
                log.warning("The index of %s was not saved: %s", gallery.id, error)
            self._forget_outlived(self._snapshots, gallery.id)

    def _forget_outlived(self, snapshots: Snapshots, gallery_id: str) -> bool:
        """Remove a snapshot if it may have templates that are purged; say whether it may."""
        try:
            next(self._source.changes(gallery_id, snapshots.revision(gallery_id) or 0, limit=1))
        except (GalleryNotFound, RevisionPurged):
            snapshots.forget(gallery_id)
            if (opened := self._opened.get(gallery_id)) is not None:
                opened.saved_at = 0
            return True
        return False
