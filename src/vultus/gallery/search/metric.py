"""Distances, for those who think in them. Templates are unit vectors: the cosine decides."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Metric = Literal["cosine", "euclidean"]


def distances(similarities: NDArray[np.float32], metric: Metric) -> NDArray[np.float32]:
    """Turn cosines of unit vectors into distances: the same order, lower is closer.

    Args:
        similarities: cosines in [-1, 1], of any shape.
        metric: `cosine` gives 1 - cosine, in [0, 2]; `euclidean` gives the length of the
            difference of the two vectors, sqrt(2 - 2 cosine), in [0, 2].
    """
    apart = 1 - np.asarray(similarities, np.float32)
    return apart if metric == "cosine" else np.sqrt(2 * apart)
