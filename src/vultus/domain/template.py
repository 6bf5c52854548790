"""Templates: faces as unit vectors that know their model."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.errors import InvalidValue, ModelMismatch

NORM_TOLERANCE = 1e-3
LEAST_NORM = 1e-6
"""A shorter vector has no direction."""


@dataclass(frozen=True, slots=True)
class ModelId:
    """The pack, and its version, that made a template."""

    pack: str
    version: str

    def __str__(self) -> str:
        return f"{self.pack}@{self.version}"


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """One face as a point on the unit sphere.

    `vector` is (D,) float32, read-only, of L2 norm 1. Only templates of one model can be compared.
    """

    vector: NDArray[np.float32]
    model: ModelId

    def __post_init__(self) -> None:
        vector = np.array(self.vector, dtype=np.float32)
        if vector.ndim != 1 or not np.isfinite(vector).all():
            raise InvalidValue("template", "it must be one row of finite numbers")
        if abs(float(np.linalg.norm(vector)) - 1.0) > NORM_TOLERANCE:
            raise InvalidValue("template", f"its norm is {np.linalg.norm(vector):.4f}, not 1")
        vector.flags.writeable = False
        object.__setattr__(self, "vector", vector)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Template)
            and self.model == other.model
            and np.array_equal(self.vector, other.vector)
        )

    def __hash__(self) -> int:
        return hash((self.model, self.vector.tobytes()))

    def similarity(self, other: "Template") -> float:
        """Cosine in [-1, 1] of two templates; higher is closer.

        Raises:
            ModelMismatch: the templates come from different models.
        """
        if self.model != other.model:
            raise ModelMismatch(str(self.model), str(other.model))
        return float(np.clip(self.vector @ other.vector, -1.0, 1.0))
