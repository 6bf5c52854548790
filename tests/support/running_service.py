"""The service, running in a thread on a port of this machine."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import uvicorn

from vultus.api.app import create_app
from vultus.bootstrap.service import open_service
from vultus.settings import Settings, load_settings
from vultus.usecases.serving.service import Service

PATIENCE_S = 60


def service_settings(vultus_home: Path, home: Path) -> Settings:
    """Settings of a home in which the default pack is installed, and nobody enrolled."""
    (home / "packs").symlink_to(vultus_home / "packs")
    return load_settings(home=home, inference={"threads": 1}, search={"kind": "exact"})


@contextmanager
def running_service(
    settings: Settings, opened_by: Callable[[Settings], Service] = open_service
) -> Iterator[str]:
    """Run a service until the block ends, and give its address once it is ready."""
    app = create_app(settings, opened_by)
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run)
    thread.start()
    try:
        yield _address(running, thread)
    finally:
        running.should_exit = True
        thread.join(PATIENCE_S)


def _address(running: uvicorn.Server, thread: threading.Thread) -> str:
    until = time.monotonic() + PATIENCE_S
    while not running.started:
        assert thread.is_alive()
        assert time.monotonic() < until
        time.sleep(0.01)
    address = f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"
    while httpx2.get(f"{address}/readyz").status_code != 200:
        assert time.monotonic() < until
        time.sleep(0.02)
    return address
