import asyncio
import gc
import weakref
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from functools import partial
from threading import Event

import pytest

from vultus.api.metrics import Metrics
from vultus.api.work import CallerGone, WorkPool
from vultus.errors import NoFace, Overloaded, TookTooLong


@pytest.fixture
def pool() -> Iterator[WorkPool]:
    """A pool of one thread, in front of which one may wait."""
    pool = WorkPool("test", 1, 1, Metrics().work("test"))
    yield pool
    pool.close()


async def never() -> None:
    await asyncio.Event().wait()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.001)


def run(main: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(main())  # type: ignore[arg-type]


def test_work_is_done_in_a_thread_and_its_error_comes_out(pool: WorkPool) -> None:
    def refuse() -> None:
        raise NoFace

    async def main() -> None:
        assert await pool.run(lambda: 7, never, 5) == 7
        with pytest.raises(NoFace):
            await pool.run(refuse, never, 5)

    run(main)
    assert pool.taken == 0


def test_more_than_may_wait_is_refused_at_once(pool: WorkPool) -> None:
    may_end = Event()

    async def main() -> None:
        both = [asyncio.create_task(pool.run(lambda: may_end.wait(5), never, 5)) for _ in "ab"]
        await until(lambda: pool.taken == 2)
        with pytest.raises(Overloaded):
            await pool.run(lambda: None, never, 5)
        may_end.set()
        await asyncio.gather(*both)
        assert await pool.run(lambda: 7, never, 5) == 7

    run(main)


def test_what_waits_for_somebody_who_left_is_never_begun(pool: WorkPool) -> None:
    may_end, begun = Event(), []

    async def main() -> None:
        first = asyncio.create_task(pool.run(lambda: may_end.wait(5), never, 5))
        await until(lambda: pool.taken == 1)
        left = asyncio.Event()
        waiting = asyncio.create_task(pool.run(lambda: begun.append(1), left.wait, 5))  # type: ignore[arg-type]
        await until(lambda: pool.taken == 2)
        left.set()
        with pytest.raises(CallerGone):
            await waiting
        assert pool.taken == 1
        may_end.set()
        await first

    run(main)
    pool.close()
    assert begun == []


def test_what_is_given_up_keeps_nothing_of_its_request(pool: WorkPool) -> None:
    class Body:
        """What a request carries, which may be large."""

    may_end, left = Event(), asyncio.Event()

    async def give_up(body: Body) -> None:
        with suppress(CallerGone):
            await pool.run(partial(id, body), left.wait, 5)  # type: ignore[arg-type]

    async def main() -> None:
        first = asyncio.create_task(pool.run(lambda: may_end.wait(5), never, 5))
        await until(lambda: pool.taken == 1)
        body = Body()
        there = weakref.ref(body)
        waiting = asyncio.create_task(give_up(body))
        del body
        await until(lambda: pool.taken == 2)
        left.set()
        await waiting
        gc.collect()
        assert there() is None
        may_end.set()
        await first

    run(main)


def test_what_has_begun_goes_on_to_its_end(pool: WorkPool) -> None:
    may_end, ended = Event(), []

    def work() -> None:
        may_end.wait(5)
        ended.append(1)

    async def main() -> None:
        with pytest.raises(TookTooLong):
            await pool.run(work, never, 0.01)

    run(main)
    assert pool.taken == 1
    may_end.set()
    pool.close()
    assert ended == [1]
