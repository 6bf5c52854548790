"""Processes that serve: this one, or several that this one looks after."""

import os
import socket
import sys
from collections.abc import Callable
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from prometheus_client.multiprocess import mark_process_dead
from uvicorn import Config, Server
from uvicorn.supervisors import Multiprocess

from vultus.api.metrics import SHARED
from vultus.cli.allocation import give_large_blocks_back
from vultus.errors import SettingInvalid

if TYPE_CHECKING:
    from fastapi import FastAPI

    from vultus.settings import Settings

SWITCH_S = 0.0005
"""A tenth of Python's own: with two threads at work, it made 5 % more requests a second."""
START_S = 60
"""A process that has not begun to answer after so long is replaced by another."""


def application(settings: "Settings") -> "FastAPI":
    """What each process serves."""
    from vultus.api.app import create_app
    from vultus.cli.request_log import start_logging

    give_large_blocks_back()
    start_logging(settings.service.log)
    # Threads that compute keep the one that speaks HTTP waiting for so long at a time.
    sys.setswitchinterval(SWITCH_S)
    return create_app(settings)


def host(config: Config, listening: socket.socket, announce: Callable[[], None]) -> None:
    """Serve until told to stop; `announce` is called once requests are taken.

    Args:
        config: says what, and in how many processes.
        listening: has the address; it was found to be free.
        announce: says so.

    Raises:
        SettingInvalid: several processes are asked for where they cannot share a port.
    """
    if config.workers == 1:
        _One(config, announce).run(sockets=[listening])
        return
    if not hasattr(socket, "SO_REUSEPORT"):
        problem = "processes cannot share a port on this system: take 1"
        raise SettingInvalid("service.processes", problem)
    address = listening.getsockname()
    listening.close()
    config.timeout_worker_healthcheck = START_S
    with Shared(*address[:2]) as shared, TemporaryDirectory(prefix="vultus-metrics-") as counts:
        # Before the processes begin: each reads it once.
        os.environ[SHARED] = counts
        _Several(config, [shared], announce).run()


class Shared(socket.socket):
    """A socket on a port that processes share; for each that gets it, it becomes another one.

    The system shares out connections among such sockets. Of one socket, the first process to wake
    would take all of them.
    """

    def __init__(self, address: str, port: int) -> None:
        super().__init__(socket.AF_INET6 if ":" in address else socket.AF_INET)
        self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self.bind((address, port))

    def __reduce__(self) -> tuple[type["Shared"], tuple[str, int]]:
        """Let another process bind one of its own."""
        return Shared, self.getsockname()[:2]


class _One(Server):
    """This process, which says when it listens."""

    def __init__(self, config: Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()


class _Several(Multiprocess):
    """Processes on one port; one that dies is replaced, and what it counted stays."""

    def __init__(
        self, config: Config, sockets: list[socket.socket], announce: Callable[[], None]
    ) -> None:
        super().__init__(config, sockets)
        self._announce = announce

    def init_processes(self) -> None:
        super().init_processes()
        if all(each.wait_until_ready(START_S, self.should_exit) for each in self.processes):
            self._announce()

    def keep_subprocess_alive(self) -> None:
        before = {process.pid for process in self.processes}
        super().keep_subprocess_alive()
        for gone in before - {process.pid for process in self.processes}:
            mark_process_dead(gone)
