"""Connections that keep the service waiting are left; others are not. On real sockets."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import uvicorn

from vultus.cli import patience
from vultus.cli.patience import PatientProtocol

LARGE = bytes(8 * 1024 * 1024)


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answers at /large with much, at /slow late, at /refuse without reading, and else the body."""
    body = b""
    if scope["path"] == "/large":
        body = LARGE
    elif scope["path"] != "/refuse":
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    """A server whose patience is short."""
    monkeypatch.setattr(patience, "HEAD_S", 0.4)
    monkeypatch.setattr(patience, "ANSWER_S", 0.4)
    config = uvicorn.Config(
        app, http=PatientProtocol, port=0, lifespan="off", log_level="critical", loop="uvloop"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()


def left_after(connection: socket.socket) -> float:
    """Seconds until the server leaves; what it says before is thrown away."""
    began = time.monotonic()
    connection.settimeout(5)
    with suppress(ConnectionResetError):
        while connection.recv(65_536):
            pass
    return time.monotonic() - began


def sent_until_left(connection: socket.socket, piece: bytes) -> int:
    """Send a piece ten times a second, and count how often that goes, at most 30 times."""
    for count in range(30):
        try:
            connection.sendall(piece)
        except OSError:
            return count
        time.sleep(0.1)
    return 30


def test_who_says_nothing_is_left(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as connection:
        assert 0.2 < left_after(connection) < 2


@pytest.mark.parametrize("head", [b"G", b"GET / HTTP/1.1\r\nHost: a\r\nX-Half: "])
def test_who_sends_half_a_head_is_left(address: tuple[str, int], head: bytes) -> None:
    with socket.create_connection(address) as connection:
        connection.sendall(head)
        assert 0.2 < left_after(connection) < 2


def test_who_drips_a_head_is_left(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
        assert sent_until_left(connection, b"X: y\r\n") < 30


def test_half_a_head_on_a_connection_that_was_used_is_left(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert connection.recv(1_000).startswith(b"HTTP/1.1 200")
        connection.sendall(b"GET / HT")
        assert 0.2 < left_after(connection) < 2


def test_a_head_that_is_too_large_is_refused(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
        sent = 0
        with suppress(ConnectionError):
            while sent < 50_000_000:
                connection.sendall(b"y" * 10_000)
                sent += 10_000
        assert sent < 50_000_000


def test_a_head_that_is_large_is_taken(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 50_000 + b"\r\n\r\n")
        assert connection.recv(1_000).startswith(b"HTTP/1.1 200")


def test_the_rest_of_a_body_that_was_refused_is_not_waited_for_long(
    address: tuple[str, int],
) -> None:
    with socket.create_connection(address) as connection:
        connection.sendall(b"POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n")
        assert connection.recv(1_000).startswith(b"HTTP/1.1 200")
        assert sent_until_left(connection, b"y" * 100) < 30


def test_who_takes_nothing_of_an_answer_is_left(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as connection:
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(1.5)
        taken = 0
        connection.settimeout(5)
        with suppress(ConnectionResetError):
            while piece := connection.recv(65_536):
                taken += len(piece)
        assert taken < len(LARGE)


def test_who_takes_an_answer_bit_by_bit_gets_all_of_it(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as connection:
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        taken = 0
        while piece := connection.recv(64 * 1024):
            taken += len(piece)
            time.sleep(0.01)
        assert taken > len(LARGE)


def test_a_body_that_is_read_is_the_application_s_affair(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n")
        for _ in range(10):
            time.sleep(0.1)
            connection.sendall(b"y")
        answer = connection.recv(1_000)
        while not answer.endswith(b"yyyyyyyyyy"):
            answer += connection.recv(1_000)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert connection.recv(1_000).startswith(b"HTTP/1.1 200")
