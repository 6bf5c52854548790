"""A real server that speaks S3: OpenStack Swift, in an environment of its own."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from benchmarks.peers import PeerEnvironment

SWIFT = PeerEnvironment(
    "swift", alone=("swift==2.38.3",), requirements=("swift==2.38.3", "setuptools<81")
)
ACCOUNT, USER, SECRET = "test", "tester", "testing"
ACCESS = f"{ACCOUNT}:{USER}"
LAUNCHER = Path(__file__).with_name("swift_launcher.py")


@pytest.fixture(scope="session")
def s3_url(servers_dir: Path) -> Iterator[str]:
    """A server of this session."""
    with swift_server(servers_dir) as url:
        yield url


@pytest.fixture
def s3_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's own keys, where clients look for them."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)


@contextmanager
def swift_server(cache: Path) -> Iterator[str]:
    """Run a server with nothing in it until the block ends, and give its URL."""
    python = SWIFT.python(cache)
    with TemporaryDirectory(prefix="vultus-swift-") as directory:
        command = [str(python), "-W", "ignore", str(LAUNCHER), directory, ACCOUNT, USER, SECRET]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout is not None
                url = server.stdout.readline().strip()
                if not url:
                    raise RuntimeError(f"Swift ended with exit code {server.wait()}")
                yield url
            finally:
                server.kill()
