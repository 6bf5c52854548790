"""A study of made-up people: each is a direction, and photos lie around it."""

import hashlib

import numpy as np

from vultus.domain.template import ModelId
from vultus.evaluation.datasets.dataset import Dataset, DatasetImage, Pair
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.parts.study import Study
from vultus.evaluation.protocols.drawing import drawn_pairs
from vultus.evaluation.templates.table import TemplateTable

DIM = 16


def dataset(people: int = 30, photos: int = 4, *, paired: bool = False) -> Dataset:
    """`people` of `photos` images each; half of them have the attribute `beard`."""
    images = tuple(
        DatasetImage(
            hashlib.sha256(f"{person}/{photo}".encode()).hexdigest(),
            f"person {person}",
            f"person {person}/{photo}.jpg",
            attributes={"beard": "yes" if person % 2 else "no"},
        )
        for person in range(people)
        for photo in range(photos)
    )
    pairs: tuple[Pair, ...] = ()
    if paired:
        pairs = drawn_pairs([image.subject for image in images], folds=5)
    return Dataset("made up", "drawn by a test", images, pairs)


def table(of: Dataset, noise: float = 0.3, pack: str = "one", undetected: int = 1) -> TemplateTable:
    """Templates whose distance from their person grows with `noise`; the last show no face."""
    chance = np.random.default_rng(7)
    names = [image.subject for image in of.images]
    centres = {name: chance.normal(size=DIM) for name in dict.fromkeys(names)}
    raw = np.array([centres[name] for name in names]) + noise * chance.normal(
        size=(len(names), DIM)
    )
    found = np.arange(len(names)) < len(names) - undetected
    vectors = raw / np.linalg.norm(raw, axis=1, keepdims=True) * found[:, np.newaxis]
    size = np.where(found, 40 + 100 * chance.random(len(names)), np.nan).astype(np.float32)
    return TemplateTable(
        ModelId(pack, "1"),
        vectors.astype(np.float32),
        found,
        found.astype(np.int64),
        {"face_px": size},
    )


def study(noise: float = 0.5, *, people: int = 30, photos: int = 4, paired: bool = True) -> Study:
    """All of it together, with few draws."""
    of = dataset(people, photos, paired=paired)
    return Study("one@1", of, table(of, noise), 0.7, resampling=Resampling(50))


def faceless(of: Dataset) -> TemplateTable:
    """What a model makes of images in which it finds nobody."""
    return table(of, pack="blind", undetected=len(of.images))
