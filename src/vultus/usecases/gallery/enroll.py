"""Photos become faces of subjects, each with an outcome that says why or why not."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from vultus.blobs.port import BlobStore
from vultus.domain.candidate import Candidate
from vultus.domain.changes import NewSubject
from vultus.domain.face import Face
from vultus.domain.gallery import Gallery
from vultus.domain.image import Image
from vultus.domain.outcome import REFUSALS, AlreadyThere, Enrolled, Outcome, Refused
from vultus.domain.subject import Subject
from vultus.errors import LooksLikeAnother
from vultus.gallery.crops import kept_crops, new_crop_name
from vultus.gallery.store.port import Store
from vultus.gallery.store.requests import Enrolling, NewFace, StoredSubject
from vultus.matching.calibration import SearchProbabilities
from vultus.matching.policy import Decision, Policy
from vultus.usecases.gallery.choose import meant_face
from vultus.usecases.gallery.find import find_enrolled
from vultus.usecases.gallery.nearest import Nearest
from vultus.usecases.gallery.photos import Photo, Whom, digest_of
from vultus.usecases.recognizer import Recognizer
from vultus.vision.crop import crop_jpeg


class Lookalikes(StrEnum):
    """What is done about a photo that looks like another subject of the gallery."""

    REFUSE = "refuse"
    NOTE = "note"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Enroller:
    """Enrolls photos into one gallery. Safe between threads.

    `judgement` gives the rule and the probabilities of a search in it as it is now.
    """

    gallery: Gallery
    store: Store
    nearest: Nearest
    recognizer: Recognizer
    blobs: BlobStore
    lookalikes: Lookalikes
    judgement: Callable[[], tuple[Policy, SearchProbabilities | None]]
    actor: str

    def enroll(self, photo: Photo, *, face_only: bool = False) -> Outcome:
        """Enroll one photo, all of it or nothing; when this returns, it is durable.

        A new subject is created with its first face. One that exists, told by its external id or,
        without one, by its name, gets the face and stays as it is otherwise.

        Raises:
            GalleryNotFound: the gallery is gone.
            StoreError: the store cannot be used.
            BlobError: a crop was to be kept, and cannot be.
        """
        try:
            return self._enroll(photo, face_only)
        except REFUSALS as error:
            return Refused(photo.name, error)

    def _enroll(self, photo: Photo, face_only: bool) -> Outcome:
        pipeline = self.recognizer.pipeline
        content = photo.read(pipeline.reader.limits.max_bytes)
        digest = digest_of(content)
        owner = self._owner(photo.subject)
        if owner and (face_id := self._known_as(digest, owner)):
            return AlreadyThere(photo.name, owner, face_id)
        image = pipeline.reader.read(content)
        face = meant_face(pipeline.faces(image, face_only=face_only), photo.box)
        alike = self._lookalike(face, photo.subject, owner)
        stored = self._store(owner.id if owner else photo.subject, face, image, digest)
        (added,) = stored.faces
        subject = owner or self.store.subject(self.gallery.id, stored.subject_id).subject
        if not added.added:
            return AlreadyThere(photo.name, subject, added.id)
        return Enrolled(photo.name, subject, added.id, face, stored.created, alike)

    def _owner(self, whom: Whom) -> Subject | None:
        if isinstance(whom, NewSubject):
            return find_enrolled(self.store, self.gallery.id, whom)
        return self.store.subject(self.gallery.id, whom).subject

    def _known_as(self, digest: str, subject: Subject) -> str | None:
        known = self.store.known_digests(self.gallery.id, [digest]).get(digest, ())
        return next((each.face_id for each in known if each.subject_id == subject.id), None)

    def _lookalike(self, face: Face, whom: Whom, own: Subject | None) -> Candidate | None:
        if self.recognizer.matching is None or self.lookalikes is Lookalikes.IGNORE:
            return None
        policy, probabilities = self.judgement()
        (nearest,) = self.nearest.candidates(face.template.vector[np.newaxis], 1, probabilities)
        if not nearest or (own and nearest[0].subject.id == own.id):
            return None
        (alike,) = nearest
        if policy.decide(alike.similarity) is not Decision.MATCH:
            return None
        # Another process may have created the subject since it was looked for.
        if own is None and (own := self._owner(whom)) and own.id == alike.subject.id:
            return None
        if self.lookalikes is Lookalikes.REFUSE:
            raise LooksLikeAnother(alike.subject.id, alike.subject.name, alike.similarity)
        return alike

    def _store(self, whom: Whom, face: Face, image: Image, digest: str) -> StoredSubject:
        box = face.detection.box
        crop = new_crop_name(self.gallery.id) if self.gallery.keep_crops else None
        new = NewFace(face.template, face.quality, box, digest, crop)
        entries = [Enrolling(whom, [new], by_name=True)]
        with kept_crops({crop: crop_jpeg(image, box)} if crop else {}, self.store, self.blobs):
            (stored,) = self.store.enroll(self.gallery.id, entries, actor=self.actor)
        return stored
