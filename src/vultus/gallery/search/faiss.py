"""FAISS in this process: compares every template, or walks a graph where they are many."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import faiss
import numpy as np
from numpy.typing import NDArray

from vultus.domain.gallery import TemplateChanges
from vultus.gallery.search.exact import gather
from vultus.gallery.search.graph import Graph, GraphOptions
from vultus.gallery.search.holding import Holding
from vultus.gallery.search.holding_files import read_holding, write_holding
from vultus.gallery.search.lock import SharedLock
from vultus.gallery.search.port import Entries, Hits
from vultus.gallery.search.ranking import check_probes
from vultus.gallery.search.rows import Rows

NO_KEYS = np.empty(0, np.int64)


class FaissIndex:
    """A `TemplateIndex` in memory: exact by default, and approximate from a given size on.

    With `graph_from`, that many templates or more are linked into a graph by `tend`. What is
    enrolled later is compared one by one until the next `tend`; what is deleted is passed over, and
    gone from the graph when enough is deleted for it to be built anew.
    """

    def __init__(
        self,
        dim: int,
        *,
        graph_from: int | None = None,
        options: GraphOptions | None = None,
        threads: int | None = None,
    ) -> None:
        """Start empty, for templates of `dim` numbers.

        Args:
            dim: numbers in a template.
            graph_from: templates from which on a graph is used; None compares with all, always.
            options: how the graph is built and walked.
            threads: used for one batch of probes at a time and for the graph; None takes all
                cores. A single probe is searched by the thread that asks.
        """
        self._dim = dim
        self._graph_from = graph_from
        self._options = options or GraphOptions()
        self._threads = threads or os.cpu_count() or 1
        self._holding = Holding(Rows(dim))
        self._revision = 0
        self._lock = SharedLock()
        self._tending = Lock()
        self._changed_meanwhile = [NO_KEYS]
        self._all_threads = Lock()
        self._closed = False

    @property
    def revision(self) -> int:
        """See `TemplateIndex`."""
        return self._revision

    @property
    def recipe(self) -> str:
        """What must be the same for a saved index to be one that this would have become."""
        if self._graph_from is None:
            return "no graph"
        links, width = self._options.links, self._options.build_width
        return f"graph from {self._graph_from}, {links} links, build width {width}"

    def __len__(self) -> int:
        with self._lock.shared():
            return len(self._holding)

    def apply(self, changes: TemplateChanges) -> None:
        """See `TemplateIndex`."""
        with self._lock.exclusive():
            if changes.revision <= self._revision:
                return
            self._holding.apply(changes)
            if self._tending.locked():
                self._changed_meanwhile += [changes.keys, changes.removed]
            self._revision = changes.revision

    def replace(self, pages: Iterable[TemplateChanges]) -> None:
        """See `TemplateIndex`; without a graph until the next `tend`."""
        rows, revision = gather(pages, self._dim)
        self._become(Holding(rows), revision)

    def search(self, probes: NDArray[np.float32], k: int) -> Hits:
        """See `TemplateIndex`. Exact without a graph; with one, it may miss a subject."""
        asked = check_probes(probes, self._dim, k)
        with self._lock.shared(), self._threads_for(len(asked)):
            return self._holding.search(asked, k, self._options.search_width)

    def keys(self) -> NDArray[np.int64]:
        """See `TemplateIndex`."""
        with self._lock.shared():
            return np.sort(self._holding.everything().keys)

    def entries(self, keys: NDArray[np.int64]) -> Entries:
        """See `TemplateIndex`."""
        with self._lock.shared():
            return self._holding.entries_of(keys)

    def drop(self) -> None:
        """See `TemplateIndex`; it keeps nothing outside this process."""

    def tend(self) -> bool:
        """Bring the graph up to date if that is due; searches and changes go on meanwhile.

        Takes minutes for millions of templates. Says whether the graph was changed. While one
        thread tends, others return at once.
        """
        if self._graph_from is None or not self._tending.acquire(blocking=False):
            return False
        try:
            return self._tend(self._graph_from)
        finally:
            self._tending.release()

    def close(self) -> None:
        """Let a `tend` that runs in another thread give up soon."""
        self._closed = True

    def save(self, folder: Path) -> int:
        """Write what it holds into files of `folder`; give the revision that they have."""
        with self._lock.shared():
            frozen, revision = self._holding.frozen(), self._revision
        write_holding(folder, frozen)
        return revision

    def load(self, folder: Path, revision: int) -> None:
        """Hold what `save` wrote, as of `revision`.

        Raises:
            Exception: the files are not what `save` writes. It holds what it held.
        """
        self._become(read_holding(folder, self._dim), revision)

    def _become(self, holding: Holding, revision: int) -> None:
        with self._lock.exclusive():
            self._holding, self._revision = holding, revision

    def _tend(self, graph_from: int) -> bool:
        with self._lock.exclusive():
            held = self._holding
            held.unlink_if_few(graph_from)
            work = held.overdue(graph_from)
            self._changed_meanwhile = [NO_KEYS]
        if work is None:
            return False
        faiss.omp_set_num_threads(self._threads)
        graph = Graph.grown(work.base, work.rows, self._options, lambda: not self._closed)
        if graph is None:
            return False
        with self._lock.exclusive():
            if self._holding is held:  # and no other took its place
                held.link(graph, work.rows.keys, np.concatenate(self._changed_meanwhile))
        return True

    @contextmanager
    def _threads_for(self, probes: int) -> Iterator[None]:
        """Let FAISS use several threads, for a batch at a time: two would only fight.

        FAISS asks OpenMP, which keeps the number per thread: other threads are not concerned.
        """
        several = probes > 1 and self._all_threads.acquire(blocking=False)
        faiss.omp_set_num_threads(self._threads if several else 1)
        try:
            yield
        finally:
            if several:
                self._all_threads.release()
