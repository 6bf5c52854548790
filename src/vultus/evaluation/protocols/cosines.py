"""Similarities of pairs of rows."""

import numpy as np
from numpy.typing import NDArray

NUMBERS = 4_000_000
"""Gathered at once: 16 MB for each side, however long a template is."""


def cosines(
    vectors: NDArray[np.float32], first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.float32]:
    """(P,) cosines in [-1, 1] of P pairs of rows of (N, D) unit vectors."""
    rows = max(NUMBERS // max(vectors.shape[1], 1), 1)
    scores = np.empty(len(first), np.float32)
    for start in range(0, len(first), rows):
        part = slice(start, start + rows)
        scores[part] = np.einsum("nd,nd->n", vectors[first[part]], vectors[second[part]])
    return scores.clip(-1, 1)
