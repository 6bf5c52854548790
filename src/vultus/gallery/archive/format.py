"""What stands in an archive.

An archive is a ZIP file. `manifest.json` names the gallery and every other file with its size and
SHA-256. The subjects lie in parts of a few thousand faces each:

    manifest.json
    part-00000/subjects.jsonl   a subject per line, with its faces; a face names its row in
    part-00000/templates.npz    `vectors` (N, D) float32, rows of L2 norm 1
    part-00000/crops.npz        `ends` (C,) int64, `data` uint8: the JPEG files of the faces that
                                have one, in the order of the lines, one after the other
"""

from datetime import date
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

FORMAT: Final = "vultus-gallery"
NEWEST: Final = 2
MANIFEST: Final = "manifest.json"

MAX_MANIFEST_BYTES = 64 * 1024**2
MAX_FILE_BYTES = 1024**3
"""Most bytes of one file of a part, unpacked."""

Id = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
Digest = Annotated[str, Field(min_length=1, max_length=255)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0)]


class Record(BaseModel):
    """Base of everything in an archive: checked strictly, and no field that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class FileRecord(Record):
    """A file of the archive, as it is unpacked."""

    size_bytes: Annotated[int, Field(ge=0, le=MAX_FILE_BYTES)]
    sha256: Sha256


class ModelRecord(Record):
    """The pack that made the templates."""

    pack: str
    version: str


class PolicyRecord(Record):
    """How the threshold follows the size; fields as in `ThresholdPolicy`."""

    kind: Literal["fixed", "fpir"]
    fpir: Annotated[float, Field(gt=0, lt=1)] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.kind == "fpir") != (self.fpir is not None):
            raise ValueError("the policy fpir, and no other, has a share")
        return self


class GalleryRecord(Record):
    """The gallery as it was; a version 1 had no `policy`."""

    name: str
    model: ModelRecord
    dim: Annotated[int, Field(ge=1, le=65_536)]
    keep_crops: bool
    policy: PolicyRecord | None = None


class PartRecord(Record):
    """The files of a part; `crops` only where a face has one."""

    subjects: FileRecord
    templates: FileRecord
    crops: FileRecord | None


class ManifestRecord(Record):
    """The whole archive."""

    format: Literal["vultus-gallery"]
    version: Literal[1, 2]
    made_by: str
    gallery: GalleryRecord
    subjects: Count
    faces: Count
    parts: tuple[PartRecord, ...]


class QualityRecord(Record):
    """How good a picture a face came from."""

    score: float
    reasons: tuple[str, ...]


class FaceRecord(Record):
    """A face; its template is the row `row` of the part's `vectors`.

    `folded_sources` are the digests of the images that went into a running mean.
    """

    id: Id
    row: Count
    weight: Annotated[int, Field(ge=1)]
    resultant: float
    running: bool
    quality: QualityRecord | None
    box: tuple[float, float, float, float] | None
    source_digest: Digest | None
    folded_sources: tuple[Digest, ...]
    has_crop: bool
    created_at: AwareDatetime


class SubjectRecord(Record):
    """A subject with its faces, in the order they were added."""

    id: Id
    name: str
    external_id: str | None
    attributes: dict[str, Any]
    consent: str | None
    retain_until: date | None
    version: Annotated[int, Field(ge=1)]
    created_at: AwareDatetime
    updated_at: AwareDatetime
    faces: tuple[FaceRecord, ...]


def file_name(part: int, role: str) -> str:
    """Where a file of a part lies; `role` is a field of `PartRecord`."""
    ending = "jsonl" if role == "subjects" else "npz"
    return f"part-{part:05}/{role}.{ending}"
