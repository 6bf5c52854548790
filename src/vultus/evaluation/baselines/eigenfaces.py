"""Eigenfaces: a face is its place along the directions in which faces differ most.

Source: Turk and Pentland, Eigenfaces for Recognition (1991), with whitened components.
"""

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from vultus.errors import TooFewComparisons
from vultus.evaluation.baselines.grey import Grey

COMPONENTS = 128
MOST_TRAINED = 5_000
"""More faces hardly move the components."""
VARIANCE = 0.95
"""Share of it that is kept: the rest is noise, which whitening would make as loud as faces."""


def eigenfaces(faces: Grey, train: NDArray[np.int64]) -> NDArray[np.float32]:
    """(N, D) whitened components of (N, 64, 64) faces, of which `train` (rows) taught them.

    Raises:
        TooFewComparisons: there are fewer than two faces to learn from.
    """
    if len(train) < 2:
        raise TooFewComparisons("Eigenfaces", len(train), 2, "faces to learn from")
    flat = faces.reshape(len(faces), -1).astype(np.float32)
    chosen = np.random.default_rng(0).permutation(train)[:MOST_TRAINED]
    count = min(COMPONENTS, len(chosen) - 1)
    pca = PCA(count, whiten=True, svd_solver="randomized", random_state=0).fit(flat[chosen])
    kept = int(np.searchsorted(pca.explained_variance_ratio_.cumsum(), VARIANCE)) + 1
    return np.asarray(pca.transform(flat)[:, :kept], np.float32)
