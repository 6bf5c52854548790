"""Several processes that enroll into one gallery."""

import multiprocessing
from multiprocessing.pool import Pool
from multiprocessing.synchronize import Barrier

import pytest

from painted import BLUE, RED, photo
from painted_galleries import painted_galleries
from vultus.domain.changes import NewSubject
from vultus.domain.gallery import GalleryCounts
from vultus.domain.outcome import AlreadyThere, Enrolled
from vultus.gallery.store.opening import open_store
from vultus.usecases.gallery.enroll import Lookalikes
from vultus.usecases.gallery.opened import OpenGallery

PROCESSES = 3
NAMES = [f"Ada {number}" for number in range(12)]

barrier: Barrier


@pytest.fixture(scope="module")
def processes():
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(PROCESSES, _started, (spawn.Barrier(PROCESSES),)) as pool:
        yield pool


def test_processes_that_enroll_one_new_person_make_one_subject(
    gallery: OpenGallery, store_url: str, processes: Pool
) -> None:
    work = [(store_url, number, "photos") for number in range(PROCESSES)]
    outcomes = processes.starmap(_enroll_all, work, chunksize=1)
    assert [(kind, alike) for each in outcomes for kind, alike in each] == [
        ("Enrolled", False)
    ] * len(NAMES) * PROCESSES
    assert gallery.counts == GalleryCounts(len(NAMES), PROCESSES * len(NAMES))
    assert gallery.check_index().check.clean


def test_processes_that_enroll_one_photo_add_one_face(
    gallery: OpenGallery, store_url: str, processes: Pool
) -> None:
    work = [(store_url, 0, "photos")] * PROCESSES
    outcomes = processes.starmap(_enroll_all, work, chunksize=1)
    kinds = [kind for each in outcomes for kind, _ in each]
    assert kinds.count("Enrolled") == len(NAMES)
    assert kinds.count("AlreadyThere") == len(NAMES) * (PROCESSES - 1)
    assert gallery.counts == GalleryCounts(len(NAMES), len(NAMES))


def test_processes_that_add_templates_of_one_new_person_make_one_subject(
    gallery: OpenGallery, store_url: str, processes: Pool
) -> None:
    work = [(store_url, number, "templates") for number in range(PROCESSES)]
    processes.starmap(_enroll_all, work, chunksize=1)
    assert gallery.counts == GalleryCounts(len(NAMES), PROCESSES * len(NAMES))


def _started(given: Barrier) -> None:
    global barrier
    barrier = given


def _enroll_all(url: str, number: int, what: str) -> list[tuple[str, bool]]:
    """Enroll a person of each name, everybody at the same moment.

    Says what became of each, and whether it was taken for another of its own name.
    """
    store = open_store(url)
    gallery = painted_galleries(store, lookalikes=Lookalikes.NOTE).open("staff")
    enrolled = []
    for at, name in enumerate(NAMES):
        barrier.wait(timeout=60)
        if what == "templates":
            gallery.enroll_templates(name, [[1, number, at]])
            continue
        (outcome,) = gallery.enroll(NewSubject(name), _photo_of(at, number))
        assert isinstance(outcome, Enrolled | AlreadyThere)
        alike = outcome.looks_like if isinstance(outcome, Enrolled) else None
        enrolled.append((type(outcome).__name__, alike is not None and alike.subject.name == name))
    gallery.close()
    return enrolled


def _photo_of(person: int, number: int) -> bytes:
    """A photo of one of many people, no two alike, and hardly different with the number."""
    share = person / (len(NAMES) - 1)
    red, _, blue = (
        round(one * (1 - share) + other * share) for one, other in zip(RED, BLUE, strict=True)
    )
    return photo((red, 10 + number, blue))
