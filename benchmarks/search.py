"""How fast and how rightly are subjects found among a million templates, and beside bare FAISS?

Templates are unit vectors of 128 numbers in clusters, ten per subject; a probe is an eleventh of a
cluster. Two of one cluster have a mean cosine of 0.6, two of different clusters of 0. The store is
SQLite. Bare FAISS is what this process's own FAISS does with the same vectors and nothing around
it, asked in turns with ours.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import Answer, in_turns, options, summary, write_result
from vultus.domain.changes import NewSubject
from vultus.domain.gallery import Gallery
from vultus.domain.template import ModelId, Template
from vultus.gallery.search.faiss import FaissIndex
from vultus.gallery.search.graph import GraphOptions
from vultus.gallery.search.indexes import Indexes
from vultus.gallery.search.port import Hits
from vultus.gallery.search.snapshot import Snapshots
from vultus.gallery.store.opening import open_store
from vultus.gallery.store.requests import Enrolling, NewFace, NewGallery
from vultus.usecases.gallery.nearest import Nearest

DIM = 128
MODEL = ModelId("benchmark", "1")
FACES = 10
COSINE = 0.6
SUBJECTS_AT_ONCE = 1_000
BATCH = 64
TOP_K = 3
PROBES = 20_000
"""So many are asked to tell how often the right subject is found."""

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class People:
    """Subject s has the templates [s * faces, (s + 1) * faces), and the probe s."""

    templates: Vectors
    probes: Vectors

    @classmethod
    def drawn(cls, subjects: int, faces: int) -> "People":
        """Draw clusters around random directions."""
        chance = np.random.default_rng(0)
        middles = _unit(chance.standard_normal((subjects, DIM), np.float32))
        templates = _around(np.repeat(middles, faces, axis=0), chance)
        return cls(templates, _around(middles, chance))


def _around(middles: Vectors, chance: np.random.Generator) -> Vectors:
    # A cosine of sqrt(c) with the middle makes one of c between two around it.
    noise = np.sqrt((1 - COSINE) / COSINE / DIM)
    moved = middles + np.float32(noise) * chance.standard_normal(middles.shape, np.float32)
    return _unit(moved)


def _unit(rows: Vectors) -> Vectors:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--templates", type=int, default=1_000_000, help="of the large gallery")
    parser.add_argument("--subjects", type=int, default=100_000, help="of the one with a face each")
    parser.add_argument("--repeats", type=int, default=200)
    parser.add_argument("--links", type=int, default=GraphOptions().links)
    parser.add_argument("--build-width", type=int, default=GraphOptions().build_width)
    parser.add_argument("--search-width", type=int, default=GraphOptions().search_width)
    chosen = parser.parse_args()
    options_of_graph = GraphOptions(chosen.links, chosen.build_width, chosen.search_width)
    place = chosen.cache / "search"
    few = _Stored(place, People.drawn(chosen.subjects, 1))
    results = {"identify": _identify(few, chosen.repeats)}
    few.close()
    many = _Stored(place, People.drawn(chosen.templates // FACES, FACES))
    results |= {
        "start": _starts(many),
        "all_compared": _compared(many, chosen.repeats),
        "graph": _walked(many, options_of_graph, chosen.repeats),
    }
    many.close()
    settings = {
        "dim": DIM,
        "faces_per_subject": FACES,
        "mean_cosine_within": COSINE,
        "batch": BATCH,
        "top_k": TOP_K,
        "graph": {"links": chosen.links, "build_width": chosen.build_width},
        "faiss": faiss.__version__,
        "threads": {"single": 1, "batch": os.cpu_count()},
    }
    write_result(chosen.results, "search", __doc__, settings, results)


class _Stored:
    """People in a store of their own, which is kept for the next run."""

    def __init__(self, place: Path, people: People) -> None:
        place.mkdir(parents=True, exist_ok=True)
        count = len(people.templates)
        self.people = people
        self.faces = count // len(people.probes)
        self.saved = place / f"indexes-{count}"
        self.store = open_store(f"sqlite:///{place / f'{count}.db'}")
        self.gallery = self._filled()

    def close(self) -> None:
        self.store.close()

    def indexes(
        self, graph_from: int | None = None, options: GraphOptions | None = None
    ) -> Indexes:
        """Searches as a process that starts has them."""
        return Indexes(
            self.store,
            lambda gallery: FaissIndex(gallery.dim, graph_from=graph_from, options=options),
            Snapshots(self.saved if graph_from is None else self.saved.with_suffix(".graph")),
        )

    def owners(self, subjects: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which probe belongs to subjects by their keys, which rise as they were enrolled."""
        return subjects - self._first

    def _filled(self) -> Gallery:
        whole = len(self.people.templates)
        known = (
            each for each in self.store.galleries() if self.store.counts(each.id).faces == whole
        )
        gallery = next(known, None) or self._fill()
        page = next(self.store.changes(gallery.id, 0, limit=1))
        self._first = int(page.subjects[0])
        return gallery

    def _fill(self) -> Gallery:
        new = NewGallery(f"{len(self.people.templates)} {time.time_ns()}", MODEL, DIM)
        gallery = self.store.create_gallery(new, actor="benchmark")
        for first in range(0, len(self.people.probes), SUBJECTS_AT_ONCE):
            last = min(first + SUBJECTS_AT_ONCE, len(self.people.probes))
            entries = [self._entry(subject) for subject in range(first, last)]
            self.store.enroll(gallery.id, entries, actor="benchmark")
        return self.store.gallery(gallery.id)

    def _entry(self, subject: int) -> Enrolling:
        rows = self.people.templates[subject * self.faces : (subject + 1) * self.faces]
        return Enrolling(
            NewSubject(f"subject {subject}"), [NewFace(Template(row, MODEL)) for row in rows]
        )


