"""An enroll that is killed at some moment, again and again, and what is left of it."""

import random
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import sleep

import pytest
from sqlalchemy import select, update

from painted import painted
from painted_galleries import painted_galleries
from vultus.blobs.files import DirectoryBlobStore
from vultus.domain.gallery import GalleryCounts
from vultus.domain.outcome import AlreadyThere, Enrolled
from vultus.gallery.store.opening import open_store
from vultus.gallery.store.sql.store import SqlStore
from vultus.gallery.store.sql.tables import doomed_blobs
from vultus.usecases.gallery.enroll import Lookalikes
from vultus.usecases.gallery.galleries import Galleries
from vultus.usecases.gallery.intake.source import photos_from
from vultus.usecases.gallery.opened import OpenGallery

PEOPLE, PHOTOS_EACH = 15, 2
LONGEST_S = 0.12


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A folder with two photos of each of fifteen people."""
    folder = tmp_path / "people"
    for person in range(PEOPLE):
        for number in range(PHOTOS_EACH):
            painted(folder / f"person {person}" / f"{number}.png", (250, person, number))
    return folder


@pytest.mark.parametrize(
    ("seed", "times"),
    [(0, 4), *(pytest.param(seed, 12, marks=pytest.mark.slow) for seed in (1, 2, 3))],
)
def test_of_an_enroll_that_is_killed_nothing_is_lost_half_written_or_left_behind(
    store: SqlStore, store_url: str, people: Path, tmp_path: Path, seed: int, times: int
) -> None:
    chance = random.Random(seed)
    blobs = DirectoryBlobStore(tmp_path / "blobs")
    galleries = _galleries(store, blobs)
    gallery = galleries.create("staff", keep_crops=True)
    acknowledged: set[str] = set()
    for _ in range(times):
        acknowledged |= _enroll_and_die(store_url, people, tmp_path, chance.uniform(0, LONGEST_S))
        assert acknowledged <= set(_crops(gallery))
        _check(gallery, store, blobs)
    assert [type(outcome) for outcome in gallery.enroll_from(people)].count(AlreadyThere) >= len(
        acknowledged
    )
    assert gallery.counts == GalleryCounts(PEOPLE, PEOPLE * PHOTOS_EACH)
    _check(gallery, store, blobs)
    _let_time_pass(store)
    galleries.purge()
    assert sorted(blobs.names()) == sorted(_crops(gallery).values())


def _enroll_and_die(url: str, people: Path, home: Path, after_s: float) -> set[str]:
    """Let a process enroll, kill it after some time; give the faces of which it has told."""
    ours, theirs = get_context("spawn").Pipe(duplex=False)
    process = get_context("spawn").Process(target=_enroll, args=(url, people, home, theirs))
    process.start()
    theirs.close()
    told = []
    with ours:
        assert ours.recv() == "ready"
        sleep(after_s)
        process.kill()
        process.join()
        while True:
            try:
                told.append(ours.recv())
            except EOFError:
                return set(told)


def _enroll(url: str, people: Path, home: Path, pipe: Connection) -> None:
    store = open_store(url)
    gallery = _galleries(store, DirectoryBlobStore(home / "blobs")).open("staff")
    with photos_from(people) as photos:
        pipe.send("ready")
        for outcome in gallery.enroll_photos(photos):
            assert isinstance(outcome, Enrolled | AlreadyThere)
            pipe.send(outcome.face_id)


def _galleries(store: SqlStore, blobs: DirectoryBlobStore) -> Galleries:
    return painted_galleries(store, blobs, lookalikes=Lookalikes.IGNORE)


def _crops(gallery: OpenGallery) -> dict[str, str]:
    """The names of all crops by the ids of their faces; every face has one."""
    faces = [
        face for found in gallery.subjects(limit=100).items for face in gallery.faces(found.subject)
    ]
    return {face.id: str(face.crop) for face in faces}


def _check(gallery: OpenGallery, store: SqlStore, blobs: DirectoryBlobStore) -> None:
    assert all(found.face_count for found in gallery.subjects(limit=100).items)
    assert gallery.check_index().check.clean
    crops, there = set(_crops(gallery).values()), set(blobs.names())
    assert crops <= there
    # What no face has is noted: nothing has to be searched for.
    with store.database.reading() as connection:
        assert there - crops <= set(connection.execute(select(doomed_blobs.c.name)).scalars())


def _let_time_pass(store: SqlStore) -> None:
    """Let the crops that dead processes held for faces have been held for long enough."""
    held = doomed_blobs.c.held_until.is_not(None)
    past = datetime.now(UTC) - timedelta(days=1)
    with store.database.writing() as connection:
        connection.execute(update(doomed_blobs).where(held).values(held_until=past))
