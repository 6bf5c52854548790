"""What a store is asked to write or to look for, and what it answers to bulk writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vultus.domain.changes import UNCHANGED, NewSubject, Unchanged
from vultus.domain.face import Box, Quality
from vultus.domain.gallery import ThresholdPolicy
from vultus.domain.subject import (
    NOTHING,
    Attributes,
    check_attributes,
    check_name,
    meanings_of,
)
from vultus.domain.template import ModelId, Template
from vultus.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class NewGallery:
    """A gallery to create; meanings as in `Gallery`."""

    name: str
    model: ModelId
    dim: int
    keep_crops: bool = False
    policy: ThresholdPolicy | None = None

    def __post_init__(self) -> None:
        check_name(self.name)
        if self.dim < 1:
            raise InvalidValue("dim", f"templates of {self.dim} numbers cannot be compared")


@dataclass(frozen=True, slots=True)
class GalleryChange:
    """What to change of a gallery.

    `policy` and `fpir` are the fields of a `ThresholdPolicy` and change together; both None let the
    settings decide.
    """

    name: str | Unchanged = UNCHANGED
    keep_crops: bool | Unchanged = UNCHANGED
    policy: str | Unchanged | None = UNCHANGED
    fpir: float | Unchanged | None = UNCHANGED

    def __post_init__(self) -> None:
        if not isinstance(self.name, Unchanged):
            check_name(self.name)
        if isinstance(self.policy, Unchanged) or isinstance(self.fpir, Unchanged):
            if self.policy is not self.fpir:
                raise InvalidValue("policy", "it changes together with fpir")
        elif self.policy is not None:
            ThresholdPolicy(self.policy, self.fpir)
        elif self.fpir is not None:
            raise InvalidValue("fpir", "it goes with the policy fpir")


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
    faces: the same list can be enrolled again. With `by_name`, one without an external id is in the
    same way taken to be the only subject of its name.
    """

    subject: NewSubject | str
    faces: Sequence[NewFace] = ()
    by_name: bool = False


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
    by key, by one of their meanings: see `meanings_of`; `name` must character by character.
    """

    text: str = ""
    attributes: Attributes = field(default_factory=lambda: NOTHING, hash=False)
    name: str | None = None

    def __post_init__(self) -> None:
        for which in (0, -1):
            check_attributes({name: meanings[which] for name, meanings in self.wanted})

    @property
    def wanted(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        """Names of attributes, and the values each may have.

        Raises:
            InvalidValue: the attributes are none.
        """
        if not isinstance(self.attributes, Mapping):
            raise InvalidValue("attributes", "a JSON object is needed")
        try:
            named = self.attributes.items()
            return tuple((name, meanings_of(value)) for name, value in named)
        except (TypeError, ValueError, RecursionError) as error:
            raise InvalidValue("attributes", f"they are no JSON: {error}") from error


@dataclass(frozen=True, slots=True)
class Purged:
    """How much was removed for good; `expired` of the subjects were past their `retain_until`."""

    galleries: int
    subjects: int
    faces: int
    expired: int = 0
