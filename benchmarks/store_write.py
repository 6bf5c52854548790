"""How fast are templates written to a store and read from it, and how long do small requests take?

Templates of 128 numbers, each with the digest of an image, enrolled in transactions of 5,000: one
and five faces per subject, on SQLite and on PostgreSQL. All that belongs to a subject is written
with it: indexes, full text, audit event. Every commit waits for the disk.
"""

from collections.abc import Callable, Iterator
from time import perf_counter
from uuid import uuid4

import numpy as np

from benchmarks.databases import DATABASES, on_each
from benchmarks.harness import Answer, options, summary, write_result
from vultus.domain.changes import NewSubject
from vultus.domain.gallery import Gallery
from vultus.domain.template import ModelId, Template
from vultus.gallery.store.opening import open_store
from vultus.gallery.store.requests import Enrolling, NewFace, NewGallery, SubjectQuery
from vultus.gallery.store.sql.store import SqlStore

MODEL = ModelId("measured", "1")
DIM = 128
AT_ONCE = 5_000
ACTOR = "benchmark"
FIRST = ("Ada", "Bob", "Carol", "Dmitri", "Elena", "Farid", "Grace", "Hiro", "Ines", "Jamal")
LAST = ("Lovelace", "Smith", "Nguyen", "Okafor", "Garcia", "Ivanova", "Khan", "Müller", "Rossi")


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=list(DATABASES))
    parser.add_argument("--templates", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    chosen = parser.parse_args()
    results = on_each(chosen.databases, lambda url: _measure(url, chosen.templates, chosen.repeats))
    settings = {"templates": chosen.templates, "dim": DIM, "templates_per_transaction": AT_ONCE}
    write_result(chosen.results, "store_write", __doc__, settings, results)


def _measure(url: str, templates: int, repeats: int) -> Answer:
    store = open_store(url)
    writing = {
        f"{per_subject}_per_subject": [
            _write(store, templates, per_subject) for _ in range(repeats)
        ]
        for per_subject in (1, 5)
    }
    gallery = store.galleries()[0]
    answer = {
        "written_per_s": {name: summary(each) for name, each in writing.items()},
        "read_per_s": summary([_read(store, gallery) for _ in range(repeats)]),
        "ms": _small_requests(store, gallery),
    }
    store.close()
    return answer


def _write(store: SqlStore, templates: int, per_subject: int) -> float:
    """Templates per second."""
    gallery = store.create_gallery(NewGallery(uuid4().hex, MODEL, DIM), actor=ACTOR)
    spent_s = 0.0
    for entries in _batches(templates, per_subject):
        start = perf_counter()
        store.enroll(gallery.id, entries, actor=ACTOR)
        spent_s += perf_counter() - start
    return templates / spent_s


def _batches(templates: int, per_subject: int) -> Iterator[list[Enrolling]]:
    chance = np.random.default_rng(0)
    for first in range(0, templates, AT_ONCE):
        vectors = chance.standard_normal((AT_ONCE, DIM)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        faces = [
            NewFace(Template(vector, MODEL), source_digest=uuid4().hex * 2) for vector in vectors
        ]
        yield [
            Enrolling(_person(first + at), faces[at : at + per_subject])
            for at in range(0, AT_ONCE, per_subject)
        ]


def _person(number: int) -> NewSubject:
    name = f"{FIRST[number % 10]} {LAST[number // 10 % 9]} {number // 90:x}"
    return NewSubject(name, f"E{number}", {"department": f"d{number % 50}"})


def _read(store: SqlStore, gallery: Gallery) -> float:
    """Templates per second, as an index reads them when it is built."""
    start = perf_counter()
    count = sum(len(page.keys) for page in store.changes(gallery.id, 0))
    return count / (perf_counter() - start)


def _small_requests(store: SqlStore, gallery: Gallery) -> Answer:
    keys = next(store.changes(gallery.id, 0, limit=100)).subjects[:5]
    entries = (each for batch in _batches(AT_ONCE, 1) for each in batch)
    fresh = store.create_gallery(NewGallery(uuid4().hex, MODEL, DIM), actor=ACTOR)
    prefix, typo = SubjectQuery("lovel 3f"), SubjectQuery("Lovelase")
    attribute = SubjectQuery(attributes={"department": "d7"})
    asks: dict[str, Callable[[], object]] = {
        "revision": lambda: store.revision(gallery.id),
        "five_subjects_by_key": lambda: store.subjects_by_key(gallery.id, keys),
        "enroll_one": lambda: store.enroll(fresh.id, [next(entries)], actor=ACTOR),
        "list_50": lambda: store.subjects(gallery.id),
        "find_prefix": lambda: store.subjects(gallery.id, prefix),
        "find_typo": lambda: store.subjects(gallery.id, typo),
        "find_attribute": lambda: store.subjects(gallery.id, attribute),
    }
    return {name: _times(ask) for name, ask in asks.items()}


def _times(ask: Callable[[], object], repeats: int = 50) -> dict[str, float]:
    samples = []
    for _ in range(repeats + 5):
        start = perf_counter()
        ask()
        samples.append((perf_counter() - start) * 1000)
    return summary(samples[5:])


if __name__ == "__main__":
    main()
