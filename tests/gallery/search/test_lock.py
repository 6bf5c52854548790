from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from threading import Barrier, Event, Thread
from time import monotonic, sleep

import pytest

from vultus.gallery.search.lock import SharedLock

SOON_S = 5
NOT_YET_S = 0.05

Hold = Callable[[SharedLock], AbstractContextManager[None]]


def started(*works) -> list[Thread]:
    """Threads at work; a lock that is never given back does not keep the tests from ending."""
    threads = [Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    return threads


def join(threads: Iterable[Thread]) -> None:
    for thread in threads:
        thread.join(SOON_S)
        assert not thread.is_alive()


def test_many_read_at_once() -> None:
    lock, together = SharedLock(), Barrier(3, timeout=SOON_S)

    def read() -> None:
        with lock.shared():
            together.wait()

    join(started(read, read, read))
    assert not together.broken


def test_a_writer_is_alone() -> None:
    lock, inside, go_on, wrote = SharedLock(), Event(), Event(), Event()

    def read() -> None:
        with lock.shared():
            inside.set()
            go_on.wait(SOON_S)

    def write() -> None:
        inside.wait(SOON_S)
        with lock.exclusive():
            wrote.set()

    threads = started(read, write)
    inside.wait(SOON_S)
    assert not wrote.wait(NOT_YET_S)
    go_on.set()
    assert wrote.wait(SOON_S)
    join(threads)


def test_a_writer_that_waits_goes_before_readers_that_come_later() -> None:
    lock, order = SharedLock(), []
    inside, go_on = Event(), Event()

    def first() -> None:
        with lock.shared():
            inside.set()
            go_on.wait(SOON_S)

    def write() -> None:
        with lock.exclusive():
            order.append("writer")

    def late() -> None:
        with lock.shared():
            order.append("reader")

    threads = started(first)
    inside.wait(SOON_S)
    threads += started(write)
    deadline = monotonic() + SOON_S
    while not lock._writers_waiting:
        assert monotonic() < deadline
        sleep(0.001)
    threads += started(late)
    assert not order
    go_on.set()
    join(threads)
    assert order == ["writer", "reader"]


@pytest.mark.parametrize("hold", [SharedLock.shared, SharedLock.exclusive])
def test_an_error_inside_gives_the_lock_back(hold: Hold) -> None:
    lock, taken = SharedLock(), Event()
    with pytest.raises(ZeroDivisionError), hold(lock):
        raise ZeroDivisionError

    def take() -> None:
        with lock.exclusive():
            taken.set()

    join(started(take))
    assert taken.is_set()
