"""Every setting, declared once.

A setting `detect.min_face_px` is read from the environment as `VULTUS_DETECT__MIN_FACE_PX`.
"""

import os
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from vultus.environment import from_environment, merged
from vultus.errors import SettingInvalid

MEBIBYTE = 1024 * 1024


class Group(BaseModel):
    """Base of the groups of settings: frozen, and no name that is not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DecodeSettings(Group):
    """What is refused before an image is decoded."""

    max_bytes: int = Field(30 * MEBIBYTE, gt=0, description="largest file, in bytes")
    max_pixels: int = Field(
        50_000_000, gt=0, le=89_478_485, description="largest width times height"
    )
    max_side_px: int = Field(16_384, gt=0, description="longest side, in pixels")
    max_frames: int = Field(1_000, gt=0, description="most frames of an animation")


class DetectSettings(Group):
    """How faces are found."""

    min_face_px: int = Field(
        40, ge=12, description="smallest face looked for, shorter side in pixels as detected"
    )
    long_side_px: int = Field(
        1920, ge=64, description="larger images are shrunk to this long side for detection"
    )
    max_faces: int = Field(
        0, ge=0, description="keep at most so many faces, the largest; 0 keeps all"
    )
    order: Literal["left_to_right", "largest_first"] = Field(
        "left_to_right", description="order in which faces are given"
    )


class QualitySettings(Group):
    """What a good picture of a face is."""

    policy: Literal["off", "standard", "strict"] = Field(
        "standard", description="how much is asked of a face; `off` names no reasons"
    )


class InferenceSettings(Group):
    """How networks run."""

    provider: str = Field(
        "CPUExecutionProvider",
        description="execution provider of ONNX Runtime; never replaced silently",
    )
    threads: int = Field(0, ge=0, description="threads per network; 0 lets ONNX Runtime choose")
    optimization: Literal["off", "basic", "extended", "all"] = Field(
        "all", description="level of ONNX Runtime's graph optimisation"
    )
    batch_size: int = Field(32, ge=1, description="most chips in one call of the embedder")


class MatchSettings(Group):
    """When two templates count as one person."""

    threshold: float | None = Field(
        None, ge=-1, le=1, description="least similarity of a match; unset: the pack's own"
    )
    uncertain_from: float | None = Field(
        None, ge=-1, le=1, description="lower end of the grey zone; unset: the pack's own"
    )


class StoreSettings(Group):
    """Where galleries are kept."""

    url: SecretStr | None = Field(
        None,
        description="`sqlite:///…` or `postgresql://…`; unset: the file vultus.db in the home",
    )
    timeout_s: float = Field(
        30.0, gt=0, description="longest wait for others that write, and for a connection"
    )
    retention_days: int = Field(
        30, ge=0, description="so long what was deleted can be restored; then a purge removes it"
    )


class BlobSettings(Group):
    """Where crops of photos are kept, if a gallery keeps any."""

    url: str | None = Field(
        None, description="a directory or `s3://bucket/prefix`; unset: the folder blobs in the home"
    )
    endpoint_url: str | None = Field(
        None, description="where a server of S3's protocol other than Amazon's answers"
    )


class GallerySettings(Group):
    """What commands and calls mean that name no gallery, and what enrolling does."""

    default: str = Field("default", description="name of the gallery that is meant by none")
    lookalikes: Literal["refuse", "note", "ignore"] = Field(
        "note", description="what is done about a photo that looks like another subject"
    )


class SearchSettings(Group):
    """What searches galleries, and how."""

    kind: Literal["faiss", "exact", "pgvector", "elasticsearch"] = Field(
        "faiss", description="what searches: in memory, in PostgreSQL, or on a cluster"
    )
    graph_from: int | None = Field(
        None,
        ge=1,
        description="templates from which on a graph (HNSW) is searched, which may miss a subject",
    )
    links: int | None = Field(
        None, ge=2, le=512, description="links of a template in the graph (M)"
    )
    build_width: int | None = Field(
        None, ge=4, le=1_000, description="candidates when the graph is built (efConstruction)"
    )
    search_width: int | None = Field(
        None,
        ge=1,
        le=1_000,
        description="candidates when it is searched (efSearch); more find more",
    )
    threads: int = Field(0, ge=0, description="threads for a batch of probes; 0 takes all cores")
    elasticsearch_url: str = Field("http://localhost:9200", description="where the cluster answers")
    elasticsearch_api_key: SecretStr | None = Field(
        None, description="key of the cluster, as it shows it: encoded"
    )


class Settings(Group):
    """All settings of Vultus."""

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("vultus", appauthor=False)),
        description="directory of everything Vultus keeps on this machine",
    )
    pack: str = Field("dlib", description="model pack: a name, or the path of a pack's directory")
    decode: DecodeSettings = DecodeSettings()
    detect: DetectSettings = DetectSettings()
    quality: QualitySettings = QualitySettings()
    inference: InferenceSettings = InferenceSettings()
    match: MatchSettings = MatchSettings()
    gallery: GallerySettings = GallerySettings()
    store: StoreSettings = StoreSettings()
    blobs: BlobSettings = BlobSettings()
    search: SearchSettings = SearchSettings()


def load_settings(**given: Any) -> Settings:
    """Read the settings: `given` first, then the environment, then the defaults.

    Raises:
        SettingInvalid: a value is not what the setting takes.
    """
    known = _names(Settings)
    try:
        return Settings(**merged(from_environment(os.environ, known), given))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise SettingInvalid(".".join(map(str, first["loc"])), first["msg"]) from error


def _names(group: type[BaseModel]) -> dict[str, Any]:
    """Names of the settings of a group; those of a group in it lead to its own names."""
    kinds = {name: field.annotation for name, field in group.model_fields.items()}
    return {
        name: _names(kind) if isinstance(kind, type) and issubclass(kind, Group) else None
        for name, kind in kinds.items()
    }
