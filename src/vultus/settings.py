"""Every setting, declared once.

A setting `detect.min_face_px` is read from the environment as `VULTUS_DETECT__MIN_FACE_PX`, and
from a file as `min_face_px` below `[detect]`.
"""

import os
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from vultus.config_file import config_file, from_file
from vultus.environment import Tree, from_environment, merged, names_in
from vultus.errors import SettingInvalid

MEBIBYTE = 1024 * 1024


class Group(BaseModel):
    """Base of the groups of settings: frozen, and no name that is not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _listed(value: object) -> object:
    """Text of an environment variable as the list that it stands for."""
    return value.split(",") if isinstance(value, str) else value


Confidence = Annotated[float, Field(gt=0, lt=1)]


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
    min_confidence: Confidence | None = Field(
        None, description="least confidence of a face; unset: the detector's own"
    )
    stage_thresholds: Annotated[
        tuple[Confidence, Confidence, Confidence] | None, BeforeValidator(_listed)
    ] = Field(
        None,
        description="what the three networks of mtcnn let pass; unset: the detector's own",
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
    threads: int = Field(
        0,
        ge=0,
        description="threads per network, and of OpenCV in this process; 0 lets both choose",
    )
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
    policy: Literal["fixed", "fpir"] = Field(
        "fixed", description="whether the threshold of searches rises with the gallery's size"
    )
    fpir: float = Field(
        0.01, gt=0, lt=1, description="most strangers to name under the policy fpir, as a share"
    )
    prior: float | None = Field(
        None, gt=0, lt=1, description="share of pairs of one person that probabilities assume"
    )


class StoreSettings(Group):
    """Where galleries are kept."""

    url: SecretStr | None = Field(
        None,
        description="`sqlite:///…` or `postgresql://…`; unset: the file vultus.db in the home",
    )
    timeout_s: float = Field(
        30.0, gt=0, description="longest wait for other writers, and for a connection"
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


class ClientSettings(Group):
    """A server that commands work on in place of this machine's store."""

    server: str | None = Field(None, description="address of the server, as https://host:port")
    key: SecretStr | None = Field(None, description="key for that server")
    timeout_s: float = Field(
        60.0, gt=0, description="longest wait for an answer, and for each part of it"
    )
    retries: int = Field(
        4, ge=0, description="so many times a request is sent again when the server cannot take it"
    )


class ServiceSettings(Group):
    """How `vultus serve` serves, and what it refuses."""

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65_535, description="port to listen on; 0 takes any free one")
    processes: int = Field(
        1, ge=1, description="processes side by side; each has models and indexes of its own"
    )
    threads: int = Field(
        0, ge=0, description="images worked on at once by a process; 0 shares out the cores"
    )
    store_threads: int = Field(
        8, ge=1, description="requests that only ask or change the store, worked on at once"
    )
    queue: int = Field(64, ge=0, description="requests of each kind that may wait for a thread")
    connections: int | None = Field(
        None,
        ge=1,
        description="most connections of a process; unset: 256 more than may be worked on or wait",
    )
    time_limit_s: float = Field(
        60.0, gt=0, description="longest a request may take to arrive, and to be done"
    )
    long_time_limit_s: float = Field(
        3600.0, gt=0, description="the same for archives, purges, and the care of an index"
    )
    max_body_bytes: int = Field(64 * MEBIBYTE, gt=0, description="largest request, in bytes")
    max_archive_bytes: int = Field(
        4096 * MEBIBYTE, gt=0, description="largest archive of a gallery that is sent, in bytes"
    )
    bodies_bytes: int = Field(
        512 * MEBIBYTE, gt=0, description="most bytes that all requests may take at once"
    )
    max_images: int = Field(32, ge=1, description="most images of one request")
    rate_limit: str = Field(
        "200/second", description="most requests of one key, as 20/second;600/minute; off: any"
    )
    address_rate_limit: str = Field(
        "200/second", description="most requests from one address, written alike; off: any"
    )
    cors_origins: Annotated[tuple[str, ...] | None, BeforeValidator(_listed)] = Field(
        None, description="websites whose pages may call the service, as https://host; unset: none"
    )
    trusted_proxies: str | None = Field(
        None, description="addresses of proxies that are believed who calls; unset: none"
    )
    answers_kept_h: float = Field(
        24.0, gt=0, description="how long an answer is kept for its Idempotency-Key, in hours"
    )
    pepper: SecretStr | None = Field(
        None, description="secret that digests of keys are made with; unset: the home's own"
    )
    log: Literal["plain", "json"] = Field("plain", description="form of the log")


class CompatSettings(Group):
    """Façades: as which other systems the service answers, and with which gallery."""

    infer: bool = Field(
        True, description="answer at `/infer`, `/generate`, `/embedding`, `/detect`"
    )
    infer_gallery: str | None = Field(
        None, description="gallery of `/infer`; unset: the setting gallery.default"
    )
    infer_templates: bool = Field(False, description="give templates in the answers of `/infer`")
    index: bool = Field(True, description="answer at `/api/v1/index` and `/api/v1/recognize`")
    index_gallery: str | None = Field(
        None, description="gallery of `/api/v1/index`; unset: the setting gallery.default"
    )
    compreface: bool = Field(True, description="answer as CompreFace does")
    compreface_gallery: str | None = Field(
        None, description="gallery of CompreFace's clients; unset: the setting gallery.default"
    )
    similarity: Literal["probability", "cosine"] = Field(
        "probability", description="what CompreFace's clients get for `similarity`, from 0 to 1"
    )
    allowed_hosts: Annotated[tuple[str, ...] | None, BeforeValidator(_listed)] = Field(
        None, description="hosts that images may be fetched from, as host or host:port"
    )
    fetch_timeout_s: float = Field(
        10.0, gt=0, description="longest time to fetch an image, redirects included"
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
    client: ClientSettings = ClientSettings()
    service: ServiceSettings = ServiceSettings()
    compat: CompatSettings = CompatSettings()


def load_settings(**given: Any) -> Settings:
    """Read the settings: `given` first, then environment, file and defaults.

    Raises:
        SettingInvalid: a value is not what the setting takes, or there is no such setting.
        ConfigUnreadable: the file cannot be read.
    """
    return _made(merged(_found(), given))


def settings_with_origins(**given: Any) -> tuple[Settings, dict[str, str]]:
    """Read the settings, and say where each comes from, by its name as in `detect.min_face_px`.

    Errors as for `load_settings`.
    """
    file, known = config_file(os.environ), _names(Settings)
    sources = {
        "default": known,
        str(file): from_file(file, known) if file else {},
        "environment": from_environment(os.environ, known),
        "command line": given,
    }
    origins = {name: origin for origin, tree in sources.items() for name in names_in(tree)}
    return load_settings(**given), origins


def _found() -> Tree:
    known = _names(Settings)
    file = config_file(os.environ)
    written = from_file(file, known) if file else {}
    return merged(written, from_environment(os.environ, known))


def _made(tree: Tree) -> Settings:
    try:
        return Settings(**tree)
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
