"""The service as a process of its own, as people run it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import httpx2

PATIENCE_S = 60.0


@dataclass
class LiveService:
    """A process that serves."""

    url: str
    process: subprocess.Popen[str]

    def client(self) -> httpx2.Client:
        """A client of it."""
        return httpx2.Client(base_url=self.url, timeout=PATIENCE_S)

    def stop(self) -> int:
        """Ask it to end, and wait until it has."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_S)

    def kill(self) -> None:
        """Let it die at once."""
        self.process.kill()
        self.process.wait(PATIENCE_S)


def home_with_packs(home: Path, packs_of: Path) -> Path:
    """A new home with the packs of another."""
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "packs").exists():
        (home / "packs").symlink_to(packs_of / "packs")
    return home


@contextmanager
def live_service(home: Path, *options: str, **environment: str) -> Iterator[LiveService]:
    """Run `vultus serve` on any free port until the block ends, and wait until it is ready."""
    log = (home / f"serve-{monotonic()}.log").open("w+")
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from vultus.cli.app import main; main()",
            "serve",
            "--port",
            "0",
            *options,
        ],
        env=_environment(home) | environment,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    try:
        yield LiveService(_ready(process), process)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
        log.close()


def _environment(home: Path) -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("VULTUS_")}
    return inherited | {
        "VULTUS_HOME": str(home),
        "VULTUS_SERVICE__RATE_LIMIT": "off",
        "VULTUS_SERVICE__ADDRESS_RATE_LIMIT": "off",
    }


def _ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"listens on (http://\S+)", line):
            break
    else:
        raise AssertionError(f"the service ended with {process.wait()}")
    deadline = monotonic() + PATIENCE_S
    while httpx2.get(f"{found[1]}/readyz", timeout=PATIENCE_S).status_code != 200:
        assert monotonic() < deadline
        sleep(0.05)
    return found[1]
