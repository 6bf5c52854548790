"""Doubles of the ports, for tests of what stands on them."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vultus.blobs.port import check_blob_name
from vultus.domain.face import Box, Detection, Face, Landmarks, Quality
from vultus.domain.image import Rgb
from vultus.domain.template import ModelId, Template
from vultus.errors import BlobNotFound
from vultus.models.inference.port import Tensors, TensorSpec
from vultus.vision.embed.port import Chips, EmbedderSpec, Embeddings

MODEL = ModelId("fake", "1")
FIVE = np.array([[10, 10], [30, 10], [20, 20], [12, 30], [28, 30]], np.float32)


class FakeNetwork:
    """A network that is a function of one float32 tensor; it counts its calls."""

    def __init__(
        self,
        compute: Callable[[NDArray[Any]], NDArray[Any]],
        shape: tuple[int | None, ...] = (None, 3, None, None),
        dtype: type = np.float32,
    ) -> None:
        self.inputs = (TensorSpec("x", np.dtype(dtype), shape),)
        self.outputs = (TensorSpec("y", np.dtype(np.float32), (None, None)),)
        self.batches: list[int] = []
        self._compute = compute

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        self.batches.append(len(inputs["x"]))
        return {"y": self._compute(inputs["x"])}


class FakeDetector:
    """Finds the detections it was given, whatever the image."""

    kind = "mtcnn"

    def __init__(self, *found: Detection) -> None:
        self._found = list(found)

    def detect(self, rgb: Rgb) -> list[Detection]:
        return self._found


class FakeEmbedder:
    """Embeds a chip as its mean colour."""

    spec = EmbedderSpec(MODEL, chip_width_px=40, chip_height_px=40, dim=3)

    def embed(self, chips: Chips) -> Embeddings:
        means = chips.mean(axis=(1, 2), dtype=np.float32) + 1
        return means / np.linalg.norm(means, axis=1, keepdims=True)


def detection_at(x: float, y: float, side: float = 40, confidence: float = 0.99) -> Detection:
    """A square face whose landmarks lie where a face has them."""
    points = FIVE * (side / 40) + np.array([x, y], np.float32)
    return Detection(Box(x, y, x + side, y + side), Landmarks(points), confidence)


def template(*values: float, model: ModelId = MODEL) -> Template:
    """A template in the direction of `values`."""
    vector = np.array(values, np.float32)
    return Template(vector / np.linalg.norm(vector), model)


def face(*values: float, side: float = 40, reasons: tuple[str, ...] = ()) -> Face:
    """A face whose template points in the direction of `values`."""
    return Face(detection_at(0, 0, side), Quality(0.9, reasons), template(*values))


class MemoryBlobs:
    """A `BlobStore` in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, name: str, data: bytes) -> None:
        check_blob_name(name)
        self.kept[name] = data

    def get(self, name: str) -> bytes:
        if not self.exists(name):
            raise BlobNotFound(name)
        return self.kept[name]

    def exists(self, name: str) -> bool:
        check_blob_name(name)
        return name in self.kept

    def delete(self, name: str) -> None:
        check_blob_name(name)
        self.kept.pop(name, None)

    def names(self, prefix: str = "") -> Iterator[str]:
        return iter(sorted(name for name in self.kept if name.startswith(prefix)))
