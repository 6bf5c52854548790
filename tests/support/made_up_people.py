"""Datasets of made-up people, whose templates lie around a direction of each one's own."""

import numpy as np
from numpy.typing import NDArray

from vultus.domain.template import ModelId
from vultus.evaluation.datasets.dataset import Dataset, DatasetImage, Pair
from vultus.evaluation.templates.table import TemplateTable

Made = tuple[Dataset, TemplateTable]


def made_up(counts: list[int], *, noise: float = 0.5, missing: int = 0, seed: int = 0) -> Made:
    """People with so many images each; the first `missing` images show no face."""
    rng = np.random.default_rng(seed)
    people = np.repeat(np.arange(len(counts)), counts)
    own = rng.standard_normal((len(counts), 32))[people]
    vectors = own + noise * rng.standard_normal((len(people), 32))
    return made_of(people, vectors, np.arange(len(people)) >= missing)


def made_of(
    people: NDArray[np.int64],
    vectors: NDArray[np.floating],
    found: NDArray[np.bool_],
    pairs: tuple[Pair, ...] = (),
) -> Made:
    """Images of numbered people with templates of these directions."""
    rows = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    images = tuple(
        DatasetImage(f"{row:064x}", f"person {person}", f"{row}.jpg")
        for row, person in enumerate(people)
    )
    table = TemplateTable(
        ModelId("made-up", "1"),
        np.where(found[:, np.newaxis], rows, 0).astype(np.float32),
        found,
        found.astype(np.int64),
        {},
    )
    return Dataset("made up", "a test", images, pairs), table
