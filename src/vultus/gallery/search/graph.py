"""A graph of templates (HNSW) that is searched by walking from neighbour to neighbour.

Source: Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using
Hierarchical Navigable Small World graphs", IEEE TPAMI 42 (2020).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from vultus.gallery.search.port import Entries
from vultus.gallery.search.rows import taken

STEP = 20_000
"""Rows that are linked in between two questions whether to go on."""


@dataclass(frozen=True, slots=True)
class GraphOptions:
    """How a graph is built and walked; more of anything finds more and takes longer.

    `links` per template and level (HNSW's M), `build_width` and `search_width` candidates kept on
    the way (efConstruction, efSearch).
    """

    links: int = 32
    build_width: int = 40
    search_width: int = 256


class Graph:
    """At least one template, linked once; none is added later, but some may die.

    Reading is safe between threads; killing needs to be alone.
    """

    def __init__(
        self,
        index: Any,
        keys: NDArray[np.int64],
        subjects: NDArray[np.int64],
        dead: NDArray[np.bool_] | None = None,
    ) -> None:
        """Wrap a `faiss.IndexHNSWFlat` whose row i is the face keys[i] of subjects[i].

        A face may stand in several rows, of which all but one are dead.
        """
        self.index = index
        self.rows = Entries(keys, subjects, _vectors(index))
        self._bury(np.zeros(len(keys), np.bool_) if dead is None else dead)
        alive = np.flatnonzero(~self.dead)
        self._by_key = alive[np.argsort(keys[alive])]
        self._sorted_keys = keys[self._by_key]

    @classmethod
    def grown(
        cls, base: "Graph | None", rows: Entries, options: GraphOptions, go_on: Callable[[], bool]
    ) -> "Graph | None":
        """Link `rows` into a copy of `base`, or into a new graph; None when told not to go on."""
        index = faiss.clone_index(base.index) if base else _empty(rows.vectors.shape[1], options)
        for start in range(0, len(rows.keys), STEP):
            if not go_on():
                return None
            index.add(rows.vectors[start : start + STEP])
        if base is None:
            return cls(index, rows.keys, rows.subjects)
        return cls(
            index,
            np.concatenate([base.rows.keys, rows.keys]),
            np.concatenate([base.rows.subjects, rows.subjects]),
            np.concatenate([base.dead, np.zeros(len(rows.keys), np.bool_)]),
        )

    def __len__(self) -> int:
        return self._alive

    def alive(self) -> Entries:
        """All rows that are not dead, as arrays of their own."""
        return taken(self.rows, np.flatnonzero(~self.dead))

    def entries_of(self, keys: NDArray[np.int64]) -> Entries:
        """The rows of those of the given keys that are here and alive."""
        return taken(self.rows, self._positions(keys))

    def kill(self, keys: NDArray[np.int64]) -> None:
        """Never find these faces again, and forget their templates.

        `dead` becomes another array: who has the old one keeps it.
        """
        positions = self._positions(keys)
        if len(positions):
            dead = self.dead.copy()
            dead[positions] = True
            self._bury(dead)
            self._forget(positions)

    def nearest(
        self, probes: NDArray[np.float32], width: int, search_width: int
    ) -> NDArray[np.int64]:
        """Give the positions of the (Q, width) nearest rows; -1 where fewer were found."""
        walk = faiss.SearchParametersHNSW(efSearch=max(search_width, width), sel=self._selector)
        positions: NDArray[np.int64] = self.index.search(probes, width, params=walk)[1]
        return positions

    def _bury(self, dead: NDArray[np.bool_]) -> None:
        self.dead = dead
        self._alive = len(dead) - int(np.count_nonzero(dead))
        self._selector = _excluding(dead)

    def _forget(self, positions: NDArray[np.int64]) -> None:
        """Put the template of a living neighbour in place of each, so that paths still lead by."""
        neighbours = self._neighbours(positions)
        living = (neighbours >= 0) & ~self.dead[neighbours]
        nearest = neighbours[np.arange(len(positions)), living.argmax(axis=1)]
        heirs = self.rows.vectors[nearest]
        heirs[~living.any(axis=1)] = 0
        self.rows.vectors[positions] = heirs

    def _neighbours(self, positions: NDArray[np.int64]) -> NDArray[np.int32]:
        """(N, 2 * links) positions that the rows are linked to; -1 where there are fewer."""
        hnsw = self.index.hnsw
        links = faiss.rev_swig_ptr(hnsw.neighbors.data(), hnsw.neighbors.size())
        offsets = faiss.rev_swig_ptr(hnsw.offsets.data(), hnsw.offsets.size())
        starts = offsets[positions].astype(np.int64)
        found: NDArray[np.int32] = links[starts[:, None] + np.arange(hnsw.nb_neighbors(0))]
        return found

    def _positions(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where those of the given keys stand that are here and alive."""
        if not len(self._by_key):
            return self._by_key
        slots = np.minimum(np.searchsorted(self._sorted_keys, keys), len(self._by_key) - 1)
        positions: NDArray[np.int64] = self._by_key[slots[self._sorted_keys[slots] == keys]]
        return positions[~self.dead[positions]]


def _empty(dim: int, options: GraphOptions) -> Any:
    index = faiss.IndexHNSWFlat(dim, options.links, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = options.build_width
    return index


def _vectors(index: Any) -> NDArray[np.float32]:
    """The (N, D) templates that the graph itself holds, without a copy: valid as long as it."""
    flat = faiss.downcast_index(index.storage)
    held: NDArray[np.float32] = faiss.rev_swig_ptr(flat.get_xb(), flat.ntotal * flat.d)
    return held.reshape(flat.ntotal, flat.d)


def _excluding(dead: NDArray[np.bool_]) -> Any:
    """What tells FAISS to pass over the dead; None when there are none."""
    if not dead.any():
        return None
    return faiss.IDSelectorNot(faiss.IDSelectorBitmap(np.packbits(dead, bitorder="little")))
