"""An HTTP server on this machine that answers, breaks off or hangs as a test says."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What is answered to one request; `body` is JSON, or bytes as they are."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cut:
    """The request is read, and the connection then cut."""


@dataclass(frozen=True)
class Silence:
    """The request is read, and nothing answered until the server stops."""


@dataclass(frozen=True)
class Asked:
    """A request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Script:
    """What will be done, a step per request, and what was asked; without a step left, an empty
    object is answered."""

    url: str = ""
    steps: list[Answer | Cut | Silence] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    over: Event = field(default_factory=Event)


@contextmanager
def scripted_server(*steps: Answer | Cut | Silence) -> Iterator[Script]:
    """Run a server until the block ends."""
    script = Script(steps=list(steps))
    server = _Server(("127.0.0.1", 0), _Handler)
    server.script = script
    script.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield script
    finally:
        script.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    script: Script

    def handle_error(self, request, client_address):
        """Say nothing: connections that break are what is tested."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _do(self):
        script = self.server.script
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        script.asked.append(Asked(self.command, self.path, headers, body))
        step = script.steps.pop(0) if script.steps else Answer()
        if isinstance(step, Silence):
            script.over.wait(30)
        if not isinstance(step, Answer):
            self.close_connection = True
            return
        self._answer(step)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _do

    def _answer(self, answer: Answer):
        as_json = not isinstance(answer.body, bytes)
        body = json.dumps(answer.body).encode() if as_json else answer.body
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        """Keep the test's output clean."""
