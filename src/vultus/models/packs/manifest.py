"""`manifest.json`: what a pack is, as data. Schema 1; `docs/packs.md` describes every field.

A manifest stands in two places. The *shipped* one says how each network is obtained (`build` over
`artifacts`). The *installed* one, beside the network files, also carries the SHA-256 and size of
each, so that what runs is what was installed.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from vultus.domain.template import ModelId
from vultus.errors import PackInvalid

SCHEMA = 1
MANIFEST = "manifest.json"
CLOSEST_PX = 1
"""Two of the five points lie at least so far apart."""

NAME_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,63}$"

# What JSON says is taken as it stands: "yes" is no flag, and "128" no number.
Number = Annotated[float, Field(strict=True)]
Whole = Annotated[int, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]

Point = tuple[Number, Number]
FivePoints = tuple[Point, Point, Point, Point, Point]


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty")
    return text


def _not_zero(factor: float) -> float:
    if factor == 0:
        raise ValueError("it is 0, which makes all pixels alike")
    return factor


def _apart(points: FivePoints) -> FivePoints:
    if any(math.dist(one, other) < CLOSEST_PX for one, other in combinations(points, 2)):
        raise ValueError("two of the points coincide")
    return points


Text = Annotated[str, AfterValidator(_not_blank)]
Factor = Annotated[Number, AfterValidator(_not_zero)]
Points = Annotated[FivePoints, AfterValidator(_apart)]
Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
FileName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$")
]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Knots = Annotated[tuple[Number, ...], Field(min_length=2, max_length=1_000)]
Probability = Annotated[Number, Field(gt=0, lt=1)]
DetectorKind = Literal["mtcnn", "yunet"]
Importer = Literal["mtcnn", "yunet", "dlib-resnet"]

ROLES: Mapping[DetectorKind, frozenset[str]] = {
    "mtcnn": frozenset({"proposal", "refine", "output"}),
    "yunet": frozenset({"detect"}),
}


class Part(BaseModel):
    """Base of every part of a manifest: frozen, and no field that the schema does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Licence(Part):
    """Under what terms a file may be used."""

    spdx: Text = Field(description="SPDX identifier, or LicenseRef-… where there is none")
    commercial_use: Flag = Field(description="whether it allows commercial use")
    notice: str = Field(default="", description="a sentence to show with it")


class Artifact(Part):
    """A file to fetch, exactly as its publisher made it."""

    source: str = Field(description="address: pypi:…, https:… or file:…")
    sha256: Sha256
    size_bytes: Whole = Field(gt=0)


class Build(Part):
    """How a network is made from artifacts."""

    importer: Literal["copy"] | Importer
    artifact: str = Field(description="name of the artifact it is made from")


class NetworkFile(Part):
    """An ONNX file of the pack."""

    file: FileName
    licence: Licence
    origin: Text = Field(description="who made it, and from what")
    build: Build | None = Field(default=None, description="absent: the file itself is in the pack")
    sha256: Sha256 | None = Field(default=None, description="of the file; set when installed")
    size_bytes: Whole | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _pinned_whole(self) -> Self:
        if (self.sha256 is None) != (self.size_bytes is None):
            raise ValueError("sha256 and size_bytes come together")
        return self


class DetectorPart(Part):
    """The detector of the pack: its kind, and a network for each of its roles."""

    kind: DetectorKind
    networks: dict[str, str] = Field(description="role → key in `networks`")

    @model_validator(mode="after")
    def _roles_match(self) -> Self:
        if set(self.networks) != ROLES[self.kind]:
            raise ValueError(f"{self.kind} needs networks for {sorted(ROLES[self.kind])}")
        return self


class InputPart(Part):
    """What the embedder's network takes: `(pixel - mean) * scale`, per channel."""

    width: Whole = Field(gt=0, le=1024)
    height: Whole = Field(gt=0, le=1024)
    colour: Literal["rgb", "bgr"]
    layout: Literal["nchw", "nhwc"] = "nchw"
    mean: tuple[Number, Number, Number] = Field(description="in the order of `colour`")
    scale: tuple[Factor, Factor, Factor] = Field(description="in the order of `colour`")


