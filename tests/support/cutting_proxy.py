"""A network that cuts a connection while the answer to a request is being made."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from time import sleep
from urllib.parse import urlsplit

PIECE_BYTES = 65_536


@dataclass
class CuttingProxy:
    """Passes bytes on to a server; the next connection that sends `marker` loses its client."""

    url: str
    marker: bytes
    after_s: float
    is_armed: bool = True
    cut: Event = field(default_factory=Event)


@contextmanager
def cutting_proxy(server_url: str, marker: bytes, after_s: float) -> Iterator[CuttingProxy]:
    """Run one until the block ends.

    The connection that sends `marker` first is cut `after_s` after its last byte: the server has
    the whole request by then, and the client no answer.
    """
    target = urlsplit(server_url)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        proxy = CuttingProxy(f"http://127.0.0.1:{listening.getsockname()[1]}", marker, after_s)
        Thread(
            target=_accept, args=(listening, (target.hostname, target.port), proxy), daemon=True
        ).start()
        yield proxy
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)


def _accept(
    listening: socket.socket, server: tuple[str | None, int | None], proxy: CuttingProxy
) -> None:
    while True:
        try:
            client, _ = listening.accept()
        except OSError:
            return
        behind = socket.create_connection(server)  # type: ignore[arg-type]
        for work in (_send, _answer):
            Thread(target=work, args=(client, behind, proxy), daemon=True).start()


def _send(client: socket.socket, behind: socket.socket, proxy: CuttingProxy) -> None:
    """Pass the request on; cut the client off if it is the one that is meant."""
    sent = b""
    with suppress(OSError):
        while piece := client.recv(PIECE_BYTES):
            behind.sendall(piece)
            sent = (sent + piece)[-2 * PIECE_BYTES :]
            if proxy.is_armed and proxy.marker in sent:
                proxy.is_armed = False
                Thread(target=_cut, args=(client, proxy), daemon=True).start()
    with suppress(OSError):
        behind.shutdown(socket.SHUT_WR)


def _answer(client: socket.socket, behind: socket.socket, proxy: CuttingProxy) -> None:
    with suppress(OSError):
        while piece := behind.recv(PIECE_BYTES):
            client.sendall(piece)
    for each in (client, behind):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


def _cut(client: socket.socket, proxy: CuttingProxy) -> None:
    sleep(proxy.after_s)
    proxy.cut.set()
    with suppress(OSError):
        client.shutdown(socket.SHUT_RDWR)
