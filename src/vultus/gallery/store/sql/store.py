"""The store in SQL: every method one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from vultus.domain.answer import Answer, Claim
from vultus.domain.changes import NewSubject, SubjectChange
from vultus.domain.gallery import (
    AuditEvent,
    EnrolledSubject,
    Enrollment,
    Gallery,
    GalleryCounts,
    GalleryFace,
    Merge,
    SubjectTemplates,
    TemplateChanges,
)
from vultus.domain.key import Key, NewKey
from vultus.domain.page import Page
from vultus.domain.subject import NOTHING, Subject
from vultus.gallery.store.port import EVERYBODY
from vultus.gallery.store.requests import (
    Enrolling,
    GalleryChange,
    KnownFace,
    NewFace,
    NewGallery,
    Purged,
    StoredSubject,
    SubjectQuery,
)
from vultus.gallery.store.sql import (
    answers,
    archive,
    audit,
    blobs,
    faces,
    feed,
    galleries,
    keys,
    listing,
    means,
    merging,
    retention,
    subjects,
)
from vultus.gallery.store.sql.database import Database
from vultus.gallery.store.sql.enrolling import enroll
from vultus.gallery.store.sql.lookups import Lookups
from vultus.gallery.store.sql.retention import Due
from vultus.gallery.store.sql.transaction import changing, live_gallery, writing

# ruff: noqa: D102 (the port says what each method does)


class SqlStore:
    """`Store` on SQLite or PostgreSQL.

    `database` is also there for an index that lives in the same database.
    """

    def __init__(self, database: Database) -> None:
        """Keep everything in a database whose schema is up to date."""
        self.database = database
        self._lookups = Lookups(database)

    def close(self) -> None:
        self.database.close()

    # Galleries

    def create_gallery(self, new: NewGallery, *, actor: str) -> Gallery:
        with self.database.writing() as connection:
            gallery_id = galleries.insert_gallery(connection, new)
            with changing(self.database, connection, gallery_id, actor) as write:
                write.note("gallery.created")
            return galleries.find(connection, gallery_id)

    def gallery(self, id_or_name: str) -> Gallery:
        with self.database.asking() as connection:
            return galleries.find(connection, id_or_name)

    def galleries(self) -> tuple[Gallery, ...]:
        with self.database.reading() as connection:
            return galleries.list_all(connection)

    def counts(self, gallery_id: str) -> GalleryCounts:
        with self.database.reading() as connection:
            return galleries.count(connection, live_gallery(connection, gallery_id))

    def update_gallery(self, gallery_id: str, change: GalleryChange, *, actor: str) -> Gallery:
        with self.database.writing() as connection:
            with changing(self.database, connection, gallery_id, actor) as write:
                galleries.change(write, change)
            return galleries.find(connection, gallery_id)

    def delete_gallery(self, gallery_id: str, *, actor: str) -> None:
        with writing(self.database, gallery_id, actor) as write:
            galleries.delete(write)

    # Subjects

    def create_subject(self, gallery_id: str, new: NewSubject, *, actor: str) -> Enrollment:
        with writing(self.database, gallery_id, actor) as write:
            row = subjects.create(write, new)
            write.note("subject.created", row.id, faces=0)
            return subjects.read(write.connection, write.gallery, row.id)

    def subject(self, gallery_id: str, subject_id: str) -> Enrollment:
        with self.database.reading() as connection:
            return subjects.read(connection, live_gallery(connection, gallery_id), subject_id)

    def subject_by_external_id(self, gallery_id: str, external_id: str) -> Enrollment:
        with self.database.reading() as connection:
            gallery = live_gallery(connection, gallery_id)
            return subjects.read_by_external_id(connection, gallery, external_id)

    def subjects(
        self,
        gallery_id: str,
        query: SubjectQuery = EVERYBODY,
        *,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Enrollment]:
        with self.database.reading() as connection:
            gallery = live_gallery(connection, gallery_id)
            return listing.list_subjects(self.database, connection, gallery, query, cursor, limit)

    def update_subject(
        self,
        gallery_id: str,
        subject_id: str,
        change: SubjectChange,
        *,
        actor: str,
        expected_version: int | None = None,
    ) -> Enrollment:
        with writing(self.database, gallery_id, actor) as write:
            subjects.change(write, subject_id, change, expected_version)
            return subjects.read(write.connection, write.gallery, subject_id)

    def delete_subject(
        self, gallery_id: str, subject_id: str, *, actor: str, expected_version: int | None = None
    ) -> None:
        with writing(self.database, gallery_id, actor) as write:
            subjects.delete(write, subject_id, expected_version)

    def delete_all_subjects(self, gallery_id: str, *, actor: str) -> int:
        with writing(self.database, gallery_id, actor) as write:
            return subjects.delete_all(write)

    def restore_subject(self, gallery_id: str, subject_id: str, *, actor: str) -> Enrollment:
        with writing(self.database, gallery_id, actor) as write:
            subjects.restore(write, subject_id)
            return subjects.read(write.connection, write.gallery, subject_id)

    def merge_subjects(
        self, gallery_id: str, into: str, others: Sequence[str], *, actor: str
    ) -> Merge:
        with writing(self.database, gallery_id, actor) as write:
            return merging.merge(write, into, others)

    def undo_merge(self, gallery_id: str, merge_id: str, *, actor: str) -> tuple[Enrollment, ...]:
        with writing(self.database, gallery_id, actor) as write:
            return merging.undo(write, merge_id)

    def merges(self, gallery_id: str) -> tuple[Merge, ...]:
        with self.database.reading() as connection:
            return merging.undoable(connection, live_gallery(connection, gallery_id))

    # Faces

    def enroll(
        self, gallery_id: str, entries: Sequence[Enrolling], *, actor: str
    ) -> tuple[StoredSubject, ...]:
        with writing(self.database, gallery_id, actor) as write:
            return enroll(write, entries)

    def faces(self, gallery_id: str, subject_id: str) -> tuple[GalleryFace, ...]:
        with self.database.reading() as connection:
            return faces.of_subject(connection, live_gallery(connection, gallery_id), subject_id)

    def face(self, gallery_id: str, face_id: str) -> GalleryFace:
        with self.database.reading() as connection:
            return faces.read(connection, live_gallery(connection, gallery_id), face_id)

    def known_digests(
        self, gallery_id: str, digests: Sequence[str]
    ) -> Mapping[str, tuple[KnownFace, ...]]:
        with self.database.reading() as connection:
            gallery = live_gallery(connection, gallery_id)
            return faces.by_source(self.database, connection, gallery, digests)

    def delete_face(self, gallery_id: str, face_id: str, *, actor: str) -> None:
        with writing(self.database, gallery_id, actor) as write:
            faces.delete(write, face_id)

    def move_faces(
        self, gallery_id: str, face_ids: Sequence[str], subject: NewSubject | str, *, actor: str
    ) -> Enrollment:
        with writing(self.database, gallery_id, actor) as write:
            subject_id = faces.move(write, face_ids, subject)
            return subjects.read(write.connection, write.gallery, subject_id)

    def update_template(
        self, gallery_id: str, subject_id: str, templates: Sequence[NewFace], *, actor: str
    ) -> GalleryFace:
        with writing(self.database, gallery_id, actor) as write:
            face_id = means.fold(write, subject_id, templates)
            return faces.read(write.connection, write.gallery, face_id)

    # What an index follows

    def revision(self, gallery_id: str) -> int:
        return self._lookups.revision(gallery_id)

    def changes(
        self, gallery_id: str, after: int, *, limit: int = 10_000
    ) -> Iterator[TemplateChanges]:
        with self.database.reading() as connection:
            gallery = live_gallery(connection, gallery_id)
            yield from feed.changes(connection, gallery, after, limit)

    def subjects_by_key(self, gallery_id: str, keys: Sequence[int]) -> Mapping[int, Subject]:
        return self._lookups.subjects(gallery_id, keys)

    def face_ids_by_key(self, gallery_id: str, keys: Sequence[int]) -> Mapping[int, str]:
        return self._lookups.face_ids(gallery_id, keys)

    def templates_of(self, gallery_id: str, subject_keys: Sequence[int]) -> SubjectTemplates:
        return self._lookups.templates(gallery_id, subject_keys)

    # Archive, audit, retention

    def export_subjects(self, gallery_id: str) -> Iterator[EnrolledSubject]:
        with self.database.reading() as connection:
            yield from archive.export(connection, live_gallery(connection, gallery_id))

    def import_subjects(
        self, gallery_id: str, exported: Sequence[EnrolledSubject], *, actor: str
    ) -> int:
        with writing(self.database, gallery_id, actor) as write:
            return archive.import_all(write, exported)

    def record(
        self,
        action: str,
        *,
        actor: str,
        gallery_id: str | None = None,
        subject_id: str | None = None,
        details: Mapping[str, Any] = NOTHING,
    ) -> None:
        with self.database.writing() as connection:
            audit.record(connection, action, actor, gallery_id, subject_id, details)

    def events(
        self,
        *,
        gallery_id: str | None = None,
        subject_id: str | None = None,
        after: int = 0,
        limit: int = 100,
    ) -> tuple[AuditEvent, ...]:
        with self.database.reading() as connection:
            return audit.events(connection, gallery_id, subject_id, after, limit)

    def purge(self, deleted_before: datetime, *, today: date, actor: str) -> Purged:
        return retention.purge(self.database, Due(deleted_before, today), actor)

    def hold_blobs(self, names: Sequence[str], *, until: datetime) -> None:
        with self.database.writing() as connection:
            blobs.hold(connection, names, until)

    def release_blobs(self, names: Sequence[str]) -> tuple[str, ...]:
        with self.database.writing() as connection:
            return blobs.release(self.database, connection, names)

    def doomed_blobs(self, limit: int = 1_000) -> tuple[str, ...]:
        with self.database.writing() as connection:
            return blobs.doomed(connection, limit)

    def forget_blobs(self, names: Sequence[str]) -> None:
        with self.database.writing() as connection:
            blobs.forget(self.database, connection, names)

    # Keys of the service, and answers to its writes

    def create_key(self, new: NewKey, digest: str, *, actor: str) -> Key:
        with self.database.writing() as connection:
            return keys.create(connection, new, digest, actor)

    def key(self, key_id: str) -> Key:
        with self.database.reading() as connection:
            return keys.find(connection, key_id)

    def key_by_digest(self, digest: str) -> tuple[Key, str] | None:
        with self.database.asking() as connection:
            return keys.find_by_digest(connection, digest)

    def keys(self, gallery_id: str | None = None) -> tuple[Key, ...]:
        with self.database.reading() as connection:
            return keys.list_all(connection, gallery_id)

    def has_keys(self) -> bool:
        with self.database.asking() as connection:
            return keys.exist(connection)

    def revoke_key(self, key_id: str, *, actor: str) -> Key:
        with self.database.writing() as connection:
            return keys.revoke(connection, key_id, actor)

    def note_key_use(self, key_id: str, at: datetime) -> None:
        with self.database.writing() as connection:
            keys.note_use(connection, key_id, at)

    def claim(
        self,
        name: str,
        request_digest: str,
        *,
        until: datetime,
        expires_at: datetime,
        repeatable: bool,
    ) -> Claim | Answer:
        with self.database.writing() as connection:
            return answers.take(
                connection,
                name,
                request_digest,
                until=until,
                expires_at=expires_at,
                repeatable=repeatable,
            )

    def carrying_out(self, claim: Claim) -> AbstractContextManager[None]:
        return answers.carrying_out(claim)

    def keep_answer(self, claim: Claim, answer: Answer) -> None:
        with self.database.writing() as connection:
            answers.keep(connection, claim, answer)

    def give_back(self, claim: Claim) -> None:
        with self.database.writing() as connection:
            answers.give_back(connection, claim)

    def forget_answers(self) -> None:
        with self.database.reading() as connection:
            if not answers.have_expired(connection):
                return
        with self.database.writing() as connection:
            answers.forget_expired(connection)
