"""What commands work on: the galleries of this machine's store, or those of a server.

`OpenGallery`, `Galleries` and `Recognizer` of the library are such, and so are those of the client.
What the methods do, and raise, stands there.
"""

# ruff: noqa: D102

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from numpy.typing import ArrayLike

from vultus.cli import shown
from vultus.domain.changes import NewSubject, SubjectChange
from vultus.domain.face import AssessedFace, Face
from vultus.domain.gallery import (
    Duplicate,
    Enrollment,
    Gallery,
    GalleryCounts,
    Merge,
    ThresholdPolicy,
)
from vultus.domain.outcome import Outcome
from vultus.domain.page import Page
from vultus.domain.subject import Attributes, Subject
from vultus.domain.template import ModelId
from vultus.usecases.gallery.photos import Photo

Said = str | Subject
Step = Callable[[int, int], None]


class Recognition(Protocol):
    """Finds and compares faces."""

    @property
    def model(self) -> ModelId: ...
    def detect(self, image: Path, *, face_only: bool = False) -> Sequence[AssessedFace]: ...
    def faces(self, image: Path, *, face_only: bool = False) -> Sequence[Face]: ...
    def verify(self, first: str, second: str, *, face_only: bool = False) -> shown.Verification: ...


class OneGallery(Protocol):
    """One gallery."""

    @property
    def info(self) -> Gallery: ...
    @property
    def counts(self) -> GalleryCounts: ...

    def whom(self, said: str) -> NewSubject | str: ...
    def enroll_photos(
        self, photos: Iterable[Photo], *, face_only: bool = False
    ) -> Iterator[Outcome]: ...
    def update_template(
        self, subject: Said, images: Sequence[Path], *, face_only: bool = False
    ) -> shown.TemplateUpdate: ...
    def update_template_with(self, subject: Said, vectors: ArrayLike) -> shown.GalleryFace: ...

    def identify(
        self, image: Path, *, top_k: int = 3, face_only: bool = False
    ) -> Sequence[shown.IdentifiedFace]: ...
    def identify_templates(
        self, vectors: ArrayLike, *, top_k: int = 3
    ) -> Sequence[shown.Identification]: ...
    def verify(
        self, image: str, subject: Said, *, face_only: bool = False
    ) -> shown.SubjectVerification: ...

    def subjects(
        self, text: str, attributes: Attributes, *, cursor: str | None = None, limit: int = 50
    ) -> Page[Enrollment]: ...
    def subject(self, said: Said) -> Enrollment: ...
    def faces(self, subject: Said) -> Sequence[shown.GalleryFace]: ...
    def duplicates(
        self,
        least: float | None = None,
        *,
        limit: int = 100,
        step: Callable[[int], None] | None = None,
    ) -> Sequence[Duplicate]: ...

    def set_policy(self, policy: ThresholdPolicy | None) -> Gallery: ...
    def change_subject(
        self, subject: Said, change: SubjectChange, *, expected_version: int | None = None
    ) -> Enrollment: ...
    def delete_subject(self, subject: Said) -> None: ...
    def restore_subject(self, subject_id: str) -> Enrollment: ...
    def delete_all_subjects(self) -> int: ...
    def delete_face(self, face_id: str) -> None: ...
    def merge(self, into: Said, *others: Said) -> Merge: ...
    def undo_merge(self, merge_id: str) -> Sequence[Enrollment]: ...
    def merges(self) -> Sequence[Merge]: ...
    def split(self, face_ids: Sequence[str], to: str) -> Enrollment: ...


class AllGalleries(Protocol):
    """All galleries of a store or a server."""

    def list(self) -> Sequence[Gallery]: ...
    def create(self, name: str, *, keep_crops: bool = False) -> OneGallery: ...
    def open(self, name: str) -> OneGallery: ...
    def open_or_create(self, name: str) -> OneGallery: ...
    def delete(self, name: str) -> None: ...
