"""The port of embedders."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vultus.domain.template import ModelId

Chips = NDArray[np.uint8]
"""(N, H, W, 3) uint8 RGB faces, aligned onto the model's own points."""

Embeddings = NDArray[np.float32]
"""(N, D) float32, every row of L2 norm 1."""


@dataclass(frozen=True, slots=True)
class EmbedderSpec:
    """What an embedder takes and gives."""

    model: ModelId
    chip_width_px: int
    chip_height_px: int
    dim: int


class Embedder(Protocol):
    """Maps chips to points on the unit sphere. Safe to call from several threads at once."""

    @property
    def spec(self) -> EmbedderSpec:
        """Size of the chips, size of the templates, and the model that stands on them."""

    def embed(self, chips: Chips) -> Embeddings:
        """Map (N, H, W, 3) RGB uint8 chips to (N, spec.dim) float32 rows of L2 norm 1.

        N may be any number, also 0.

        Raises:
            TensorMismatch: the chips do not have the size of `spec`.
        """
