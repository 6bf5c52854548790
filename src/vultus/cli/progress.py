"""Progress on stderr, where a person watches; silence elsewhere."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from vultus.models.packs.sources.port import Progress
    from vultus.usecases.enroll import Step

T = TypeVar("T")
SHORT = 4
"""Work of fewer steps shows no bar."""


def track(steps: Sequence[T], what: str) -> Iterator[T]:
    """Go through `steps`, with a bar when there are many and somebody watches."""
    from rich.console import Console
    from rich.progress import track as rich_track

    console = Console(stderr=True)
    if len(steps) < SHORT or not console.is_terminal:
        yield from steps
    else:
        yield from rich_track(steps, what, console=console, transient=True)


@contextmanager
def transfers() -> Iterator["Progress"]:
    """A bar per file that arrives; a line per file where nobody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn()
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        yield _Transfers(bars)


class _Transfers:
    def __init__(self, bars: "Bars") -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, what: str, done_bytes: int, all_bytes: int | None) -> None:
        if what not in self._tasks:
            self._tasks[what] = self._bars.add_task(what, total=all_bytes)
            if self._bars.disable:
                self._bars.console.print(f"fetching {what}")
        self._bars.update(self._tasks[what], completed=done_bytes, total=all_bytes)


@contextmanager
def counted(what: str) -> Iterator["Step"]:
    """A bar for work that counts its own steps."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)