class EmbedderPart(Part):
    """The embedder of the pack."""

    network: str = Field(description="key in `networks`")
    input: InputPart
    points: dict[DetectorKind, Points] = Field(
        description="per detector, where its five points belong in the chip, in pixels"
    )
    dim: Whole = Field(gt=0, le=4096)
    metric: Literal["cosine", "euclidean"] = Field(
        default="cosine", description="how its makers compare its templates"
    )
    mirror: Flag = Field(default=False, description="average with the mirrored chip")

    @model_validator(mode="after")
    def _points_near_the_chip(self) -> Self:
        for kind, points in self.points.items():
            for number, (x, y) in enumerate(points):
                if not (_is_near(x, self.input.width) and _is_near(y, self.input.height)):
                    problem = "it lies further from the chip than the chip is large"
                    raise _fault(problem, "points", kind, number)
        return self


class RatePart(Part):
    """A rate at each similarity of its table, with the bounds of its 95 % interval."""

    value: Knots
    low: Knots
    high: Knots


class SpreadPart(Part):
    """How much strangers differ in how easily they match."""

    shape: Number = Field(gt=0, description="at an FMR of 0.001; the less, the more they differ")
    power: Number = Field(ge=0, le=1, description="of the FMR, by which the shape changes")


class RatesPart(Part):
    """How often thresholds err: what a gallery's threshold follows from as it grows."""

    similarities: Knots = Field(description="rising")
    fmr: RatePart = Field(description="false match rates, falling, above 0")
    fnmr: RatePart = Field(description="false non-match rates, rising")
    spread: SpreadPart
    people: Whole = Field(gt=0, description="of how many people the photos were")
    protocol: str = Field(min_length=1)

    @model_validator(mode="after")
    def _even(self) -> Self:
        rates = self.fmr, self.fnmr
        curves = [curve for rate in rates for curve in (rate.value, rate.low, rate.high)]
        if any(len(curve) != len(self.similarities) for curve in curves):
            raise ValueError("as many rates as similarities are needed")
        _check_rising(self.similarities, [-rate for rate in self.fmr.value])
        _check_rising(self.similarities, self.fnmr.value)
        if not all(rate > 0 for rate in (*self.fmr.value, *self.fmr.low, *self.fmr.high)):
            raise ValueError("false match rates must stay above 0")
        return self


class ThresholdPart(Part):
    """At which similarity two templates count as one person, and where that number comes from."""

    similarity: Number = Field(ge=-1, le=1)
    fmr: Number | None = Field(
        default=None, gt=0, lt=1, description="false match rate measured at it; absent: not by us"
    )
    protocol: str = Field(min_length=1, description="on what it was measured, or who states it")
    uncertain_from: Number = Field(ge=-1, le=1, description="lower end of the grey zone")
    rates: RatesPart | None = Field(default=None, description="absent until measured")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.uncertain_from > self.similarity:
            raise ValueError("uncertain_from lies above similarity")
        return self


class PairPart(Part):
    """Similarity of two images → probability that they show one person, as knots of a curve."""

    similarities: Knots
    probabilities: Knots
    protocol: str = Field(min_length=1)
    prior: Probability = Field(description="share of same-person pairs it assumes")

    @model_validator(mode="after")
    def _monotone(self) -> Self:
        _check_rising(self.similarities, self.probabilities)
        if not all(0 < p < 1 for p in self.probabilities):
            raise ValueError("probabilities must lie strictly between 0 and 1")
        return self


class SearchPart(Part):
    """Similarity of the best of N subjects → probability that it is the one searched for."""

    similarities: Knots
    log_odds: Knots = Field(description="among one subject; natural logarithm")
    growth: Number = Field(ge=0, le=5, description="so many times ln N is taken off the log-odds")
    crowding: Number = Field(
        ge=0, le=5, description="and so many times ln of the comparisons per subject"
    )
    least: Probability = Field(description="the lowest that is ever said")
    most: Probability = Field(description="the highest that is ever said")
    strangers: Probability = Field(description="share of searches for people not enrolled")
    protocol: str = Field(min_length=1)

    @model_validator(mode="after")
    def _monotone(self) -> Self:
        _check_rising(self.similarities, self.log_odds)
        if self.least > self.most:
            raise ValueError("least lies above most")
        return self


