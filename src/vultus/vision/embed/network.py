"""An embedder over any network that maps chips to vectors."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.errors import InvalidValue, NetworkInvalid, TensorMismatch
from vultus.models.inference.port import Network
from vultus.vision.embed.port import Chips, EmbedderSpec, Embeddings


@dataclass(frozen=True, slots=True)
class InputFormat:
    """How a network wants its pixels: `(pixel - mean) * scale`, channels in the order of `bgr`."""

    mean: tuple[float, float, float]
    scale: tuple[float, float, float]
    bgr: bool
    channels_last: bool


class NetworkEmbedder:
    """Embeds chips in batches, optionally as the mean with their mirrored selves."""

    def __init__(
        self,
        network: Network,
        spec: EmbedderSpec,
        input_format: InputFormat,
        *,
        mirror: bool,
        batch_size: int,
    ) -> None:
        """Wrap `network`, which takes one float32 input and gives (N, spec.dim) first.

        `mirror` doubles the work: the template is the mean of the chip's and its mirror image's.
        `batch_size` counts chips per call of the network, mirrored ones included.
        """
        if batch_size < 1:
            raise InvalidValue("batch_size", "it must be at least 1")
        self._network = network
        self._spec = spec
        self._mean = np.array(input_format.mean, np.float32)
        self._scale = np.array(input_format.scale, np.float32)
        self._plain = not self._mean.any() and bool((self._scale == 1).all())
        self._format = input_format
        self._mirror = mirror
        # Many published networks take one chip at a time.
        self._batch_size = network.inputs[0].shape[0] or batch_size
        self._input = _sole_float_input(network)
        self._output = network.outputs[0].name

    @property
    def spec(self) -> EmbedderSpec:
        """Size of the chips, size of the templates, and the model that stands on them."""
        return self._spec

    def embed(self, chips: Chips) -> Embeddings:
        """Map (N, H, W, 3) RGB uint8 chips to (N, spec.dim) float32 rows of L2 norm 1."""
        self._check(chips)
        if self._mirror:
            both = np.concatenate([chips, chips[:, :, ::-1]])
            left, right = np.split(self._vectors(both), 2)
            return _unit(left + right)
        return _unit(self._vectors(chips))

    def _vectors(self, chips: Chips) -> NDArray[np.float32]:
        batches = [
            self._run(chips[start : start + self._batch_size])
            for start in range(0, len(chips), self._batch_size)
        ]
        return np.concatenate([np.empty((0, self._spec.dim), np.float32), *batches])

    def _run(self, chips: Chips) -> NDArray[np.float32]:
        vectors = self._network.run({self._input: self._tensor(chips)})[self._output]
        if vectors.shape != (len(chips), self._spec.dim):
            raise NetworkInvalid(
                str(self._spec.model),
                f"it gave {vectors.shape} where {(len(chips), self._spec.dim)} was promised",
            )
        return np.asarray(vectors, np.float32)

    def _tensor(self, chips: Chips) -> NDArray[np.float32]:
        pixels = chips[..., ::-1] if self._format.bgr else chips
        values = pixels.astype(np.float32)
        if not self._plain:
            values -= self._mean
            values *= self._scale
        if not self._format.channels_last:
            values = values.transpose(0, 3, 1, 2)
        return np.ascontiguousarray(values)

    def _check(self, chips: Chips) -> None:
        wanted = (self._spec.chip_height_px, self._spec.chip_width_px, 3)
        if chips.ndim != 4 or chips.shape[1:] != wanted or chips.dtype != np.uint8:
            raise TensorMismatch(
                str(self._spec.model), f"chips are {chips.dtype} {chips.shape}, not uint8 {wanted}"
            )


def _sole_float_input(network: Network) -> str:
    if len(network.inputs) != 1 or network.inputs[0].dtype != np.float32:
        raise NetworkInvalid("embedder", f"one float32 input is needed, it has {network.inputs}")
    return network.inputs[0].name


def _unit(vectors: NDArray[np.float32]) -> Embeddings:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Embeddings = vectors / np.maximum(norms, np.float32(1e-12))
    return unit
