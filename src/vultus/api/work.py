"""Work of requests, in threads: a bounded number at once, and a bounded number that wait."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from threading import Lock
from typing import Any, TypeVar

from prometheus_client import Gauge

from vultus.api.threads import WarmThreads
from vultus.errors import Overloaded, TookTooLong

T = TypeVar("T")

RETRY_AFTER_S = 1
UNWATCHED_S = 0.05
"""So long nobody looks whether the caller has left: it costs a photo that is done by then more than
it could save."""


class CallerGone(Exception):
    """Nobody waits for the answer any more."""


class WorkPool:
    """Threads with a queue of bounded length."""

    def __init__(self, name: str, threads: int, queue: int, gauge: Gauge) -> None:
        """Work on `threads` things at once, and let `queue` more wait; `gauge` counts both."""
        self._threads = WarmThreads(name, threads)
        self._most = threads + queue
        self._taken = 0
        self._gauge = gauge
        self._lock = Lock()

    @property
    def taken(self) -> int:
        """How many are worked on or wait."""
        return self._taken

    async def run(
        self, work: Callable[[], T], gone: Callable[[], Awaitable[None]], limit_s: float
    ) -> T:
        """Do the work in a thread.

        What has begun goes on to its end, whatever happens; what waits when it is given up is
        never begun.

        Args:
            work: what to do.
            gone: ends when nobody waits for the answer any more.
            limit_s: longest wait for the end of the work.

        Raises:
            Overloaded: too many wait already.
            TookTooLong: it was not done in time.
            CallerGone: `gone` ended.
        """
        future = asyncio.wrap_future(self._submit(work))
        try:
            await asyncio.wait([future], timeout=min(UNWATCHED_S, limit_s))
            if not future.done():
                await _watched(future, gone, limit_s)
            return future.result()
        finally:
            # Reaches the thread's own future, which refuses when it is running.
            future.cancel()

    def close(self) -> None:
        """Finish what was taken."""
        self._threads.close()

    def _submit(self, work: Callable[[], T]) -> "Future[T]":
        with self._lock:
            if self._taken >= self._most:
                raise Overloaded(RETRY_AFTER_S)
            self._taken += 1
        self._gauge.inc()
        # What is given up stands in the queue until its turn comes, and must not keep its request.
        kept = [work]
        future = self._threads.submit(lambda: kept.pop()())
        future.add_done_callback(lambda _: kept.clear())
        future.add_done_callback(self._release)
        return future

    def _release(self, _: "Future[T]") -> None:
        with self._lock:
            self._taken -= 1
        self._gauge.dec()


async def _watched(
    future: "asyncio.Future[Any]", gone: Callable[[], Awaitable[None]], limit_s: float
) -> None:
    left = asyncio.ensure_future(gone())
    try:
        await asyncio.wait(
            [future, left],
            timeout=limit_s - UNWATCHED_S,
            return_when=asyncio.FIRST_COMPLETED,
        )
        if future.done():
            return
        if left.done():
            raise CallerGone
        raise TookTooLong(limit_s)
    finally:
        left.cancel()
