"""A `Holding` as files: arrays, and a graph as FAISS writes it."""

from pathlib import Path

import faiss
import numpy as np

from vultus.gallery.search.graph import Graph
from vultus.gallery.search.holding import Holding
from vultus.gallery.search.port import Entries
from vultus.gallery.search.rows import Rows

YOUNG = "young.npz"
GRAPH = "graph.faiss"
GRAPH_FACES = "graph.npz"


def write_holding(folder: Path, holding: Holding) -> None:
    """Write the files into an empty folder.

    Raises:
        OSError: they cannot be written.
    """
    young = holding.young.entries
    np.savez(folder / YOUNG, keys=young.keys, subjects=young.subjects, vectors=young.vectors)
    if holding.graph is not None:
        faces, dead = holding.graph.rows, holding.graph.dead
        np.savez(folder / GRAPH_FACES, keys=faces.keys, subjects=faces.subjects, dead=dead)
        # FAISS itself tells a full disk by a RuntimeError, or not at all when it closes the file.
        with (folder / GRAPH).open("wb") as file:
            faiss.write_index(holding.graph.index, faiss.PyCallbackIOWriter(file.write))


def read_holding(folder: Path, dim: int) -> Holding:
    """Read the files again.

    Raises:
        ValueError, KeyError, OSError, RuntimeError: they are not what `write_holding` writes.
    """
    with np.load(folder / YOUNG) as young:
        entries = Entries(young["keys"], young["subjects"], young["vectors"])
    _check("young templates", entries, dim)
    graph = _read_graph(folder, dim) if (folder / GRAPH).exists() else None
    old = graph.rows.keys[~graph.dead] if graph is not None else entries.keys[:0]
    if len(np.unique(np.concatenate([entries.keys, old]))) != len(entries.keys) + len(old):
        raise ValueError("a face stands there twice")
    return Holding(Rows.of(entries), graph)


def _read_graph(folder: Path, dim: int) -> Graph:
    index = faiss.read_index(str(folder / GRAPH))
    with np.load(folder / GRAPH_FACES) as faces:
        keys, subjects, dead = faces["keys"], faces["subjects"], faces["dead"]
    if not isinstance(index, faiss.IndexHNSWFlat) or index.ntotal != len(keys):
        raise ValueError("the graph is of another kind or size than its faces")
    if index.metric_type != faiss.METRIC_INNER_PRODUCT or dead.shape != keys.shape:
        raise ValueError("the graph is not one of cosines")
    graph = Graph(index, keys, subjects, dead)
    _check("rows of the graph", graph.rows, dim)
    return graph


def _check(what: str, entries: Entries, dim: int) -> None:
    count = len(entries.keys)
    shapes = [each.shape for each in (entries.keys, entries.subjects, entries.vectors)]
    if shapes != [(count,), (count,), (count, dim)]:
        raise ValueError(f"{what} have the shapes {shapes}")
    kinds = [each.dtype for each in (entries.keys, entries.subjects, entries.vectors)]
    if kinds != [np.int64, np.int64, np.float32]:
        raise ValueError(f"{what} are of the types {kinds}")
