"""Values of a gallery: what stands in the store."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vultus.domain.face import Box, Quality
from vultus.domain.subject import NOTHING, Subject
from vultus.domain.template import ModelId, Template
from vultus.errors import InvalidValue

POLICIES = ("fixed", "fpir")


@dataclass(frozen=True, slots=True)
class ThresholdPolicy:
    """How the threshold of searches follows the size of what is searched.

    `fixed` keeps one threshold. `fpir` raises it as subjects are added, so that at most a share
    `fpir` of strangers are named.
    """

    kind: str
    fpir: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in POLICIES:
            raise InvalidValue("policy", f"{self.kind!r} is none of {', '.join(POLICIES)}")
        if (self.kind == "fpir") != (self.fpir is not None):
            raise InvalidValue("policy", "the policy fpir, and no other, needs a share: fpir")
        if self.fpir is not None and not 0 < self.fpir < 1:
            raise InvalidValue("fpir", f"{self.fpir} is no share between 0 and 1, such as 0.01")


FIXED = ThresholdPolicy("fixed")


@dataclass(frozen=True, slots=True)
class Gallery:
    """A named set of subjects that a probe is searched in.

    Every template in it was made by `model` and has `dim` numbers. `revision` rises by one with
    each change of it; an index that has seen the same revision is up to date. Without a `policy` of
    its own the settings' holds.
    """

    id: str
    name: str
    model: ModelId
    dim: int
    keep_crops: bool
    revision: int
    created_at: datetime
    policy: ThresholdPolicy | None = None


@dataclass(frozen=True, slots=True)
class GalleryCounts:
    """How many live subjects and faces a gallery has."""

    subjects: int
    faces: int


@dataclass(frozen=True, slots=True)
class Enrollment:
    """A subject as it stands in a gallery.

    `version` rises with each change of what is said here, and of its faces.
    """

    subject: Subject
    gallery_id: str
    consent: str | None
    retain_until: date | None
    version: int
    face_count: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class GalleryFace:
    """One enrolled face.

    `weight` says of how many templates its own is the mean, 1 for a photo, and `resultant` how
    long their sum is: at most `weight`, and the shorter the more they differ. The sum itself is
    `template.vector * resultant`, so that a mean goes on without them; `running` marks the one
    that `Store.update_template` goes on with. `source_digest` is the SHA-256 of the image it came
    from; `crop` names a blob, if one is kept.
    """

    id: str
    subject_id: str
    template: Template
    weight: int
    quality: Quality | None
    box: Box | None
    source_digest: str | None
    crop: str | None
    created_at: datetime
    resultant: float = 1.0
    running: bool = False

    @property
    def model(self) -> ModelId:
        """What made the template."""
        return self.template.model


@dataclass(frozen=True, slots=True)
class EnrolledSubject:
    """A subject with all of its faces, in the order they were added.

    `folded_sources` names the source digests that went into a running mean, by the id of its face.
    """

    enrollment: Enrollment
    faces: tuple[GalleryFace, ...]
    folded_sources: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: NOTHING, hash=False
    )


@dataclass(frozen=True, slots=True, eq=False)
class SubjectTemplates:
    """Subjects with the templates of their faces: `subjects[i]` has the rows from `starts[i]` on.

    Of each row, `face_ids` (T,) names the face, `vectors` (T, D) float32 is its template, and
    `resultants` (T,) float32 are as `GalleryFace.resultant`. Every subject has at least one.
    """

    subjects: tuple[Subject, ...]
    starts: NDArray[np.int64]
    face_ids: tuple[str, ...]
    vectors: NDArray[np.float32]
    resultants: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Merge:
    """The subjects `others` became one with the subject `into`."""

    id: str
    into: str
    others: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two subjects that may be one person, told from their two most similar faces."""

    first: Subject
    second: Subject
    similarity: float
    probability: float | None
    first_face_id: str
    second_face_id: str


@dataclass(frozen=True, slots=True, eq=False)
class TemplateChanges:
    """What happened to the templates of a gallery after some revision, up to `revision`.

    `keys` (N,) int64 name faces (unique in a store, never used again), `subjects` (N,) int64 their
    subjects, `vectors` (N, D) float32 their templates: set these. `removed` (M,) int64 are keys of
    faces that are gone, or never came. A face is in at most one of the two; applying the same
    changes twice is the same as once. `complete` is False when more follow.
    """

    revision: int
    keys: NDArray[np.int64]
    subjects: NDArray[np.int64]
    vectors: NDArray[np.float32]
    removed: NDArray[np.int64]
    complete: bool


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Who did what to whom, and when. Never holds a template, an image or a key."""

    sequence: int
    at: datetime
    actor: str
    action: str
    gallery_id: str | None
    subject_id: str | None
    details: Mapping[str, Any]
