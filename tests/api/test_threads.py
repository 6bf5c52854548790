"""Threads of which the one that worked last works next."""

import gc
import time
import weakref
from collections.abc import Iterator
from concurrent.futures import Future, wait
from threading import Event, current_thread

import pytest

from vultus.api.threads import WarmThreads

PATIENCE_S = 5


class Thing:
    """Something that work holds."""


@pytest.fixture
def threads() -> Iterator[WarmThreads]:
    """Two of them."""
    threads = WarmThreads("test", 2)
    yield threads
    threads.close()


def name() -> str:
    return current_thread().name


def until_free(threads: WarmThreads, count: int) -> None:
    """Wait until so many are free: that is a moment after the result of their work is known."""
    for _ in range(1_000):
        if len(threads._idle) == count:
            return
        time.sleep(0.001)
    raise AssertionError("no thread gets free")


@pytest.mark.parametrize("last", [0, 1])
def test_the_thread_that_worked_last_works_next(threads: WarmThreads, last: int) -> None:
    ends = [Event(), Event()]
    both = [threads.submit(lambda end=end: (end.wait(PATIENCE_S), name())) for end in ends]
    ends[1 - last].set()
    until_free(threads, 1)
    ends[last].set()
    until_free(threads, 2)
    following = set()
    for _ in range(20):
        following.add(threads.submit(name).result(PATIENCE_S))
        until_free(threads, 2)
    assert following == {both[last].result()[1]}


def test_so_many_work_at_once_as_there_are_and_the_others_in_their_order(
    threads: WarmThreads,
) -> None:
    may_end, begun = Event(), list[int]()

    def work(number: int) -> None:
        begun.append(number)
        may_end.wait(PATIENCE_S)

    all_of_it = [threads.submit(lambda number=number: work(number)) for number in range(8)]
    while len(begun) < 2:
        time.sleep(0.001)
    assert set(begun) == {0, 1}
    may_end.set()
    wait(all_of_it, PATIENCE_S)
    assert sorted(begun) == list(range(8))
    # Two take in order; which of the two notes it first is chance.
    assert all(abs(place - number) <= 1 for place, number in enumerate(begun))


def test_errors_come_out_and_do_not_end_the_thread(threads: WarmThreads) -> None:
    failed: Future[float] = threads.submit(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        failed.result(PATIENCE_S)
    assert threads.submit(lambda: 7).result(PATIENCE_S) == 7


def test_what_is_given_up_while_it_waits_is_never_begun(threads: WarmThreads) -> None:
    may_end, begun = Event(), list[str]()
    working = [threads.submit(lambda: may_end.wait(PATIENCE_S)) for _ in range(2)]
    waiting = threads.submit(lambda: begun.append("given up"))
    after = threads.submit(lambda: begun.append("after"))
    assert waiting.cancel()
    assert not working[0].cancel()
    may_end.set()
    after.result(PATIENCE_S)
    assert begun == ["after"]


def test_closing_finishes_what_was_submitted() -> None:
    threads, done = WarmThreads("test", 2), list[int]()
    for number in range(50):
        threads.submit(lambda number=number: done.append(number))
    threads.close()
    assert sorted(done) == list(range(50))


def test_work_that_ended_is_kept_by_nobody(threads: WarmThreads) -> None:
    for is_refused in (False, True):
        thing = Thing()
        kept = weakref.ref(thing)

        def work(thing: Thing = thing, is_refused: bool = is_refused) -> int:
            if is_refused:
                raise ValueError(thing)
            return id(thing)

        gc.disable()
        try:
            future = threads.submit(work)
            wait([future], PATIENCE_S)
            until_free(threads, 2)
            del thing, work, future
            # No cycle keeps it either, which only the collector would find.
            for _ in range(1_000):
                if kept() is None:
                    break
                time.sleep(0.001)
            assert kept() is None
        finally:
            gc.enable()