class CalibrationPart(Part):
    """Similarity → probability: of two given images, and of the best candidate of a search."""

    pair: PairPart
    search: SearchPart | None = Field(default=None, description="absent until fitted")

    @model_validator(mode="before")
    @classmethod
    def _of_pairs_alone(cls, given: Any) -> Any:
        # So it was written before searches had a calibration of their own.
        return {"pair": given} if isinstance(given, dict) and "similarities" in given else given


class QuantizationPart(Part):
    """How the embedder's network is made int8 on this machine."""

    scheme: Literal["qdq-u8s8"]
    ranges: FileName = Field(description="JSON file of the pack: tensor → [lowest, highest]")
    probes: FileName = Field(description="npz file of the pack: inputs, and what they must give")
    least_cosine: Number = Field(
        gt=0, le=1, description="what the built network must reach on them"
    )


class Manifest(Part):
    """A pack."""

    schema_version: Literal[1] = Field(alias="schema")
    name: Name
    version: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    summary: str
    artifacts: dict[Name, Artifact] = Field(default_factory=dict)
    networks: dict[Name, NetworkFile] = Field(min_length=1)
    detector: DetectorPart
    embedder: EmbedderPart
    threshold: ThresholdPart | None = Field(default=None, description="absent until measured")
    calibration: CalibrationPart | None = Field(default=None, description="absent until fitted")
    quantization: QuantizationPart | None = None
    measured_here: str | None = Field(
        default=None, description="on what this machine measured threshold and calibration"
    )

    @model_validator(mode="after")
    def _references_hold(self) -> Self:
        for role, key in self.detector.networks.items():
            self._check_network(key, "detector", "networks", role)
        self._check_network(self.embedder.network, "embedder", "network")
        if self.detector.kind not in self.embedder.points:
            problem = f"there is no entry for the detector {self.detector.kind}"
            raise _fault(problem, "embedder", "points")
        return self

    @model_validator(mode="after")
    def _networks_have_files(self) -> Self:
        taken = {MANIFEST}
        for key, network in self.networks.items():
            if network.file.lower() in taken:
                problem = f"each network needs a file of its own, not named {MANIFEST}"
                raise _fault(problem, "networks", key, "file")
            taken.add(network.file.lower())
            if network.build is not None and network.build.artifact not in self.artifacts:
                problem = f"there is no artifact {network.build.artifact!r} in artifacts"
                raise _fault(problem, "networks", key, "build", "artifact")
        return self

    def _check_network(self, key: str, *named_at: str) -> None:
        if key not in self.networks:
            raise _fault(f"there is no network {key!r} in networks", *named_at)

    @property
    def model(self) -> ModelId:
        """What stands on every template that this pack makes."""
        return ModelId(self.name, self.version)

    @property
    def non_commercial(self) -> dict[str, Licence]:
        """Licences, by network, that forbid commercial use."""
        return {
            key: network.licence
            for key, network in self.networks.items()
            if not network.licence.commercial_use
        }


def parse_manifest(text: str | bytes, where: Path | str) -> Manifest:
    """Read a manifest.

    Raises:
        PackInvalid: it breaks the schema; the error names the first field at fault.
    """
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "(the whole)"
        problem = first["msg"].removeprefix("Value error, ")
        raise PackInvalid(str(where), field, problem) from error


def dump_manifest(manifest: Manifest) -> str:
    """Write a manifest as indented JSON, without the fields that are absent."""
    return manifest.model_dump_json(by_alias=True, exclude_none=True, indent=2) + "\n"


def _fault(problem: str, *place: str | int) -> ValidationError:
    """What is wrong at a place below the part that is looked at; a `ValueError` names the part."""
    facts: dict[str, Any] = {"problem": problem}
    kind = PydanticCustomError("manifest", "{problem}", facts)
    fault = InitErrorDetails(type=kind, loc=place, input=None)
    return ValidationError.from_exception_data("manifest", [fault])


def _is_near(value: float, side_px: int) -> bool:
    return -side_px <= value <= 2 * side_px


def _check_rising(xs: Sequence[float], ys: Sequence[float]) -> None:
    if len(xs) != len(ys):
        raise ValueError("a curve needs as many values as similarities")
    if any(b <= a for a, b in pairwise(xs)):
        raise ValueError("similarities must rise")
    if any(b < a for a, b in pairwise(ys)):
        raise ValueError("a curve must not fall")
