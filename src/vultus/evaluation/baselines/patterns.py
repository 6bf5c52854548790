"""Local binary patterns: a face is how often each small texture occurs in each part of it.

Source: Ahonen, Hadid and Pietikäinen, Face Description with Local Binary Patterns (2006), with
square roots of the shares, so that their cosine is the Bhattacharyya coefficient.
"""

import numpy as np
from numpy.typing import NDArray
from skimage.feature import local_binary_pattern

from vultus.evaluation.baselines.grey import SIDE_PX, Grey

NEIGHBOURS = 8
RADIUS_PX = 2
PATTERNS = 59
"""Uniform ones of eight neighbours, and one for all the others."""
CELLS = 8
"""Along each side."""


def binary_patterns(faces: Grey) -> NDArray[np.float32]:
    """(N, 3776): of (N, 64, 64) faces, square roots of the shares of each pattern in each cell."""
    side = SIDE_PX // CELLS
    places = np.arange(SIDE_PX) // side
    cells = (places[:, np.newaxis] * CELLS + places) * PATTERNS
    length = CELLS * CELLS * PATTERNS
    rows = np.empty((len(faces), length), np.float32)
    for row, face in zip(rows, faces, strict=True):
        patterns = local_binary_pattern(  # type: ignore[no-untyped-call]
            face, NEIGHBOURS, RADIUS_PX, "nri_uniform"
        )
        counts = np.bincount((cells + patterns.astype(np.int64)).ravel(), minlength=length)
        row[:] = np.sqrt(counts / (side * side))
    return rows
