"""Work that waits for others outside of this machine: few at a time, in no thread."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prometheus_client import Gauge

from vultus.api.work import RETRY_AFTER_S
from vultus.errors import Overloaded, TookTooLong


class Turns:
    """So many at once, and a queue of bounded length. For one event loop."""

    def __init__(self, at_once: int, queue: int, gauge: Gauge) -> None:
        """Let `at_once` have a turn, and `queue` more wait for one; `gauge` counts both."""
        self._free = asyncio.Semaphore(at_once)
        self._most = at_once + queue
        self._taken = 0
        self._gauge = gauge

    @asynccontextmanager
    async def turn(self, limit_s: float) -> AsyncIterator[None]:
        """Have a turn until the block ends.

        Raises:
            Overloaded: too many wait already.
            TookTooLong: it did not come within `limit_s`.
        """
        if self._taken >= self._most:
            raise Overloaded(RETRY_AFTER_S)
        self._taken += 1
        self._gauge.inc()
        try:
            await self._wait(limit_s)
            try:
                yield
            finally:
                self._free.release()
        finally:
            self._taken -= 1
            self._gauge.dec()

    async def _wait(self, limit_s: float) -> None:
        try:
            async with asyncio.timeout(limit_s):
                await self._free.acquire()
        except TimeoutError:
            raise TookTooLong(limit_s) from None
