"""Work on many things at once, in threads: what is slow here waits for disks or runs in C."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 4
"""So many things per thread are begun before the first of them is asked for: bounds memory."""


def in_threads(work: Callable[[T], R], things: Iterable[T], threads: int) -> Iterator[R]:
    """Give `work(thing)` for each thing, in their order; what it raises is raised here.

    After an error, or when the caller stops, nothing more is begun.
    """
    begun: deque[Future[R]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for thing in things:
                begun.append(pool.submit(work, thing))
                if len(begun) >= AHEAD * threads:
                    yield begun.popleft().result()
            while begun:
                yield begun.popleft().result()
        finally:
            for each in begun:
                each.cancel()
