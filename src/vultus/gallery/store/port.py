"""The port of the store: the truth about who is enrolled, which every index follows.

A protocol per role, so that whoever needs one role asks for no more; `Store` is all of them.

Every write is one transaction: it raises the revision of its gallery by one, stamps the faces it
touches with it and appends the audit events that tell of it. A process that dies leaves all of it
or nothing. A write that changes nothing raises no revision and leaves no event. `actor` is who
asked.

Deleting is soft: what is deleted is not found any more, and can be restored until it is purged.
Stores are safe between threads, and any number of processes may share one.

Every method may raise StoreError, whose subclasses say what is wrong with the store itself
(StoreUnavailable, StoreBusy, StoreReadOnly, StoreFull, StoreDamaged), and every method that works
on the gallery of a `gallery_id` raises GalleryNotFound when there is none.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any, Protocol

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

EVERYBODY = SubjectQuery()


class GalleryStore(Protocol):
    """Galleries."""

    def create_gallery(self, new: NewGallery, *, actor: str) -> Gallery:
        """Create an empty gallery.

        Raises:
            GalleryExists: there is one of that name.
        """

    def gallery(self, id_or_name: str) -> Gallery:
        """Find a gallery by its id, or else by its name.

        Raises:
            GalleryNotFound: there is none.
        """

    def galleries(self) -> tuple[Gallery, ...]:
        """List all galleries by name."""

    def counts(self, gallery_id: str) -> GalleryCounts:
        """Count the subjects and faces of a gallery."""

    def update_gallery(self, gallery_id: str, change: GalleryChange, *, actor: str) -> Gallery:
        """Change a gallery, and give it as it is now.

        Raises:
            GalleryExists: another one has the new name.
        """

    def delete_gallery(self, gallery_id: str, *, actor: str) -> None:
        """Delete a gallery with everything in it; its name is free at once."""


class SubjectStore(Protocol):
    """Subjects of a gallery. An unknown `subject_id` raises SubjectNotFound."""

    def create_subject(self, gallery_id: str, new: NewSubject, *, actor: str) -> Enrollment:
        """Create a subject without faces.

        Raises:
            ExternalIdTaken: another subject of the gallery has its external id.
        """

    def subject(self, gallery_id: str, subject_id: str) -> Enrollment:
        """Give a subject by its id."""

    def subject_by_external_id(self, gallery_id: str, external_id: str) -> Enrollment:
        """Give a subject by the operator's own id.

        Raises:
            SubjectNotFound: no subject has it.
        """

    def subjects(
        self,
        gallery_id: str,
        query: SubjectQuery = EVERYBODY,
        *,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Enrollment]:
        """List subjects, up to `limit` of them from `cursor` on.

        They come in the order they were created. Where nobody has all words of `query.text`, at
        most 100 come instead that are close to it, the closest first.

        Raises:
            InvalidValue: the limit is not from 1 to 1,000, or the cursor is none of this query.
        """

    def update_subject(
        self,
        gallery_id: str,
        subject_id: str,
        change: SubjectChange,
        *,
        actor: str,
        expected_version: int | None = None,
    ) -> Enrollment:
        """Change a subject, and give it as it is now.

        Raises:
            VersionConflict: its version is not the expected one: somebody else changed it.
            ExternalIdTaken: another subject of the gallery has the new external id.
        """

    def delete_subject(
        self, gallery_id: str, subject_id: str, *, actor: str, expected_version: int | None = None
    ) -> None:
        """Delete a subject with its faces.

        Raises:
            VersionConflict: its version is not the expected one.
        """

    def delete_all_subjects(self, gallery_id: str, *, actor: str) -> int:
        """Delete every subject of a gallery with its faces, and say how many there were."""

    def restore_subject(self, gallery_id: str, subject_id: str, *, actor: str) -> Enrollment:
        """Take back the deletion of a subject: it returns with the faces that went with it.

        A subject that is not deleted stays as it is.

        Raises:
            SubjectNotFound: it never was, it is purged, or it was merged (see `undo_merge`).
            ExternalIdTaken: its external id went to another subject meanwhile.
        """

    def merge_subjects(
        self, gallery_id: str, into: str, others: Sequence[str], *, actor: str
    ) -> Merge:
        """Move the faces of `others` to the subject `into`, and delete `others`.

        `into` keeps its own name, external id and attributes. Of two faces of one source digest
        only one stays.

        Raises:
            InvalidMerge: `into` is among `others`, one is named twice, or there are none.
        """

    def undo_merge(self, gallery_id: str, merge_id: str, *, actor: str) -> tuple[Enrollment, ...]:
        """Take back a merge: the others return with the faces that came from them.

        A face that was deleted or moved on since then stays where it is. Gives the subjects that
        returned.

        Raises:
            MergeNotFound: there is no such merge: it is undone, or its retention has passed.
            MergeNotUndoable: the subject merged into is gone, or an import brought one back.
            ExternalIdTaken: an external id of theirs went to another subject meanwhile.
        """

    def merges(self, gallery_id: str) -> tuple[Merge, ...]:
        """List the merges that can be undone, the newest first."""


class FaceStore(Protocol):
    """Faces of subjects. Unknown ids raise SubjectNotFound and FaceNotFound."""

    def enroll(
        self, gallery_id: str, entries: Sequence[Enrolling], *, actor: str
    ) -> tuple[StoredSubject, ...]:
        """Create subjects and add faces, all of it or nothing; give the outcomes in order.

        Faces whose source digest the subject has already are not added again. Made for many: give
        thousands of entries at once to write fast. Whoever is meant is looked up with the gallery
        locked: processes that enroll one new person at the same time make one subject, where an
        external id or a name (`Enrolling.by_name`) says that it is one.

        Raises:
            SubjectAmbiguous: several subjects have a name that says who is meant.
            ModelMismatch: a template is not of the gallery's model.
            TemplateSizeMismatch: a template has not as many numbers as the gallery's.
            BlobNotHeld: the crop of a face is not held: see `BlobLedger`.
        """

    def faces(self, gallery_id: str, subject_id: str) -> tuple[GalleryFace, ...]:
        """List the faces of a subject in the order they were added."""

    def face(self, gallery_id: str, face_id: str) -> GalleryFace:
        """Give a face by its id."""

    def known_digests(
        self, gallery_id: str, digests: Sequence[str]
    ) -> Mapping[str, tuple[KnownFace, ...]]:
        """Say which of these source digests are enrolled, and as what.

        An image of several people may have a face of each of them. Digests that went into a running
        mean are known, too.
        """

    def delete_face(self, gallery_id: str, face_id: str, *, actor: str) -> None:
        """Delete one face; its subject stays, even without any."""

    def move_faces(
        self, gallery_id: str, face_ids: Sequence[str], subject: NewSubject | str, *, actor: str
    ) -> Enrollment:
        """Move faces to another subject, or split them off into a new one; give that subject.

        A face whose source digest that subject has already is deleted instead.

        Raises:
            InvalidValue: no faces are named.
            ExternalIdTaken: another subject of the gallery has the new one's external id.
        """

    def update_template(
        self, gallery_id: str, subject_id: str, templates: Sequence[NewFace], *, actor: str
    ) -> GalleryFace:
        """Fold templates into the running mean of a subject, and give it.

        The running mean is a face of its own (`GalleryFace.running`), made at the first call: the
        unit vector of the sum of all templates that were ever folded in, whose number is its
        `weight`. It needs none of the images any more; other faces of the subject stay as they are.
        A template whose source digest was folded in before is not counted again, whichever mean of
        the subject it went into: a merge brings those of the others, which leave with its undoing,
        and the subject's own goes on. Boxes, crops and qualities are not kept.

        Raises:
            ModelMismatch: a template is not of the gallery's model.
            TemplateSizeMismatch: a template has not as many numbers as the gallery's.
            InvalidValue: no templates are given, or their sum has no direction.
        """


class TemplateFeed(Protocol):
    """What an index follows, and what turns its answers into subjects."""

    def revision(self, gallery_id: str) -> int:
        """Give the revision of a gallery as committed now; fast enough to ask before a query."""

    def changes(
        self, gallery_id: str, after: int, *, limit: int = 10_000
    ) -> Iterator[TemplateChanges]:
        """Read what happened to the templates of a gallery after the revision `after`.

        Gives at least one page, of at most `limit` faces each, all of one moment: the last one is
        `complete` and carries the gallery's revision at that moment. Each page's `revision` is a
        valid `after` of a later call. `after` 0 gives all templates and nothing removed: so an
        index is built. Holds a read transaction until it is exhausted or closed.

        Raises:
            RevisionPurged: faces that were removed after `after` are purged, so an index of that
                revision cannot follow any more: empty it and read from 0. Never for `after` 0.
                Also for a revision that the gallery has not reached: the store was restored from a
                backup, or is another one.
        """

    def subjects_by_key(self, gallery_id: str, keys: Sequence[int]) -> Mapping[int, Subject]:
        """Give subjects by the integer keys of `TemplateChanges`; those not there are left out."""

    def face_ids_by_key(self, gallery_id: str, keys: Sequence[int]) -> Mapping[int, str]:
        """Give ids of faces by the integer keys of `TemplateChanges`, like `subjects_by_key`."""

    def templates_of(self, gallery_id: str, subject_keys: Sequence[int]) -> SubjectTemplates:
        """Give subjects with their templates, by the integer keys of `TemplateChanges`.

        They come in order of the keys, all of one moment. Subjects that are deleted, or have no
        face, are left out.
        """


class SubjectArchive(Protocol):
    """Galleries on their way out and in."""

    def export_subjects(self, gallery_id: str) -> Iterator[EnrolledSubject]:
        """Read all subjects with their faces, all of one moment, in the order of creation.

        Holds a read transaction until it is exhausted or closed.
        """

    def import_subjects(
        self, gallery_id: str, exported: Sequence[EnrolledSubject], *, actor: str
    ) -> int:
        """Write subjects as they were exported, with their ids, all of them or none.

        Subjects whose id is in the gallery already are left as they are, so an import that was
        broken off can be repeated. Gives the number that was written.

        Raises:
            ExternalIdTaken: another subject of the gallery has an external id.
            ModelMismatch, TemplateSizeMismatch, BlobNotHeld: as for `enroll`.
        """


class AuditLog(Protocol):
    """Who did what to whom."""

    def record(
        self,
        action: str,
        *,
        actor: str,
        gallery_id: str | None = None,
        subject_id: str | None = None,
        details: Mapping[str, Any] = NOTHING,
    ) -> None:
        """Append an event of something that is no write, as of an export."""

    def events(
        self,
        *,
        gallery_id: str | None = None,
        subject_id: str | None = None,
        after: int = 0,
        limit: int = 100,
    ) -> tuple[AuditEvent, ...]:
        """List events in the order they happened, after the sequence number `after`.

        Events outlive what they tell of: the ids need not exist any more.
        """


class Retention(Protocol):
    """What goes for good, and when. Over all galleries."""

    def purge(self, deleted_before: datetime, *, today: date, actor: str) -> Purged:
        """Remove for good what was deleted before that moment, merges that old included.

        Subjects whose `retain_until` is before `today` go with it at once, deleted or not, and so
        do merges of theirs, which cannot be undone any more. The names of crops that nothing refers
        to any more become `doomed_blobs`. With anything that goes, all kept answers to writes lose
        what they say, because they may name it; that the writes were done stays known.
        """


class BlobLedger(Protocol):
    """Blobs that no face has: those that are held for one, and those that are doomed.

    A blob is held before it is there, and its name is never used again. Writing a face takes its
    crop off the list, in the same transaction. So each blob stands either here or with a face,
    whenever a process dies; and what is once given to be deleted is not taken by a face.
    """

    def hold_blobs(self, names: Sequence[str], *, until: datetime) -> None:
        """Note blobs that are about to be put.

        From the moment `until` on they are doomed, unless a face has taken them.
        """

    def release_blobs(self, names: Sequence[str]) -> tuple[str, ...]:
        """Let go of blobs that were held; give those that no face has taken, which are doomed."""

    def doomed_blobs(self, limit: int = 1_000) -> tuple[str, ...]:
        """Give blobs that are to be deleted: no face has them, and none can take them from now."""

    def forget_blobs(self, names: Sequence[str]) -> None:
        """Take names off the list: the blobs are deleted."""


class KeyStore(Protocol):
    """Keys of the service. They are never removed, so that once there was one, one is needed.

    `digest` stands for the secret, which the store never sees.
    """

    def create_key(self, new: NewKey, digest: str, *, actor: str) -> Key:
        """Create a key.

        Raises:
            KeyTaken: another one has that digest.
        """

    def key(self, key_id: str) -> Key:
        """Give a key by its id.

        Raises:
            KeyNotFound: there is none.
        """

    def key_by_digest(self, digest: str) -> tuple[Key, str] | None:
        """Give the key of a digest, and the digest as it is kept; None if there is none."""

    def keys(self, gallery_id: str | None = None) -> tuple[Key, ...]:
        """List the keys of one gallery, or all keys, in the order they were created."""

    def has_keys(self) -> bool:
        """Say whether there ever was a key."""

    def revoke_key(self, key_id: str, *, actor: str) -> Key:
        """Let a key open nothing from now on.

        Raises:
            KeyNotFound: there is none.
        """

    def note_key_use(self, key_id: str, at: datetime) -> None:
        """Keep when a key was used last; what is kept may be a minute behind."""


class AnswerStore(Protocol):
    """Answers to writes, so that asking again changes nothing. `name` stands for one request.

    Who has claimed a write carries it out inside `carrying_out`, and then keeps its answer or
    gives the claim back. Each write marks the claim in its own transaction: when the process dies
    in between, it is known whether anything was changed.
    """

    def claim(
        self,
        name: str,
        request_digest: str,
        *,
        until: datetime,
        expires_at: datetime,
        repeatable: bool,
    ) -> Claim | Answer:
        """Take a write for one's own until a moment, or give the answer that it had.

        Args:
            name: what the caller calls the request.
            request_digest: what the request says; the same name never stands for another.
            until: when another may take it, because this attempt must have died.
            expires_at: when the answer is forgotten.
            repeatable: doing it twice is as good as once.

        Raises:
            IdempotencyKeyReused: the name stands for another request.
            RequestInProgress: another attempt is at it.
            RequestInterrupted: an attempt changed something and died, and it is not repeatable.
        """

    def carrying_out(self, claim: Claim) -> AbstractContextManager[None]:
        """Let what this thread writes inside the block mark the claim."""

    def keep_answer(self, claim: Claim, answer: Answer) -> None:
        """Keep the answer to a write, unless another attempt has taken it over."""

    def give_back(self, claim: Claim) -> None:
        """Let a write that failed be tried again."""

    def forget_answers(self) -> None:
        """Remove the answers that have expired; until then they are only not given any more."""


class Store(
    GalleryStore,
    SubjectStore,
    FaceStore,
    TemplateFeed,
    SubjectArchive,
    AuditLog,
    Retention,
    BlobLedger,
    KeyStore,
    AnswerStore,
    Protocol,
):
    """All of it."""

    def close(self) -> None:
        """Give back connections and files. The store cannot be used afterwards."""
