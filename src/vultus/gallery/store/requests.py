"""What a store is asked to write or to look for, and what it answers to bulk writes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Final, Generic, TypeVar

from vultus.domain.face import Box, Quality
from vultus.domain.subject import (
    NOTHING,
    Attributes,
    check_attributes,
    check_external_id,
    check_name,
    check_text,
)
from vultus.domain.template import ModelId, Template
from vultus.errors import InvalidValue

T = TypeVar("T")

MAX_CONSENT = 4_000
"""Most characters of a note of consent."""


class Unchanged(Enum):
    """Stands in a change for a field that stays as it is."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


@dataclass(frozen=True, slots=True)
class NewGallery:
    """A gallery to create; meanings as in `Gallery`."""

    name: str
    model: ModelId
    dim: int
    keep_crops: bool = False

    def __post_init__(self) -> None:
        check_name(self.name)
        if self.dim < 1:
            raise InvalidValue("dim", f"templates of {self.dim} numbers cannot be compared")


@dataclass(frozen=True, slots=True)
class GalleryChange:
    """What to change of a gallery."""

    name: str | Unchanged = UNCHANGED
    keep_crops: bool | Unchanged = UNCHANGED

    def __post_init__(self) -> None:
        if not isinstance(self.name, Unchanged):
            check_name(self.name)


@dataclass(frozen=True, slots=True)
class NewSubject:
    """A subject to create; meanings as in `Subject` and `Enrollment`."""

    name: str
    external_id: str | None = None
    attributes: Attributes = field(default_factory=lambda: NOTHING, hash=False)
    consent: str | None = None
    retain_until: date | None = None

    def __post_init__(self) -> None:
        check_name(self.name)
        check_attributes(self.attributes)
        if self.external_id is not None:
            check_external_id(self.external_id)
        if self.consent is not None:
            check_text("consent", self.consent, MAX_CONSENT)


@dataclass(frozen=True, slots=True)
class SubjectChange:
    """What to change of a subject; None takes a value away, UNCHANGED leaves it."""

    name: str | Unchanged = UNCHANGED
    external_id: str | Unchanged | None = UNCHANGED
    attributes: Attributes | Unchanged = field(default=UNCHANGED, hash=False)
    consent: str | Unchanged | None = UNCHANGED
    retain_until: date | Unchanged | None = UNCHANGED

    def __post_init__(self) -> None:
        if not isinstance(self.name, Unchanged):
            check_name(self.name)
        if not isinstance(self.attributes, Unchanged):
            check_attributes(self.attributes)
        if isinstance(self.external_id, str):
            check_external_id(self.external_id)
        if isinstance(self.consent, str):
            check_text("consent", self.consent, MAX_CONSENT)


@dataclass(frozen=True, slots=True)
class NewFace:
    """A face to add to a subject; meanings as in `GalleryFace`.

    `source_digest` makes adding idempotent: a subject never holds two faces of one digest. A ready
    template may carry the digest of its own bytes.
    """

    template: Template
    quality: Quality | None = None
    box: Box | None = None
    source_digest: str | None = None
    crop: str | None = None


@dataclass(frozen=True, slots=True)
class Enrolling:
    """Faces to add to one subject.

    `subject` is the id of one that stands in the gallery, or a new one. A new one whose external id
    is already known in the gallery is taken to be that subject, which stays as it is and gets the
    faces: the same list can be enrolled again.
    """

    subject: NewSubject | str
    faces: Sequence[NewFace] = ()


@dataclass(frozen=True, slots=True)
class StoredFace:
    """What became of a face to add: `added`, or the subject had one of the same digest already."""

    id: str
    added: bool


@dataclass(frozen=True, slots=True)
class StoredSubject:
    """What became of one `Enrolling`; `faces` in the order they were given."""

    subject_id: str
    created: bool
    faces: tuple[StoredFace, ...]


@dataclass(frozen=True, slots=True)
class KnownFace:
    """A face that was made from an image of a known digest."""

    face_id: str
    subject_id: str


@dataclass(frozen=True, slots=True)
class SubjectQuery:
    """Which subjects to list. Empty: all.

    `text` is looked for in name, external id and attribute values: every word of it must begin a
    word there; where nobody has them all, words with a typo are found. `attributes` must equal, key
    by key, and `name` character by character.
    """

    text: str = ""
    attributes: Attributes = field(default_factory=lambda: NOTHING, hash=False)
    name: str | None = None

    def __post_init__(self) -> None:
        check_attributes(self.attributes)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list in stable order; `cursor` asks for the next page, None at the end."""

    items: tuple[T, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Purged:
    """How much was removed for good."""

    galleries: int
    subjects: int
    faces: int