def _identify(stored: _Stored, repeats: int) -> Answer:
    """A ready template through the use case, exactly: subjects by name, from the store."""
    follower = stored.indexes().of(stored.gallery)
    nearest = Nearest(stored.gallery.id, stored.store, follower)
    bare = _bare_flat(stored.people.templates)
    probes = _Probes(stored.people.probes, 1)
    return _beside(
        lambda: nearest.candidates(probes.next(), TOP_K, None),
        lambda: bare.search(probes.next(), TOP_K),
        probes,
        repeats,
    )


def _starts(stored: _Stored) -> Answer:
    """From nothing but the store, and from a snapshot, until the first answer."""
    one = stored.people.probes[:1]
    first = stored.indexes()
    follower = first.of(stored.gallery)
    rebuild_s = _seconds(follower.rebuild)
    save_s = _seconds(lambda: first.rebuild(stored.gallery)) - rebuild_s
    start_s = _seconds(lambda: stored.indexes().of(stored.gallery).search(one, TOP_K))
    return {"rebuild_s": rebuild_s, "save_s": round(save_s, 2), "start_from_snapshot_s": start_s}


def _compared(stored: _Stored, repeats: int) -> Answer:
    """Every template is compared with the probe."""
    search = stored.indexes().of(stored.gallery)
    return _alone_and_in_batches(
        search.search, _bare_flat(stored.people.templates), stored, repeats
    )


def _walked(stored: _Stored, options: GraphOptions, repeats: int) -> Answer:
    """A graph of all templates; bare FAISS walks the very same."""
    indexes = stored.indexes(1, options)
    search = indexes.of(stored.gallery)
    search.follow()
    build_s = _seconds(indexes.tend)
    again = stored.indexes(1, options)
    start_s = _seconds(lambda: again.of(stored.gallery).search(stored.people.probes[:1], TOP_K))
    bare = search.index._holding.graph.index
    bare.hnsw.efSearch = options.search_width
    return {
        "search_width": options.search_width,
        "build_s": build_s if search.taken_over else "kept from an earlier run",
        "start_from_snapshot_s": start_s,
        **_right(search.search, stored),
        **_alone_and_in_batches(search.search, bare, stored, repeats),
    }


def _right(search: Callable[[Vectors, int], Hits], stored: _Stored) -> Answer:
    found = [
        stored.owners(search(stored.people.probes[start : start + 1_000], 1).subjects[:, 0])
        for start in range(0, min(len(stored.people.probes), PROBES), 1_000)
    ]
    owners = np.concatenate(found)
    share = float((owners == np.arange(len(owners))).mean())
    return {"right_identity": round(share, 5), "probes": len(owners)}


def _alone_and_in_batches(
    search: Callable[[Vectors, int], Hits], bare: Any, stored: _Stored, repeats: int
) -> Answer:
    answers = {}
    for name, size, most in (("single", 1, repeats), (f"batch_{BATCH}", BATCH, repeats // 10)):
        probes = _Probes(stored.people.probes, size)
        answers[name] = _beside(
            lambda probes=probes: search(probes.next(), TOP_K),
            lambda probes=probes: bare.search(probes.next(), TOP_K),
            probes,
            most,
        )
    return answers


class _Probes:
    """Other probes each time, `size` at once."""

    def __init__(self, probes: Vectors, size: int) -> None:
        self.size = size
        self._probes = probes
        self._at = 0

    def next(self) -> Vectors:
        start = self._at
        self._at = (self._at + self.size) % (len(self._probes) - self.size)
        return self._probes[start : start + self.size]


def _beside(
    ours: Callable[[], object], bare: Callable[[], object], probes: _Probes, repeats: int
) -> Answer:
    """Milliseconds of both for the same number of probes, and queries per second."""

    def alone() -> object:
        faiss.omp_set_num_threads(1 if probes.size == 1 else os.cpu_count() or 1)
        return bare()

    asks = {"vultus": lambda: _timed(ours), "bare_faiss": lambda: _timed(alone)}
    ms = {
        name: summary([answer["ms"] for answer in given])
        for name, given in in_turns(asks, warm_up=3, repeats=repeats).items()
    }
    return {
        **{f"{name}_ms": figures for name, figures in ms.items()},
        **{f"{name}_qps": round(1_000 * probes.size / ms[name]["median"]) for name in ms},
        "times_bare": round(ms["vultus"]["median"] / ms["bare_faiss"]["median"], 3),
    }


def _timed(ask: Callable[[], object]) -> Answer:
    start = time.perf_counter()
    ask()
    return {"ms": 1_000 * (time.perf_counter() - start)}


def _seconds(work: Callable[[], object]) -> float:
    return round(_timed(work)["ms"] / 1_000, 2)


def _bare_flat(templates: Vectors) -> Any:
    index = faiss.IndexFlatIP(DIM)
    index.add(templates)
    return index


if __name__ == "__main__":
    main()
