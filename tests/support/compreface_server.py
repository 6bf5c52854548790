"""A CompreFace to read from, as its documentation describes it: one face collection."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

KEY = "00000000-0000-4000-8000-00000000c0de"


@dataclass
class Collection:
    """What the server has: photos by the number of their image, each of a subject."""

    url: str = ""
    photos: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    faceless: list[str] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)
    """Statuses that are answered first, one per request."""
    asked: list[str] = field(default_factory=list)
    answer: bytes | None = None
    """What is answered to everything instead."""

    def add(self, subject: str, *photos: bytes) -> None:
        for photo in photos:
            self.photos[len(self.photos) + 1] = (subject, photo)


@contextmanager
def compreface_server() -> Iterator[Collection]:
    """Run one until the block ends."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.collection = Collection(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.collection
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    collection: Collection


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self):
        collection = self.server.collection
        collection.asked.append(self.path)
        if collection.failures:
            return self._give(b'{"message": "failed", "code": 41}', collection.failures.pop(0))
        if collection.answer is not None:
            return self._give(collection.answer)
        if self.headers["x-api-key"] != KEY:
            return self._give(b'{"message": "not found", "code": 10}', 404)
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        rest = path.removeprefix("/api/v1/recognition")
        if rest == "/subjects":
            named = dict.fromkeys(subject for subject, _ in collection.photos.values())
            return self._give(json.dumps({"subjects": [*named, *collection.faceless]}).encode())
        if rest == "/faces":
            return self._give(self._page(int(query["page"][0]), int(query["size"][0])))
        return self._give(collection.photos[UUID(rest.split("/")[2]).int][1])

    def _page(self, number: int, size: int) -> bytes:
        photos = self.server.collection.photos
        faces = [
            {"image_id": str(UUID(int=image)), "subject": subject}
            for image, (subject, _) in photos.items()
        ]
        page = {
            "faces": faces[number * size : (number + 1) * size],
            "page_number": number,
            "page_size": size,
            "total_pages": -(-len(faces) // size),
            "total_elements": len(faces),
        }
        return json.dumps(page).encode()

    def _give(self, body: bytes, status: int = 200):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        """Keep the test's output clean."""
