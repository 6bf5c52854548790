"""What a server answers, where it tells less than the library: it gives no enrolled template."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from vultus.domain.candidate import Candidate
from vultus.domain.face import AssessedFace, Box, Quality
from vultus.domain.gallery import Gallery
from vultus.domain.outcome import Refused
from vultus.domain.subject import Subject
from vultus.domain.template import ModelId


@dataclass(frozen=True, slots=True)
class Threshold:
    """The similarity that makes a match, and where it comes from.

    `fmr` is the false match rate measured there on `protocol`, None where nobody measured. `origin`
    is `pack`, `setting`, `policy` or `call`.
    """

    similarity: float
    origin: str
    fmr: float | None
    protocol: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether two things show one person.

    `similarity` is their cosine in [-1, 1]. `probability` that they are one person is None while
    the pack carries no calibration. `decision` is `match`, `uncertain` or `unknown`, and `reasons`
    are sentences for people.
    """

    similarity: float
    probability: float | None
    decision: str
    reasons: tuple[str, ...]
    threshold: Threshold
    model: ModelId


@dataclass(frozen=True, slots=True)
class Verification(Comparison):
    """The answer to whether two photos show one person, told from one face of each."""

    first: AssessedFace
    second: AssessedFace


@dataclass(frozen=True, slots=True)
class SubjectVerification(Comparison):
    """The answer to whether a photo shows `subject`; `face_id` names its most similar face."""

    subject: Subject
    face: AssessedFace
    face_id: str


@dataclass(frozen=True, slots=True)
class Identification:
    """Who a probe is. `candidates` come best first, `similarity` and `probability` are the best's.

    `subject` is None unless `decision` is `match`; else that is `uncertain` or `unknown`.
    """

    candidates: tuple[Candidate, ...]
    subject: Subject | None
    similarity: float | None
    probability: float | None
    decision: str
    reason: str
    threshold: Threshold
    model: ModelId


@dataclass(frozen=True, slots=True)
class IdentifiedFace(Identification):
    """Who a face of an image is."""

    face: AssessedFace


@dataclass(frozen=True, slots=True)
class EnrolledFace:
    """One enrolled face. `weight` says of how many templates its own is the mean.

    `running` marks the mean that template updates go on with. `source_digest` is the SHA-256 of the
    image it came from. `crop` is None: a server keeps to itself where crops are.
    """

    id: str
    subject_id: str
    model: ModelId
    weight: int
    running: bool
    quality: Quality | None
    box: Box | None
    source_digest: str | None
    created_at: datetime
    crop: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import added: `subjects` of the archive's `of`; the others were there already."""

    gallery: Gallery
    subjects: int
    of: int


@dataclass(frozen=True, slots=True)
class Purged:
    """How much was removed for good; `expired` of the subjects had been kept long enough."""

    galleries: int
    subjects: int
    faces: int
    expired: int


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """How the server's index of a gallery stands to it; `lag` is how many changes it is behind."""

    templates: int
    revision: int
    store_revision: int
    lag: int


@dataclass(frozen=True, slots=True)
class IndexCheck:
    """Where the server's index and store disagree: keys of faces.

    `missing` are in the store alone, `extra` in the index alone, `different` in both with another
    template or subject. Unless it is `settled`, the gallery was written to all the time. `problem`
    says what is wrong with the index as a whole.
    """

    clean: bool
    settled: bool
    templates: int
    revision: int
    missing: tuple[int, ...]
    extra: tuple[int, ...]
    different: tuple[int, ...]
    problem: str | None


@dataclass(frozen=True, slots=True)
class CheckedIndex:
    """A check, with the ids of the faces that it names by their keys; those gone are left out."""

    check: IndexCheck
    face_ids: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class TemplateUpdate:
    """What became of an update: the running mean as it is, or None when every photo was refused."""

    mean: EnrolledFace | None
    refused: tuple[Refused, ...]
