"""Templates of people who never were: directions of their own, and photos that stray from them."""

import numpy as np
from numpy.typing import NDArray


def crowd(
    people: int, photos: int = 2, spread: float = 0.6, dim: int = 16, seed: int = 0
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """(people * photos, dim) unit rows, and whom they show."""
    rng = np.random.default_rng(seed)
    owners = np.repeat(np.arange(people), photos)
    own = rng.normal(size=(people, dim))
    own /= np.linalg.norm(own, axis=1, keepdims=True)
    strays = rng.normal(size=(len(owners), dim)) * spread / np.sqrt(dim)
    vectors = own[owners] + strays
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), owners
