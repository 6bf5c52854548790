"""Who is let in by the service as a process of its own, told from bytes on a socket."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest

from benchmarks.live_service import LiveService, home_with_packs, live_service


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, vultus_home: Path) -> Path:
    return home_with_packs(tmp_path_factory.mktemp("home"), vultus_home)


@pytest.fixture(scope="module")
def service(home: Path) -> Iterator[LiveService]:
    """One without a key."""
    with live_service(home) as service:
        yield service


def connected(service: LiveService) -> socket.socket:
    at = urlsplit(service.url)
    return socket.create_connection((at.hostname, at.port), timeout=30)


def first_line(service: LiveService, request: bytes) -> bytes:
    with connected(service) as connection:
        connection.sendall(request + b"\r\n")
        return connection.recv(1_000).partition(b"\r\n")[0]


ASK = b"GET /v1/galleries HTTP/1.1\r\n"


@pytest.mark.parametrize(
    "request_head",
    [
        ASK + b"Host: rebound.example\r\n",
        ASK + b"Host: l\xc3\xb6calhost\r\n",
        ASK + b"Host: localhost\r\nHost: localhost\r\n",
        ASK + b"Host: localhost\r\nX-Forwarded-For: 127.0.0.1\r\n",
        ASK + b"Host: localhost\r\nOrigin: http://[\r\n",
        ASK,
        b"GET /v1/galleries HTTP/1.0\r\nHost: localhost\r\n",
    ],
)
def test_without_a_key_only_programs_of_this_machine_are_answered(
    service: LiveService, request_head: bytes
) -> None:
    assert first_line(service, request_head) == b"HTTP/1.1 401 Unauthorized"
    assert first_line(service, ASK + b"Host: localhost:80\r\n") == b"HTTP/1.1 200 OK"


def test_more_connections_than_there_may_be_are_refused_and_idle_ones_left(home: Path) -> None:
    with live_service(home, VULTUS_SERVICE__CONNECTIONS="3") as service, ExitStack() as opened:
        for _ in range(3):
            opened.enter_context(connected(service))
        with service.client() as client:
            assert client.get("/healthz").status_code == 503
            until = monotonic() + 60
            while client.get("/healthz").status_code != 200:
                assert monotonic() < until
                sleep(0.5)
