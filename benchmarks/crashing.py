"""A bulk enroll that is killed at some moment, and what is left of it."""

import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic, sleep
from uuid import uuid4

from benchmarks.harness import CHECKOUT
from benchmarks.workers.store_writer import DIM, MODEL, SUBJECTS, batch
from vultus.domain.gallery import EnrolledSubject, Gallery
from vultus.gallery.search.check import check_index
from vultus.gallery.search.exact import ExactIndex
from vultus.gallery.search.follower import Follower
from vultus.gallery.store.requests import Enrolling, GalleryChange, NewGallery, SubjectQuery
from vultus.gallery.store.sql.store import SqlStore

WRITER = CHECKOUT / "benchmarks" / "workers" / "store_writer.py"
ACTOR = "crash"


@dataclass(frozen=True, slots=True)
class Remains:
    """What a killed writer left: batches it had acknowledged, batches found, and what is wrong."""

    acknowledged: int
    found: int
    problems: tuple[str, ...]


def kill_while_enrolling(store: SqlStore, url: str, after_s: float) -> Remains:
    """Let a process enroll into a new gallery, kill it after some time, and look what is there.

    An index of this process follows the gallery meanwhile.
    """
    gallery = store.create_gallery(NewGallery(uuid4().hex, MODEL, DIM), actor=ACTOR)
    follower = Follower(store, gallery.id, ExactIndex(DIM))
    acknowledged = _write_and_die(url, gallery, after_s, follower)
    # Waits until the server, too, is done with the writer's last transaction.
    store.update_gallery(gallery.id, GalleryChange(), actor=ACTOR)
    batches = _batches(store.export_subjects(gallery.id))
    problems = (
        *_missing(acknowledged, batches),
        *_half_written(batches),
        *_untold(store, gallery, batches),
        *_index_problems(store, gallery, follower),
    )
    return Remains(acknowledged, len(batches), problems)


def _write_and_die(url: str, gallery: Gallery, after_s: float, follower: Follower) -> int:
    command = [sys.executable, str(WRITER), url, gallery.id]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        end = monotonic() + after_s
        while monotonic() < end:
            follower.follow()
            sleep(0.005)
        writer.kill()
        return len(writer.stdout.read().splitlines())


def _batches(exported: Iterator[EnrolledSubject]) -> dict[int, dict[str, EnrolledSubject]]:
    """What is there, by the number of the batch and the name of the subject."""
    found: defaultdict[int, dict[str, EnrolledSubject]] = defaultdict(dict)
    for each in exported:
        name = each.enrollment.subject.name
        found[int(name.split()[0].removeprefix("batch"))][name] = each
    return found


def _missing(acknowledged: int, batches: dict[int, dict[str, EnrolledSubject]]) -> Iterator[str]:
    # The batch that was under way may be there as well: it was written, and nobody was told.
    allowed = (set(range(acknowledged)), set(range(acknowledged + 1)))
    if set(batches) not in allowed:
        yield f"{acknowledged} batches were acknowledged, and {sorted(batches)} are there"


def _half_written(batches: dict[int, dict[str, EnrolledSubject]]) -> Iterator[str]:
    for number, there in batches.items():
        given = {_name(entry): entry for entry in batch(number)}
        if set(given) != set(there):
            yield f"batch {number} has {len(there)} of {SUBJECTS} subjects"
        for name in set(given) & set(there):
            templates = [face.template for face in given[name].faces]
            if [face.template for face in there[name].faces] != templates:
                yield f"{name} has other faces than it was given"


def _untold(
    store: SqlStore, gallery: Gallery, batches: dict[int, dict[str, EnrolledSubject]]
) -> Iterator[str]:
    expected = gallery.revision + len(batches)
    if store.revision(gallery.id) != expected:
        yield f"the revision is {store.revision(gallery.id)}, not {expected}"
    events = store.events(gallery_id=gallery.id, limit=1_000_000)
    if len(events) != 1 + sum(map(len, batches.values())):
        yield f"{len(events)} events tell of {len(batches)} batches"
    for number in batches:
        query = SubjectQuery(f"batch{number} subject")
        page = store.subjects(gallery.id, query, limit=SUBJECTS)
        if {item.subject.name for item in page.items} != set(batches[number]):
            yield f"batch {number} is not what searching for it finds"


def _index_problems(store: SqlStore, gallery: Gallery, follower: Follower) -> Iterator[str]:
    checked = check_index(store, gallery.id, follower)
    if not checked.clean:
        yield f"the index differs: {checked}"


def _name(entry: Enrolling) -> str:
    assert not isinstance(entry.subject, str)
    return entry.subject.name
