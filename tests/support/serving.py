"""An HTTP server on this machine whose faults a test chooses."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import trustme


@dataclass
class Served:
    """What stands at an address, and how it is given.

    `statuses` and `breaks` are used up, one per request: an error answered instead of the content,
    and a number of bytes after which the connection is cut.
    """

    content: bytes = b""
    kind: str = "application/octet-stream"
    ranges: bool = True
    length: bool = True
    moved_to: str | None = None
    first_byte: int | None = None
    statuses: list[int] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    asked: list[str | None] = field(default_factory=list)
    """The `Range` of each request."""
    credentials: list[str | None] = field(default_factory=list)
    """The `Authorization` of each request."""


@dataclass
class Site:
    """A running server: what it serves by path, and where it is."""

    url: str
    pages: dict[str, Served] = field(default_factory=dict)

    def put(self, path: str, served: Served) -> str:
        """Serve something, and give its URL."""
        self.pages[path] = served
        return self.url + path


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Run a server until the block ends; with `tls` it speaks HTTPS."""
    server = _Server(("127.0.0.1", 0), _Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    scheme, host = ("https", "localhost") if tls else ("http", "127.0.0.1")
    server.site = Site(f"{scheme}://{host}:{server.server_port}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    site: Site

    def handle_error(self, request, client_address):
        """Say nothing: a client that goes away is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self):
        page = self.server.site.pages.get(self.path)
        if page is None:
            return self.send_error(404)
        page.asked.append(self.headers["Range"])
        page.credentials.append(self.headers["Authorization"])
        if page.statuses:
            return self.send_error(page.statuses.pop(0))
        if page.moved_to is not None:
            return self._move(page.moved_to)
        return self._give(page)

    def _move(self, url: str):
        self.send_response(302)
        self.send_header("Location", url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _give(self, page: Served):
        start, size = 0, len(page.content)
        if page.ranges and self.headers["Range"]:
            start = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
            if start >= size:
                return self.send_error(416)
            start = start if page.first_byte is None else page.first_byte
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
        else:
            self.send_response(200)
        self.send_header("Content-Type", page.kind)
        if page.length:
            self.send_header("Content-Length", str(size - start))
        self.end_headers()
        body = page.content[start:]
        self.wfile.write(body[: page.breaks.pop(0)] if page.breaks else body)

    def log_message(self, format, *args):
        """Keep the test's output clean."""


def server_context(trust: trustme.CA) -> ssl.SSLContext:
    """TLS of a server on this machine, with a certificate of this authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context


def client_context(trust: trustme.CA) -> ssl.SSLContext:
    """TLS of a client that trusts this authority alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust.configure_trust(context)
    return context
