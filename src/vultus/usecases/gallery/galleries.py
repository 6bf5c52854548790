"""All galleries of a store: create, list, open, delete, import, and remove for good."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Self

from vultus.domain.gallery import Gallery
from vultus.errors import GalleryExists, GalleryNotFound
from vultus.gallery.store.requests import NewGallery, Purged
from vultus.usecases.enroll import Step
from vultus.usecases.gallery.opened import OpenGallery
from vultus.usecases.gallery.transfer import Imported, import_gallery
from vultus.usecases.gallery.workings import Workings


@dataclass(frozen=True, slots=True)
class Galleries:
    """The galleries of a store. Safe between threads. `actor` stands in the audit log."""

    workings: Workings
    actor: str

    def list(self) -> tuple[Gallery, ...]:
        """All galleries, by name."""
        return self.workings.store.galleries()

    def create(self, name: str, *, keep_crops: bool = False) -> OpenGallery:
        """Create an empty gallery for templates of the pack at hand.

        Args:
            name: for people and programs, unique.
            keep_crops: keep the part of each photo that shows the face. Photos are never kept.

        Raises:
            GalleryExists: there is one of that name.
        """
        model, dim = self.workings.model()
        new = NewGallery(name, model, dim, keep_crops)
        return self._opened(self.workings.store.create_gallery(new, actor=self.actor))

    def open(self, name: str) -> OpenGallery:
        """Open a gallery by its name or id.

        Raises:
            GalleryNotFound: there is none.
        """
        return self._opened(self.workings.store.gallery(name))

    def open_or_create(self, name: str) -> OpenGallery:
        """Open a gallery by its name or id, and create it if there is none."""
        try:
            return self.open(name)
        except GalleryNotFound:
            pass
        try:
            return self.create(name)
        except GalleryExists:
            # Another process was faster.
            return self.open(name)

    def delete(self, name: str) -> None:
        """Delete a gallery with everything in it.

        Raises:
            GalleryNotFound: there is none.
        """
        gallery = self.workings.store.gallery(name)
        self.workings.store.delete_gallery(gallery.id, actor=self.actor)
        self.workings.searches.forget(gallery)

    def import_archive(
        self, source: str | Path | BinaryIO, *, name: str | None = None, step: Step | None = None
    ) -> Imported:
        """Bring in the gallery of an archive (a path or an open file), by its own name or another.

        A gallery of that name gets what it lacks, so a broken off import can be repeated.

        Raises:
            ArchiveTooNew: a newer Vultus wrote it; nothing was changed.
            ArchiveInvalid: it is damaged, and nothing was changed; or it was forged, and what came
                before the fault is there.
            GalleryModelMismatch: there is a gallery of that name with templates of another model.
            ExternalIdTaken: another subject there has an external id of the archive.
        """
        store, blobs = self.workings.store, self.workings.blobs
        place = Path(source) if isinstance(source, str) else source
        return import_gallery(place, store, blobs, name=name, actor=self.actor, step=step)

    def purge(self, keep: timedelta | None = None) -> Purged:
        """Remove for good what was deleted longer than `keep` ago; None is the time of retention.

        Subjects whose date of retention has passed go at once, whatever `keep` says. Crops of all
        that goes are removed, too, and saved indexes that still have it, those of galleries that
        are gone included.
        """
        store, now = self.workings.store, datetime.now(UTC)
        kept = self.workings.retention if keep is None else keep
        purged = store.purge(now - kept, today=now.date(), actor=self.actor)
        while doomed := store.doomed_blobs():
            for name in doomed:
                self.workings.blobs.delete(name)
            store.forget_blobs(doomed)
        self.workings.searches.forget_purged()
        return purged

    def close(self) -> None:
        """Give back connections and files; neither this nor a gallery can be used afterwards."""
        self.workings.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _opened(self, gallery: Gallery) -> OpenGallery:
        return OpenGallery(gallery, self.workings, self.actor)
