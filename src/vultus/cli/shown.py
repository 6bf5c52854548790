"""What commands show, whether it was answered on this machine or by a server."""

# ruff: noqa: D102 - a class says what its members mean.

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from vultus.domain.candidate import Candidate
from vultus.domain.face import AssessedFace, Box, Quality
from vultus.domain.gallery import Gallery
from vultus.domain.outcome import Refused
from vultus.domain.subject import Subject
from vultus.domain.template import ModelId


class Threshold(Protocol):
    """A threshold with its history."""

    @property
    def similarity(self) -> float: ...
    @property
    def origin(self) -> str: ...
    @property
    def fmr(self) -> float | None: ...
    @property
    def protocol(self) -> str | None: ...


class Comparison(Protocol):
    """Whether two things show one person; `decision` is match, uncertain or unknown."""

    @property
    def similarity(self) -> float: ...
    @property
    def probability(self) -> float | None: ...
    @property
    def decision(self) -> str: ...
    @property
    def reasons(self) -> Sequence[str]: ...
    @property
    def threshold(self) -> Threshold: ...
    @property
    def model(self) -> ModelId: ...


class Verification(Comparison, Protocol):
    """Whether two photos show one person."""

    @property
    def first(self) -> AssessedFace: ...
    @property
    def second(self) -> AssessedFace: ...


class SubjectVerification(Comparison, Protocol):
    """Whether a photo shows a subject; `face_id` names its most similar face."""

    @property
    def subject(self) -> Subject: ...
    @property
    def face(self) -> AssessedFace: ...
    @property
    def face_id(self) -> str: ...


class Identification(Protocol):
    """Who a probe is; `decision` as for `Comparison`."""

    @property
    def candidates(self) -> Sequence[Candidate]: ...
    @property
    def subject(self) -> Subject | None: ...
    @property
    def similarity(self) -> float | None: ...
    @property
    def probability(self) -> float | None: ...
    @property
    def decision(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def threshold(self) -> Threshold: ...


class IdentifiedFace(Identification, Protocol):
    """Who a face of an image is."""

    @property
    def face(self) -> AssessedFace: ...
    @property
    def model(self) -> ModelId: ...


class GalleryFace(Protocol):
    """An enrolled face, without its template; meanings as for the domain's."""

    @property
    def id(self) -> str: ...
    @property
    def model(self) -> ModelId: ...
    @property
    def weight(self) -> int: ...
    @property
    def running(self) -> bool: ...
    @property
    def quality(self) -> Quality | None: ...
    @property
    def box(self) -> Box | None: ...
    @property
    def source_digest(self) -> str | None: ...
    @property
    def crop(self) -> str | None: ...
    @property
    def created_at(self) -> datetime: ...


class TemplateUpdate(Protocol):
    """What became of an update: the running mean as it is now, and the photos that gave none."""

    @property
    def mean(self) -> GalleryFace | None: ...
    @property
    def refused(self) -> Sequence[Refused]: ...


class Imported(Protocol):
    """What an import added: `subjects` of the archive's `of`."""

    @property
    def gallery(self) -> Gallery: ...
    @property
    def subjects(self) -> int: ...
    @property
    def of(self) -> int: ...


class Purged(Protocol):
    """How much was removed for good; `expired` of the subjects had been kept long enough."""

    @property
    def galleries(self) -> int: ...
    @property
    def subjects(self) -> int: ...
    @property
    def faces(self) -> int: ...
    @property
    def expired(self) -> int: ...


class IndexStatus(Protocol):
    """How an index stands to its gallery; `lag` is how many changes it is behind."""

    @property
    def templates(self) -> int: ...
    @property
    def revision(self) -> int: ...
    @property
    def store_revision(self) -> int: ...
    @property
    def lag(self) -> int: ...


class IndexCheck(Protocol):
    """Where an index and its store disagree, by the keys of faces."""

    @property
    def clean(self) -> bool: ...
    @property
    def settled(self) -> bool: ...
    @property
    def templates(self) -> int: ...
    @property
    def revision(self) -> int: ...
    @property
    def missing(self) -> Sequence[int]: ...
    @property
    def extra(self) -> Sequence[int]: ...
    @property
    def different(self) -> Sequence[int]: ...
    @property
    def problem(self) -> str | None: ...


class CheckedIndex(Protocol):
    """A check, with the ids of the faces that it names by their keys."""

    @property
    def check(self) -> IndexCheck: ...
    @property
    def face_ids(self) -> Mapping[int, str]: ...
