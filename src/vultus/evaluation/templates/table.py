"""The templates of a dataset's images, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.domain.template import ModelId
from vultus.evaluation.templates.embedded import UNREADABLE


@dataclass(frozen=True, slots=True, eq=False)
class TemplateTable:
    """One template per image of a dataset, in its order.

    Attributes:
        model: what made the templates.
        vectors: (N, D) float32 rows of L2 norm 1; zeros where no face was found.
        found: (N,) whether a face was found.
        faces: (N,) int64, how many the image shows, `UNREADABLE` (-1) if it cannot be decoded; the
            main one is embedded.
        measures: of the main face by name ("face_px", "sharpness", …): (N,) float32, NaN where
            none was found.
    """

    model: ModelId
    vectors: NDArray[np.float32]
    found: NDArray[np.bool_]
    faces: NDArray[np.int64]
    measures: Mapping[str, NDArray[np.float32]]

    @property
    def unreadable(self) -> NDArray[np.bool_]:
        """(N,) whether the image could not be decoded."""
        unreadable: NDArray[np.bool_] = self.faces == UNREADABLE
        return unreadable
