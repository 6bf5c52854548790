"""What was measured on what, and where: enough to do it again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Studied:
    """The dataset, and how much of it a face was found in.

    `version` is its manifest's SHA-256, `split` the part of it that was measured, None for all.
    `content` is the SHA-256 of that part's images, people and pairs: what the same is measured on
    has the same, whatever it is called; empty in results of before it was written. `undetected`
    shows no face, `unreadable` cannot be decoded.
    """

    name: str
    version: str
    source: str
    images: int
    subjects: int
    subjects_with_two: int
    pairs: int
    undetected: int
    several_faces: int
    unreadable: int = 0
    split: str | None = None
    content: str = ""


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    """A file of a pack."""

    name: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """The pack. `threshold` is the similarity at which it decides; None where it names none."""

    pack: str
    version: str
    summary: str
    threshold: float | None
    threshold_origin: str
    networks: tuple[NetworkFacts, ...] = ()

    @property
    def id(self) -> str:
        """Name and version."""
        return f"{self.pack}@{self.version}"


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and a value, for people."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Environment:
    """The machine, the software and the settings."""

    cpu: str
    cores: int
    system: str
    software: tuple[Fact, ...]
    settings: tuple[Fact, ...]
