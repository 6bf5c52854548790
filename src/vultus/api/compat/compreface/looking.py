"""Finds the faces of an image, and how long each network took for it."""

import time
from dataclasses import dataclass, field, replace
from typing import TypeVar

from vultus.api.compat.compreface.parameters import Asked
from vultus.domain.face import AssessedFace, Detection, Face
from vultus.domain.image import Rgb
from vultus.errors import NoFace
from vultus.usecases.recognizer import Recognizer
from vultus.vision.detect.port import Detector
from vultus.vision.embed.port import Chips, Embedder, EmbedderSpec, Embeddings

T = TypeVar("T", bound=AssessedFace)


@dataclass(slots=True)
class Stopwatch:
    """Milliseconds by what took them."""

    took_ms: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, began: float) -> None:
        """Count the time since `began`, a reading of `time.perf_counter`."""
        self.took_ms[name] = self.took_ms.get(name, 0.0) + 1_000 * (time.perf_counter() - began)


@dataclass(frozen=True, slots=True)
class TimedDetector:
    """A detector whose time is taken."""

    detector: Detector
    watch: Stopwatch

    @property
    def kind(self) -> str:
        """That of the detector."""
        return self.detector.kind

    def detect(self, rgb: Rgb) -> list[Detection]:
        """Find faces; see the port."""
        began = time.perf_counter()
        found = self.detector.detect(rgb)
        self.watch.add("detector", began)
        return found


@dataclass(frozen=True, slots=True)
class TimedEmbedder:
    """An embedder whose time is taken."""

    embedder: Embedder
    watch: Stopwatch

    @property
    def spec(self) -> EmbedderSpec:
        """What it makes."""
        return self.embedder.spec

    def embed(self, chips: Chips) -> Embeddings:
        """Make templates; see the port."""
        began = time.perf_counter()
        vectors = self.embedder.embed(chips)
        self.watch.add("calculator", began)
        return vectors


@dataclass(frozen=True, slots=True)
class Looker:
    """Finds the faces that a request means."""

    recognizer: Recognizer
    watch: Stopwatch = field(default_factory=Stopwatch)

    def faces(self, image: bytes, asked: Asked) -> list[Face]:
        """The faces with their templates, the largest first.

        Raises:
            NoFace: the image shows none that is meant.
            ImageRefused: it cannot be read.
        """
        found = self._timed.faces(image, face_only=not asked.detect_faces)
        return _some(asked.chosen(found, lambda face: face.detection))

    def detected(self, image: bytes, asked: Asked) -> list[AssessedFace]:
        """The same without templates, where none are asked for."""
        if "calculator" in asked.plugins:
            return list(self.faces(image, asked))
        found = self._timed.detect(image, face_only=not asked.detect_faces)
        return _some(asked.chosen(found, lambda face: face.detection))

    @property
    def _timed(self) -> Recognizer:
        pipeline = self.recognizer.pipeline
        timed = replace(
            pipeline,
            detector=TimedDetector(pipeline.detector, self.watch),
            embedder=TimedEmbedder(pipeline.embedder, self.watch),
        )
        return replace(self.recognizer, pipeline=timed)


def _some(faces: list[T]) -> list[T]:
    if not faces:
        raise NoFace
    return faces
