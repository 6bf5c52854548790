"""A façade's gallery that nobody has made yet, for somebody who may not make one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from numpy.typing import ArrayLike

from vultus.api.call import Call
from vultus.domain.changes import NewSubject
from vultus.domain.face import Face
from vultus.domain.gallery import Enrollment, Gallery, GalleryCounts, GalleryFace
from vultus.domain.key import Scope
from vultus.domain.outcome import Outcome
from vultus.domain.page import Page
from vultus.domain.subject import NOTHING, Attributes, Subject
from vultus.errors import FaceNotFound, KeyInsufficient, SubjectNotFound
from vultus.matching.policy import Policy
from vultus.matching.size import SearchSize
from vultus.usecases.gallery.opened import OpenGallery
from vultus.usecases.gallery.photos import Photo
from vultus.usecases.gallery.templates import unit_rows
from vultus.usecases.identification import Identification, IdentifiedFace

NO_ID = ""


@dataclass(frozen=True, slots=True)
class UnmadeGallery(OpenGallery):
    """Answers as an empty gallery does, and takes nobody in. `scope` is that of the caller."""

    scope: Scope

    @classmethod
    def of(cls, name: str, call: Call, scope: Scope) -> Self:
        """The gallery of a name, were it made."""
        model, dim = call.service.workings.model()
        unmade = Gallery(NO_ID, name, model, dim, False, 0, datetime.now(UTC))
        return cls(unmade, call.service.workings, call.actor, scope)

    @property
    def info(self) -> Gallery:
        """The gallery as it would be."""
        return self.opened

    @property
    def counts(self) -> GalleryCounts:
        """Nobody."""
        return GalleryCounts(0, 0)

    def identify_faces(self, faces: Sequence[Face], *, top_k: int = 3) -> list[IdentifiedFace]:
        """Name nobody."""
        policy = self._policy
        return [IdentifiedFace((), policy, face) for face in faces]

    def identify_templates(self, vectors: ArrayLike, *, top_k: int = 3) -> list[Identification]:
        """Name nobody; errors as for an `OpenGallery`."""
        policy = self._policy
        return [Identification((), policy) for _ in unit_rows(vectors, self.opened.dim)]

    def subjects(
        self,
        text: str = "",
        attributes: Attributes = NOTHING,
        *,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Enrollment]:
        """List nobody."""
        return Page((), None)

    def subject(self, said: str | Subject) -> Enrollment:
        """Find nobody.

        Raises:
            SubjectNotFound: always.
        """
        raise SubjectNotFound(self.opened.name, said.id if isinstance(said, Subject) else said)

    def face(self, face_id: str) -> GalleryFace:
        """Find nothing.

        Raises:
            FaceNotFound: always.
        """
        raise FaceNotFound(self.opened.name, face_id)

    def add_subject(self, new: NewSubject) -> Enrollment:
        """Take nobody in.

        Raises:
            KeyInsufficient: always.
        """
        raise self._refusal

    def enroll_photos(
        self, photos: Iterable[Photo], *, face_only: bool = False
    ) -> Iterator[Outcome]:
        """Take nobody in; errors as for `add_subject`."""
        raise self._refusal

    @property
    def _policy(self) -> Policy:
        return self.recognizer.policy_of(SearchSize.of(0, 0))

    @property
    def _refusal(self) -> KeyInsufficient:
        return KeyInsufficient(self.scope.value, Scope.ADMIN.value)
