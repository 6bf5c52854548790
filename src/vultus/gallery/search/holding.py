"""What a FAISS index holds, and how the nearest subjects are found in it."""

import math
from copy import copy
from dataclasses import dataclass
from typing import Self

import faiss
import numpy as np
from numpy.typing import NDArray

from vultus.domain.gallery import TemplateChanges
from vultus.gallery.search.exact import compare_with_all
from vultus.gallery.search.graph import Graph
from vultus.gallery.search.port import Entries, Hits
from vultus.gallery.search.ranking import NOBODY, Candidates, cosines
from vultus.gallery.search.rows import Rows, joined, taken
from vultus.gallery.search.widening import best_by_widening, beyond

MOST_YOUNG = 0.05
"""Young templates, as a share of those in the graph, from which on they are linked into it."""
RECOUNT_AT = 1.1
"""Growth from which on it is counted anew how many faces a subject has."""
MOST_DEAD = 0.25
"""Share of the graph that may be dead before it is built anew."""


@dataclass(frozen=True, slots=True, eq=False)
class Linking:
    """Rows to link into a copy of the graph `base`, or into a new one if that is None."""

    base: Graph | None
    rows: Entries


class Holding:
    """Young templates in rows, and perhaps older ones in a graph. Not safe between threads.

    A face is in one of the two, or dead in the graph and young as it is now.
    """

    def __init__(self, young: Rows, graph: Graph | None = None) -> None:
        """Hold these; no face may be alive in both."""
        self.young = young
        self.graph = graph
        self._counted = 0
        self._faces_per_subject = 1

    def __len__(self) -> int:
        return len(self.young) + (len(self.graph) if self.graph else 0)

    def apply(self, changes: TemplateChanges) -> None:
        """Set and remove what `changes` say; what is set is young."""
        self.young.apply(changes)
        if self.graph:
            self.graph.kill(np.concatenate([changes.keys, changes.removed]))

    def everything(self) -> Entries:
        """All templates; where there is no graph, as views."""
        young = self.young.entries
        return joined([young, self.graph.alive()]) if self.graph else young

    def entries_of(self, keys: NDArray[np.int64]) -> Entries:
        """What is held of the given faces."""
        young = self.young.entries_of(keys)
        return joined([young, self.graph.entries_of(keys)]) if self.graph else young

    def frozen(self) -> Self:
        """The same as it is now, untouched by what happens to this one."""
        return type(self)(
            Rows.of(joined([self.young.entries])), copy(self.graph) if self.graph else None
        )

    def overdue(self, graph_from: int) -> Linking | None:
        """What to link, if that is due, where a graph is wanted from so many templates on."""
        if self.graph is None:
            due = len(self) >= graph_from
            return Linking(None, joined([self.everything()])) if due else None
        if self.graph.dead.mean() > MOST_DEAD:
            return Linking(None, joined([self.everything()]))
        if len(self.young) > MOST_YOUNG * len(self.graph):
            return Linking(self.graph, joined([self.young.entries]))
        return None

    def unlink_if_few(self, graph_from: int) -> None:
        """Go without a graph where less than half of what makes one worth while is left."""
        if self.graph is not None and len(self) < graph_from / 2:
            self.young, self.graph = Rows.of(joined([self.everything()])), None

    def link(self, graph: Graph, linked: NDArray[np.int64], changed: NDArray[np.int64]) -> None:
        """Use a graph in which the faces `linked` are; those `changed` meanwhile do not count."""
        graph.kill(changed)
        young = self.young.entries
        stay = np.isin(young.keys, np.setdiff1d(linked, changed), invert=True)
        # In new rows, because the old ones have room for all that were young.
        self.young, self.graph = Rows.of(taken(young, np.flatnonzero(stay))), graph

    def search(self, probes: NDArray[np.float32], k: int, search_width: int) -> Hits:
        """Answer as `TemplateIndex.search` does."""
        most = min(k, len(self))
        return best_by_widening(
            probes,
            most,
            lambda some, width: self._look(some, width, search_width),
            lambda some: compare_with_all(self.everything(), some, most),
            self._typical_faces(),
        )

    def _typical_faces(self) -> int:
        """About how many faces a subject has: told from all of them, and not at every change."""
        if len(self) > RECOUNT_AT * self._counted:
            subjects = self._subjects()
            self._counted = len(subjects)
            self._faces_per_subject = math.ceil(len(subjects) / len(np.unique(subjects)))
        return self._faces_per_subject

    def _subjects(self) -> NDArray[np.int64]:
        young = self.young.entries.subjects
        return np.concatenate([young, self.graph.rows.subjects]) if self.graph else young

    def _look(
        self, probes: NDArray[np.float32], width: int, search_width: int
    ) -> tuple[Candidates, NDArray[np.float32]]:
        found, others = _look_at_rows(self.young, probes, width)
        if not self.graph:
            return found, others
        more, more_others = _look_at_graph(self.graph, probes, width, search_width)
        return _side_by_side(found, more), np.maximum(others, more_others)


def _look_at_rows(
    rows: Rows, probes: NDArray[np.float32], width: int
) -> tuple[Candidates, NDArray[np.float32]]:
    """Give the `width` nearest, and how near any other can be: -inf if there is no other."""
    found = min(width, len(rows))
    if found == 0:
        return _no_candidates(len(probes)), np.full(len(probes), -np.inf, np.float32)
    held = rows.entries
    products, positions = faiss.knn(probes, held.vectors, found, metric=faiss.METRIC_INNER_PRODUCT)
    others = products[:, -1] if found < len(rows) else np.full(len(probes), -np.inf, np.float32)
    return _candidates(held, positions, probes), others


def _look_at_graph(
    graph: Graph, probes: NDArray[np.float32], width: int, search_width: int
) -> tuple[Candidates, NDArray[np.float32]]:
    """The same for a graph, as far as it can know."""
    positions = graph.nearest(probes, min(width, len(graph)), search_width)
    found = _candidates(graph.rows, positions, probes)
    missing = positions < 0
    if missing.any():
        found.subjects[missing] = found.faces[missing] = NOBODY
        found.similarities[missing] = -np.inf
    return found, beyond(found)


def _candidates(
    rows: Entries, positions: NDArray[np.int64], probes: NDArray[np.float32]
) -> Candidates:
    """The faces at `positions`, with cosines as every index gives them."""
    similarities = np.empty(positions.shape, np.float32)
    for row, own in enumerate(positions):
        similarities[row] = cosines(rows.vectors[own], probes[row])
    return Candidates(rows.subjects[positions], rows.keys[positions], similarities)


def _no_candidates(rows: int) -> Candidates:
    empty = np.empty((rows, 0), np.int64)
    return Candidates(empty, empty, empty.astype(np.float32))


def _side_by_side(left: Candidates, right: Candidates) -> Candidates:
    return Candidates(
        np.hstack([left.subjects, right.subjects]),
        np.hstack([left.faces, right.faces]),
        np.hstack([left.similarities, right.similarities]),
    )
