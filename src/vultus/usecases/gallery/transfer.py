"""A whole gallery into one file, and out of it into any store."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from vultus.blobs.port import BlobStore
from vultus.domain.gallery import EnrolledSubject, Gallery, ThresholdPolicy
from vultus.domain.template import ModelId
from vultus.errors import BlobNotFound, GalleryNotFound
from vultus.gallery.archive.format import GalleryRecord
from vultus.gallery.archive.reader import open_archive
from vultus.gallery.archive.writer import ArchiveWriter, archive_at, archive_in
from vultus.gallery.crops import kept_crops
from vultus.gallery.store.port import Store
from vultus.gallery.store.requests import NewGallery
from vultus.usecases.enroll import Step
from vultus.usecases.gallery.workings import check_model


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import added: `subjects` of the archive's `of`; the others were there already."""

    gallery: Gallery
    subjects: int
    of: int


def export_gallery(
    gallery: Gallery,
    target: Path | BinaryIO,
    store: Store,
    blobs: BlobStore,
    *,
    actor: str,
    step: Step | None = None,
) -> int:
    """Write a gallery as it is at this moment to a path or into an open file.

    Returns:
        How many subjects it has.

    Raises:
        ArchiveUnwritable: it cannot be written there; nothing of it is kept.
    """
    subjects = store.counts(gallery.id).subjects
    done = 0
    with _writing(target, gallery) as archive:
        for subject in store.export_subjects(gallery.id):
            archive.add(subject, _crops_of(subject, blobs))
            done += 1
            if step is not None:
                step(done, max(done, subjects))
    store.record("gallery.exported", actor=actor, gallery_id=gallery.id, details={"subjects": done})
    return done


def import_gallery(
    source: Path | BinaryIO,
    store: Store,
    blobs: BlobStore,
    *,
    name: str | None = None,
    actor: str,
    step: Step | None = None,
) -> Imported:
    """Bring the gallery in an archive into the store, under its own name or another.

    A gallery of that name gets what it lacks: subjects are told by their ids, so an import that was
    broken off goes on where it stopped.

    Raises:
        ArchiveTooNew: a newer Vultus wrote it; nothing was changed.
        ArchiveInvalid: it is damaged, and nothing was changed; or it was forged, and what came
            before the fault is there.
        GalleryModelMismatch: there is a gallery of that name with templates of another model.
        ExternalIdTaken: another subject there has an external id of the archive.
    """
    with open_archive(source) as archive:
        manifest = archive.manifest
        gallery = _gallery(store, name or manifest.gallery.name, manifest.gallery, actor)
        added = done = 0
        for part in archive.parts(gallery):
            with kept_crops(part.crops, store, blobs):
                added += store.import_subjects(gallery.id, part.subjects, actor=actor)
            done += len(part.subjects)
            if step is not None:
                step(done, manifest.subjects)
    return Imported(gallery, added, done)


def _writing(target: Path | BinaryIO, gallery: Gallery) -> AbstractContextManager[ArchiveWriter]:
    return archive_at(target, gallery) if isinstance(target, Path) else archive_in(target, gallery)


def _crops_of(subject: EnrolledSubject, blobs: BlobStore) -> Mapping[str, bytes]:
    crops = {}
    for face in subject.faces:
        if face.crop is not None:
            try:
                crops[face.id] = blobs.get(face.crop)
            except BlobNotFound:
                continue
    return crops


def _gallery(store: Store, name: str, record: GalleryRecord, actor: str) -> Gallery:
    model = ModelId(record.model.pack, record.model.version)
    try:
        gallery = store.gallery(name)
    except GalleryNotFound:
        own = record.policy
        policy = ThresholdPolicy(own.kind, own.fpir) if own else None
        new = NewGallery(name, model, record.dim, record.keep_crops, policy)
        return store.create_gallery(new, actor=actor)
    check_model(gallery, model)
    return gallery
