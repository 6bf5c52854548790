"""What the library offers for subjects that stay: one gallery, open for work.

Long, because every method says what it takes and what it raises; each is a few lines over a module
of this folder.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

import numpy as np
from numpy.typing import ArrayLike

from vultus.domain.changes import NewSubject, SubjectChange
from vultus.domain.face import Box, Face
from vultus.domain.gallery import (
    Duplicate,
    Enrollment,
    Gallery,
    GalleryCounts,
    GalleryFace,
    Merge,
    ThresholdPolicy,
)
from vultus.domain.outcome import Outcome
from vultus.domain.page import Page
from vultus.domain.subject import NOTHING, Attributes, Subject
from vultus.errors import SubjectNotFound
from vultus.gallery.search.port import TemplateSearch
from vultus.gallery.search.status import IndexStatus
from vultus.gallery.store.port import Store
from vultus.gallery.store.requests import Enrolling, GalleryChange, StoredSubject, SubjectQuery
from vultus.usecases.enroll import Step
from vultus.usecases.gallery.duplicates import DuplicateSearch
from vultus.usecases.gallery.enroll import Enroller
from vultus.usecases.gallery.find import find_subject
from vultus.usecases.gallery.index import CheckedIndex, check_index
from vultus.usecases.gallery.intake.source import photos_from
from vultus.usecases.gallery.judgement import Judgement
from vultus.usecases.gallery.nearest import Nearest
from vultus.usecases.gallery.photos import Photo, Whom
from vultus.usecases.gallery.templates import new_faces, unit_rows
from vultus.usecases.gallery.transfer import export_gallery
from vultus.usecases.gallery.update import TemplateUpdate, gather_templates
from vultus.usecases.gallery.verify import SubjectVerification, verify_subject
from vultus.usecases.gallery.workings import Workings, check_model
from vultus.usecases.identification import Identification, IdentifiedFace
from vultus.usecases.recognizer import Recognizer
from vultus.vision.read import ImageSource

Images = ImageSource | Sequence[ImageSource]
"""One image or several."""

Said = str | Subject
"""A subject; as text its id, its external id, or its whole name."""


@dataclass(frozen=True, slots=True)
class OpenGallery:
    """One gallery. Safe between threads; what other processes write is seen at once.

    A method that takes a subject raises SubjectNotFound when no subject matches it, and
    SubjectAmbiguous when several do. Every method raises GalleryNotFound when the gallery was
    deleted meanwhile, and StoreError when the store cannot be used.

    Where it is opened `once`, for a single request, the policy is the one that it was opened with.
    """

    opened: Gallery
    workings: Workings
    actor: str
    once: bool = False

    @property
    def id(self) -> str:
        """Its id, which never changes."""
        return self.opened.id

    @property
    def info(self) -> Gallery:
        """The gallery as it is now."""
        return self._store.gallery(self.id)

    @property
    def counts(self) -> GalleryCounts:
        """How many subjects and faces it has now."""
        return self._store.counts(self.id)

    @property
    def recognizer(self) -> Recognizer:
        """The loaded pack whose templates stand in the gallery; loading takes time once.

        Raises:
            GalleryModelMismatch: the pack at hand is another one.
        """
        recognizer = self.workings.recognizer(self.opened)
        check_model(self.opened, recognizer.model)
        return recognizer

    # Enrolling

    def enroll(
        self,
        subject: Said | NewSubject,
        images: Images,
        *,
        box: Box | None = None,
        face_only: bool = False,
    ) -> list[Outcome]:
        """Enroll the one face of each image as a face of a subject.

        Args:
            subject: one of the gallery, or else the name of a new one, or all that is known of it.
            images: paths, bytes of files, or (H, W, 3) RGB uint8 pixels.
            box: which of several faces is meant, in pixels of the file: the one that overlaps most.
            face_only: take each whole image as one face and look for none.

        Returns:
            An outcome for each image: enrolled, already there, or refused with the reason. The
            others are not touched by one that is refused.
        """
        whom = self.whom(subject)
        photos = [Photo.of(image, whom, box) for image in _several(images)]
        return list(self.enroll_photos(photos, face_only=face_only))

    def whom(self, said: Said | NewSubject) -> Whom:
        """The id of a subject of the gallery, or else what is known of a new one."""
        if isinstance(said, NewSubject):
            return said
        try:
            return self._id(said)
        except SubjectNotFound:
            return NewSubject(str(said))

    def enroll_photos(
        self, photos: Iterable[Photo], *, face_only: bool = False
    ) -> Iterator[Outcome]:
        """Enroll photos one by one; each is durable when its outcome is given.

        The same photos can be enrolled again after an interruption: those that are there already
        are recognised by their bytes, at little cost.
        """
        recognizer = self.recognizer
        enroller = Enroller(
            gallery=self.info,
            store=self._store,
            nearest=self._nearest,
            recognizer=recognizer,
            blobs=self.workings.blobs,
            lookalikes=self.workings.lookalikes,
            judgement=lambda: self._rough_judgement(recognizer),
            actor=self.actor,
        )
        return (enroller.enroll(photo, face_only=face_only) for photo in photos)

    def enroll_from(self, source: str | Path, step: Step | None = None) -> list[Outcome]:
        """Enroll the people of a folder, a ZIP file or a CSV file.

        In a folder or ZIP file lies a folder per person with photos in it, or one photo per person.
        A CSV file has a photo per row; its columns are explained in the documentation.

        Raises:
            NoPeople: a folder in which there is no photo.
            PhotosUnreadable: no ZIP file and no CSV file, or one that gives no photo.
        """
        outcomes = []
        with photos_from(Path(source)) as photos:
            for outcome in self.enroll_photos(photos):
                outcomes.append(outcome)
                if step is not None:
                    step(len(outcomes), len(photos))
        return outcomes

    def enroll_templates(self, subject: Said | NewSubject, vectors: ArrayLike) -> StoredSubject:
        """Add ready templates, (N, D) or (D,) numbers of the gallery's model, to a subject.

        `subject` is understood as that of `enroll` is.

        Raises:
            TemplateSizeMismatch: they have not as many numbers as the gallery's.
            InvalidValue: a number is not finite, or a template is zero.
        """
        faces = new_faces(vectors, self.opened)
        entry = Enrolling(self.whom(subject), faces, by_name=True)
        (stored,) = self._store.enroll(self.id, [entry], actor=self.actor)
        return stored

    def update_template(
        self,
        subject: Said,
        images: Images,
        *,
        box: Box | None = None,
        face_only: bool = False,
    ) -> TemplateUpdate:
        """Fold the faces of new images into the subject's running mean, a face of its own.

        It needs none of the old images, replaces nothing, and counts each image once.
        """
        subject_id = self._id(subject)
        photos = [Photo.of(image, subject_id, box) for image in _several(images)]
        faces, refused = gather_templates(photos, self.recognizer.pipeline, face_only=face_only)
        if not faces:
            return TemplateUpdate(None, refused)
        mean = self._store.update_template(self.id, subject_id, faces, actor=self.actor)
        return TemplateUpdate(mean, refused)

    def update_template_with(self, subject: Said, vectors: ArrayLike) -> GalleryFace:
        """The same for ready templates; arguments and errors as for `enroll_templates`."""
        faces = new_faces(vectors, self.opened)
        return self._store.update_template(self.id, self._id(subject), faces, actor=self.actor)

    # Asking

    def identify(
        self, image: ImageSource, *, top_k: int = 3, face_only: bool = False
    ) -> list[IdentifiedFace]:
        """Name each face of an image, with its `top_k` most similar subjects.

        Raises:
            ThresholdMissing, RatesMissing: nothing can be decided; see `Recognizer.policy_of`.
            ImageRefused: the image cannot be read.
        """
        return self.identify_faces(self.recognizer.faces(image, face_only=face_only), top_k=top_k)

    def identify_faces(self, faces: Sequence[Face], *, top_k: int = 3) -> list[IdentifiedFace]:
        """Name faces of an image that were found already; errors as for `identify`."""
        judgement = self._judgement(self.recognizer)
        policy = judgement.policy
        rows = [face.template.vector for face in faces]
        probes = np.array(rows, np.float32).reshape(-1, self.opened.dim)
        found = self._nearest.candidates(probes, top_k, judgement.probabilities)
        return [
            IdentifiedFace(candidates, policy, face)
            for face, candidates in zip(faces, found, strict=True)
        ]

    def identify_templates(self, vectors: ArrayLike, *, top_k: int = 3) -> list[Identification]:
        """Name each of (N, D) ready templates of the gallery's model, in one batch.

        Raises:
            TemplateSizeMismatch, InvalidValue: as for `enroll_templates`.
            ThresholdMissing, RatesMissing: as for `identify`.
        """
        judgement = self._judgement(self.recognizer)
        policy = judgement.policy
        rows = unit_rows(vectors, self.opened.dim)
        found = self._nearest.candidates(rows, top_k, judgement.probabilities)
        return [Identification(candidates, policy) for candidates in found]

    def verify(
        self, image: ImageSource, subject: Said, *, face_only: bool = False
    ) -> SubjectVerification:
        """Say whether the main face of an image is a subject's.

        Raises:
            NoFace: the image shows none.
            SubjectWithoutFaces: there is nothing to compare with.
            ThresholdMissing, ImageRefused: as for `identify`.
        """
        recognizer = self.recognizer
        policy = recognizer.policy
        whom = self.subject(subject).subject
        portrait = recognizer.portrait(image, face_only=face_only)
        enrolled = self._store.faces(self.id, whom.id)
        return verify_subject(portrait, whom, enrolled, policy, recognizer.calibration)

    # Browsing

    def subjects(
        self,
        text: str = "",
        attributes: Attributes = NOTHING,
        *,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Enrollment]:
        """List subjects in stable order, page by page.

        Args:
            text: every word begins a word of name, external id or attributes; near misses follow.
            attributes: these must equal; a number, true, false or null may also stand there as
                text, as from a CSV file.
            cursor: where the page before ended.
            limit: most subjects of a page, 1,000 at most.

        Raises:
            InvalidValue: the limit is not from 1 to 1,000, or the cursor is none of this query.
        """
        query = SubjectQuery(text, attributes)
        return self._store.subjects(self.id, query, cursor=cursor, limit=limit)

    def subject(self, said: Said) -> Enrollment:
        """Find a subject."""
        if isinstance(said, Subject):
            return self._store.subject(self.id, said.id)
        return find_subject(self._store, self.id, said)

    def faces(self, subject: Said) -> tuple[GalleryFace, ...]:
        """List the faces of a subject in the order they were added."""
        return self._store.faces(self.id, self._id(subject))

    def face(self, face_id: str) -> GalleryFace:
        """Give one face by its id.

        Raises:
            FaceNotFound: there is none of that id.
        """
        return self._store.face(self.id, face_id)

    def crop(self, face_id: str) -> bytes | None:
        """The part of the photo that shows a face, as JPEG; None if the gallery kept none.

        Raises:
            FaceNotFound: there is no face of that id.
            BlobError: it is kept, and cannot be read.
        """
        name = self.face(face_id).crop
        return None if name is None else self.workings.blobs.get(name)

    def duplicates(
        self,
        least: float | None = None,
        *,
        limit: int = 100,
        step: Callable[[int], None] | None = None,
    ) -> list[Duplicate]:
        """List pairs of subjects that look like one person, most similar first.

        Args:
            least: lowest cosine of a pair; None takes the threshold of a match.
            limit: most pairs.
            step: told how many templates were looked at so far.

        Raises:
            ThresholdMissing: `least` is None, and nobody names a threshold.
        """
        recognizer = self.recognizer
        lowest = recognizer.policy.threshold.similarity if least is None else least
        pairs = recognizer.calibration.pair if recognizer.calibration else None
        search = DuplicateSearch(self.id, self._store, self._search, pairs)
        return search.find(lowest, limit, step)

    # Changing

    def change(self, change: GalleryChange) -> Gallery:
        """Change the gallery itself, and give it as it is now.

        Raises:
            GalleryExists: another one has the new name.
        """
        return self._store.update_gallery(self.id, change, actor=self.actor)

    def set_policy(self, policy: ThresholdPolicy | None) -> Gallery:
        """Say how the threshold of searches follows the size; None leaves it to the settings."""
        kind, fpir = (policy.kind, policy.fpir) if policy else (None, None)
        return self.change(GalleryChange(policy=kind, fpir=fpir))

    def add_subject(self, new: NewSubject) -> Enrollment:
        """Create a subject without faces.

        Raises:
            ExternalIdTaken: another subject has its external id.
        """
        return self._store.create_subject(self.id, new, actor=self.actor)

    def change_subject(
        self, subject: Said, change: SubjectChange, *, expected_version: int | None = None
    ) -> Enrollment:
        """Rename a subject, or change what is known of it.

        Raises:
            VersionConflict: its version is not the expected one: somebody else changed it.
            ExternalIdTaken: another subject has the new external id.
        """
        return self._store.update_subject(
            self.id,
            self._id(subject),
            change,
            actor=self.actor,
            expected_version=expected_version,
        )

    def delete_subject(self, subject: Said, *, expected_version: int | None = None) -> None:
        """Delete a subject with its faces; until a purge it can be restored.

        Raises:
            VersionConflict: its version is not the expected one: somebody else changed it.
        """
        self._store.delete_subject(
            self.id, self._id(subject), actor=self.actor, expected_version=expected_version
        )

    def restore_subject(self, subject_id: str) -> Enrollment:
        """Take back a deletion: the subject returns with the faces that went with it.

        Raises:
            SubjectNotFound: it never was, it is gone for good, or it was merged.
            ExternalIdTaken: its external id went to another subject meanwhile.
        """
        return self._store.restore_subject(self.id, subject_id, actor=self.actor)

    def delete_all_subjects(self) -> int:
        """Delete every subject, and say how many there were."""
        return self._store.delete_all_subjects(self.id, actor=self.actor)

    def delete_face(self, face_id: str) -> None:
        """Delete one face; its subject stays.

        Raises:
            FaceNotFound: there is none of that id.
        """
        self._store.delete_face(self.id, face_id, actor=self.actor)

    def merge(self, into: Said, *others: Said) -> Merge:
        """Make one subject of several; the first keeps its name, external id and attributes.

        Raises:
            InvalidMerge: a subject is named twice, or there are no others.
        """
        ids = [self._id(other) for other in others]
        return self._store.merge_subjects(self.id, self._id(into), ids, actor=self.actor)

    def undo_merge(self, merge_id: str) -> tuple[Enrollment, ...]:
        """Take back a merge, and give the subjects that returned.

        Raises:
            MergeNotFound: there is no such merge, or its retention has passed.
            MergeNotUndoable: it is undone already, or the subject merged into is gone.
            ExternalIdTaken: an external id of theirs went to another subject meanwhile.
        """
        return self._store.undo_merge(self.id, merge_id, actor=self.actor)

    def merges(self) -> tuple[Merge, ...]:
        """List the merges that can be undone, the newest first."""
        return self._store.merges(self.id)

    def split(self, face_ids: Sequence[str], to: Said | NewSubject) -> Enrollment:
        """Move faces to another subject, or split them off into a new one, and give that subject.

        `to` is understood as the subject of `enroll` is.

        Raises:
            InvalidValue: no ids are given.
            FaceNotFound: there is no face of one of the ids.
            ExternalIdTaken: another subject has the new one's external id.
        """
        return self._store.move_faces(self.id, face_ids, self.whom(to), actor=self.actor)

    def export(self, target: str | Path | BinaryIO, step: Step | None = None) -> int:
        """Write the gallery to one archive, a path or an open file; say how many subjects it has.

        Raises:
            ArchiveUnwritable: it cannot be written there; nothing of it is kept.
        """
        place = Path(target) if isinstance(target, str) else target
        return export_gallery(
            self.info, place, self._store, self.workings.blobs, actor=self.actor, step=step
        )

    # Its search index

    def index_status(self) -> IndexStatus:
        """How large the index is, and how many changes behind; a query brings it up to date."""
        return self.workings.searches.status(self.info)

    def rebuild_index(self) -> IndexStatus:
        """Make the index anew from nothing but the store, save it, and say how it is."""
        self.workings.searches.rebuild(self.info)
        return self.index_status()

    def check_index(self) -> CheckedIndex:
        """Compare the index with the store, and name every face on which they disagree."""
        return check_index(self.info, self._store, self.workings.searches)

    def close(self) -> None:
        """Give back connections and files; no gallery of the same store can be used afterwards."""
        self.workings.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _store(self) -> Store:
        return self.workings.store

    @property
    def _search(self) -> TemplateSearch:
        return self.workings.searches.of(self.opened)

    @property
    def _nearest(self) -> Nearest:
        return Nearest(self.id, self._store, self._search)

    def _judgement(self, recognizer: Recognizer) -> Judgement:
        gallery = self.opened if self.once else self.info
        return Judgement(recognizer, gallery, lambda: self.workings.sizes.of(gallery))

    def _rough_judgement(self, recognizer: Recognizer) -> Judgement:
        """The same for an enroller, whose every photo changes the size a little."""
        gallery = self.info
        return Judgement(recognizer, gallery, lambda: self.workings.sizes.about(gallery))

    def _id(self, said: Said) -> str:
        return said.id if isinstance(said, Subject) else self.subject(said).subject.id


def _several(images: Images) -> Sequence[ImageSource]:
    return images if isinstance(images, list | tuple) else [images]  # type: ignore[list-item]
