"""Baselines as tables of templates, to be measured like any model."""

from dataclasses import replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from vultus.domain.template import LEAST_NORM, ModelId
from vultus.errors import InvalidValue
from vultus.evaluation.baselines.eigenfaces import eigenfaces
from vultus.evaluation.baselines.grey import Grey
from vultus.evaluation.baselines.patterns import binary_patterns
from vultus.evaluation.templates.table import TemplateTable

CHANCE_DIM = 128


class Baseline(StrEnum):
    """Plain ways to compare faces."""

    CHANCE = "chance"
    EIGENFACES = "eigenfaces"
    PATTERNS = "lbp"


def baseline_table(
    baseline: Baseline, faces: Grey, like: TemplateTable, train: NDArray[np.int64]
) -> TemplateTable:
    """Templates of the same faces that a model found, made in a plain way.

    Args:
        baseline: which way. Chance looks at no face: its templates are drawn at random.
        faces: (N, 64, 64), the main face of each image; anything where none was found.
        like: a model's table of these images, which says where there is a face.
        train: rows whose faces may be learnt from; those without a face are left out. They should
            show other people than the rows that are compared.

    Raises:
        InvalidValue: there are not as many faces as rows.
        TooFewComparisons: there are too few faces to learn from.
    """
    if len(faces) != len(like.found):
        raise InvalidValue("faces", f"{len(faces)} of them for {len(like.found)} images")
    rows = np.zeros((len(faces), 1), np.float32)
    match baseline:
        case Baseline.CHANCE:
            rng = np.random.default_rng(0)
            rows = rng.standard_normal((len(faces), CHANCE_DIM), np.float32)
        case Baseline.EIGENFACES:
            rows = eigenfaces(faces, train[like.found[train]])
        case Baseline.PATTERNS:
            rows = binary_patterns(faces)
    return replace(like, model=ModelId(baseline, "1"), vectors=_unit(rows, like.found))


def _unit(rows: NDArray[np.float32], found: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Scale rows in place to norm 1; those without a face become zero."""
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), LEAST_NORM)
    rows[~found] = 0
    return rows
