"""From similar faces to the most similar subjects: what every index does at the end."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.errors import InvalidValue
from vultus.gallery.search.port import Hits

NOBODY = -1
"""Stands for the subject and the face where a row has ended."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Faces that may be among the nearest of each probe; all arrays are (Q, M), in any order.

    Where a row has ended, `subjects` and `faces` are NOBODY and `similarities` is -inf.
    """

    subjects: NDArray[np.int64]
    faces: NDArray[np.int64]
    similarities: NDArray[np.float32]


def check_probes(probes: NDArray[np.float32], dim: int, k: int) -> NDArray[np.float32]:
    """Give the probes as contiguous float32.

    Raises:
        InvalidValue: k < 1, or probes are not (Q, dim) finite numbers.
    """
    if k < 1:
        raise InvalidValue("k", f"{k} subjects were asked for, at least 1 is needed")
    rows = np.ascontiguousarray(probes, np.float32)
    if rows.ndim != 2 or rows.shape[1] != dim:
        raise InvalidValue("probes", f"their shape is {rows.shape}, not (Q, {dim})")
    if not np.isfinite(rows).all():
        raise InvalidValue("probes", "not all of their numbers are finite")
    return rows


def cosines(vectors: NDArray[np.float32], probes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cosines of (…, D) unit vectors with (…, D) unit probes, in [-1, 1]; the rest broadcasts.

    The same two vectors give the same bits wherever they stand and with how many others they are
    asked: so equal templates tie, and a batch answers as its probes do one by one.
    """
    products: NDArray[np.float32] = np.vecdot(vectors, probes)
    return np.clip(products, -1, 1, out=products)


def no_hits(rows: int, k: int) -> Hits:
    """(rows, k) hits that have all ended at once."""
    return Hits(
        np.full((rows, k), NOBODY, np.int64),
        np.full((rows, k), NOBODY, np.int64),
        np.full((rows, k), -np.inf, np.float32),
    )


def best_subjects(candidates: Candidates, k: int) -> Hits:
    """The `k` most similar subjects of each row; rows with fewer end in NOBODY and -inf."""
    hits = no_hits(len(candidates.subjects), k)
    rows = zip(candidates.subjects, candidates.faces, candidates.similarities, strict=True)
    for row, (subjects, faces, similarities) in enumerate(rows):
        order = np.lexsort((faces, subjects, -similarities))
        chosen = order[_firsts(subjects[order].tolist(), k)]
        columns = slice(len(chosen))
        hits.subjects[row, columns] = subjects[chosen]
        hits.faces[row, columns] = faces[chosen]
        hits.similarities[row, columns] = similarities[chosen]
    return hits


def _firsts(subjects: list[int], k: int) -> list[int]:
    """Where the first `k` different subjects stand for the first time."""
    seen = {NOBODY}
    places: list[int] = []
    for place, subject in enumerate(subjects):
        if subject not in seen:
            seen.add(subject)
            places.append(place)
            if len(places) == k:
                break
    return places


def candidates_of(
    found: Iterable[tuple[int, int, int, float]], probes: int, width: int
) -> Candidates:
    """Arrange what a server found, at most `width` for each probe.

    Args:
        found: row of the probe, subject, face, cosine.
        probes: how many there are.
        width: columns of the answer.
    """
    table = no_hits(probes, width)
    filled = [0] * probes
    for row, subject, face, cosine in found:
        place = row, filled[row]
        table.subjects[place], table.faces[place] = subject, face
        table.similarities[place] = min(max(cosine, -1.0), 1.0)
        filled[row] += 1
    return Candidates(table.subjects, table.faces, table.similarities)


def trimmed(hits: Hits) -> Hits:
    """The same hits without the columns in which every row has ended."""
    columns = int((hits.subjects != NOBODY).sum(axis=1).max(initial=0))
    return Hits(hits.subjects[:, :columns], hits.faces[:, :columns], hits.similarities[:, :columns])
