"""Ready templates from outside, checked before they are compared or kept."""

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vultus.domain.gallery import Gallery
from vultus.domain.template import LEAST_NORM, ModelId, Template
from vultus.errors import InvalidValue, ModelMismatch, TemplateSizeMismatch, TemplatesUnreadable
from vultus.gallery.archive.arrays import read_arrays
from vultus.gallery.store.requests import NewFace

MAX_FILE_BYTES = 4 * 1024**3
"""Most that a file of templates may hold: two million of 512 numbers."""


def unit_rows(vectors: ArrayLike, dim: int) -> NDArray[np.float32]:
    """Check (N, dim) or (dim,) numbers, and give them as (N, dim) rows of L2 norm 1.

    Raises:
        TemplateSizeMismatch: a row has not `dim` numbers.
        InvalidValue: they are no rows of finite numbers, or a row is zero and has no direction.
    """
    try:
        rows = np.atleast_2d(np.asarray(vectors, dtype=np.float64))
    except (TypeError, ValueError) as error:
        raise InvalidValue("templates", "they are no rows of equally many numbers") from error
    if rows.size == 0:
        return np.empty((0, dim), np.float32)
    if rows.ndim != 2:
        raise InvalidValue("templates", f"rows of numbers are needed, got shape {rows.shape}")
    if rows.shape[1] != dim:
        raise TemplateSizeMismatch(expected=dim, actual=rows.shape[1])
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(norms).all():
        raise InvalidValue("templates", "every number must be finite")
    if (norms < LEAST_NORM).any():
        raise InvalidValue("templates", "a template of zeros has no direction")
    unit: NDArray[np.float32] = (rows / norms).astype(np.float32)
    return unit


def new_faces(vectors: ArrayLike, gallery: Gallery) -> list[NewFace]:
    """Ready templates of the gallery's model as faces; each is known again by its numbers.

    Raises:
        TemplateSizeMismatch, InvalidValue: as for `unit_rows`.
    """
    return [
        NewFace(Template(row, gallery.model), source_digest=hashlib.sha256(row.data).hexdigest())
        for row in unit_rows(vectors, gallery.dim)
    ]


def read_templates(path: Path, model: ModelId) -> NDArray[np.float32]:
    """Read the templates that `vultus embed --npz` wrote, as (N, D) rows.

    Raises:
        TemplatesUnreadable: it is no such file.
        ModelMismatch: they are not of `model`.
    """
    try:
        with path.open("rb") as file:
            arrays = read_arrays(file, MAX_FILE_BYTES)
        vectors = arrays["templates"].astype(np.float32, casting="same_kind")
        made_by = str(arrays["model"])
    except (OSError, InvalidValue) as error:
        raise TemplatesUnreadable(str(path), str(error).removesuffix(".")) from error
    except (KeyError, TypeError) as error:
        raise TemplatesUnreadable(str(path), "it lacks templates, or their model") from error
    if made_by != str(model):
        raise ModelMismatch(made_by, str(model))
    return vectors
