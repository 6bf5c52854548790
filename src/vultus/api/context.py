"""What all requests share."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from math import ceil
from typing import Self, TypeVar

from fastapi import Request

from vultus.api.limits import RateLimits
from vultus.api.metrics import Metrics
from vultus.api.recent_keys import RecentKeys
from vultus.api.turns import Turns
from vultus.api.work import WorkPool
from vultus.settings import ServiceSettings
from vultus.usecases.serving.service import Service

T = TypeVar("T")

LONG_THREADS = 2
"""So many archives, purges and the like are worked on at once; the others wait."""
FETCHES = 4
"""So many images are fetched from other hosts at once, or have been and are worked on."""


@dataclass(frozen=True, slots=True)
class Context:
    """What all requests share.

    `image_pool` is for what takes the processor for long, `long_pool` for what takes minutes, and
    `fetches` for what waits for other hosts.
    """

    service: Service
    settings: ServiceSettings
    limits: RateLimits
    image_pool: WorkPool
    store_pool: WorkPool
    long_pool: WorkPool
    fetches: Turns
    side_thread: ThreadPoolExecutor
    recent_keys: RecentKeys = field(default_factory=RecentKeys)

    @classmethod
    def of(cls, service: Service, settings: ServiceSettings, metrics: Metrics) -> Self:
        """Make it, with threads that wait for work."""
        return cls(
            service,
            settings,
            RateLimits(settings),
            WorkPool("image", image_threads(settings), settings.queue, metrics.work("image")),
            WorkPool("store", settings.store_threads, settings.queue, metrics.work("store")),
            WorkPool("long", LONG_THREADS, settings.queue, metrics.work("long")),
            Turns(FETCHES, settings.queue, metrics.work("fetch")),
            ThreadPoolExecutor(1, thread_name_prefix="side"),
        )

    async def aside(self, work: Callable[[Service], T]) -> T:
        """Ask the service something in a thread that is kept for that: health waits for nobody."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.side_thread, work, self.service)

    def close(self) -> None:
        """Finish what was taken, and give everything back."""
        self.image_pool.close()
        self.store_pool.close()
        self.long_pool.close()
        self.side_thread.shutdown()
        self.service.close()


def image_threads(settings: ServiceSettings) -> int:
    """So many images a process works on at once."""
    return settings.threads or ceil((os.cpu_count() or 1) / settings.processes)


def most_at_work(settings: ServiceSettings) -> int:
    """So many requests a process works on or lets wait at once."""
    threads = (image_threads(settings), settings.store_threads, LONG_THREADS, FETCHES)
    return sum(each + settings.queue for each in threads)


def context_of(request: Request) -> Context:
    """The context of the application that a request came to."""
    context: Context = request.app.state.context
    return context
