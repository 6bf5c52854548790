"""From indexes that know the nearest faces to the nearest subjects, of whom each may have many."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from vultus.gallery.search.port import Hits
from vultus.gallery.search.ranking import Candidates, best_subjects, no_hits, trimmed

FACES_PER_SUBJECT = 10
"""So many faces of each subject are looked at first, where nobody knows how many they have."""
SPARE = 5
"""Faces that are looked at besides, because some subjects have more than the others."""
WIDENING = 8
WIDEST = 2_000
"""Beyond so many candidates, comparing with every template is no slower."""
SLACK = 1e-5
"""An index may sum in another order than `cosines`: so far it may be off, generously."""

Look: TypeAlias = Callable[[NDArray[np.float32], int], tuple[Candidates, NDArray[np.float32]]]
"""Gives so many of the nearest faces of each of (Q, D) probes, and (Q,) how similar at most any
other can be: -inf where there is no other, +inf where nobody knows."""
Compare: TypeAlias = Callable[[NDArray[np.float32]], Hits]
"""Gives the (Q, k) best subjects of each probe by comparing it with every template."""


def best_by_widening(
    probes: NDArray[np.float32],
    k: int,
    look: Look,
    compare: Compare,
    faces_per_subject: int = FACES_PER_SUBJECT,
) -> Hits:
    """Find the `k` best subjects of each probe from as few faces as settle which they are.

    At first `faces_per_subject` faces of each are looked at, and some to spare. Probes for which
    they do not settle it look at more; those for which no number of faces does are compared with
    all templates.
    """
    answer = no_hits(len(probes), k)
    open_rows = np.arange(len(probes) if k else 0)
    width = faces_per_subject * k + SPARE
    while len(open_rows) and width <= WIDEST:
        faces, others = look(probes[open_rows], width)
        hits = best_subjects(faces, k)
        settled = (others == -np.inf) | (hits.similarities[:, -1] > others + SLACK)
        _fill(answer, open_rows, hits, settled)
        open_rows = open_rows[~settled]
        width *= WIDENING
    if len(open_rows):
        _fill(answer, open_rows, compare(probes[open_rows]), np.ones(len(open_rows), np.bool_))
    return trimmed(answer)


def beyond(faces: Candidates) -> NDArray[np.float32]:
    """How similar the faces can be that an approximate index did not name.

    They are thought to be no more similar than the last that it named; +inf where it named fewer
    than it was asked for, because then it lost its way, or there are no more.
    """
    found: NDArray[np.float32] = faces.similarities.min(axis=1)
    return np.where(found == -np.inf, np.float32(np.inf), found)


def _fill(answer: Hits, rows: NDArray[np.int64], hits: Hits, settled: NDArray[np.bool_]) -> None:
    """Put the settled hits into those rows of the answer that they belong to."""
    answer.subjects[rows[settled]] = hits.subjects[settled]
    answer.faces[rows[settled]] = hits.faces[settled]
    answer.similarities[rows[settled]] = hits.similarities[settled]
