"""Bodies of requests: bounded while they arrive, one by one and all together; and large answers."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Any

from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vultus.api.work import RETRY_AFTER_S
from vultus.errors import BodyTooLarge, BodyTooSlow, Overloaded

SMALL_BYTES = 1024 * 1024
"""Most bytes of a body that carries no image."""
FORM_COSTS, JSON_COSTS = 2, 5
"""So many bytes a request may take for each of its body: a form has the parts that are cut out of
it, and JSON its text, of which a letter takes up to four."""
PIECE_BYTES = 256 * 1024
"""A larger answer is sent in pieces, so that it is known when it has gone."""
ALWAYS = ("/healthz", "/readyz")
"""What is answered however much is held."""


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """What a body may be. Unless it `is_held`, it goes into a file as it arrives."""

    most_bytes: int
    time_limit_s: float
    is_held: bool = True


@dataclass(slots=True)
class BodyLimits:
    """Middleware: no body is larger, slower, or with all others together more than is allowed.

    The limits are enforced as bytes arrive, whatever the headers promise. `others` are those of
    paths that have their own. `most_held_bytes` is what all requests may take together, with large
    answers that wait for those who asked; one alone is always taken.
    """

    app: ASGIApp
    usual: BodyLimit
    most_held_bytes: int
    others: Mapping[str, BodyLimit] = field(default_factory=dict)
    held_bytes: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with a watch on its body."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self.held_bytes >= self.most_held_bytes and scope["path"] not in ALWAYS:
            raise Overloaded(RETRY_AFTER_S)
        limit = self.others.get(scope["path"], self.usual)
        body = _Body(self, limit, receive, monotonic() + limit.time_limit_s, _costs(scope))
        try:
            await self.app(scope, body.receive, partial(self._send, send))
        finally:
            self.held_bytes -= body.held_bytes

    async def _send(self, send: Send, message: Message) -> None:
        """Send on; of a large answer the next piece when there is room for it."""
        body = message.get("body", b"")
        if len(body) <= PIECE_BYTES:
            await send(message)
            return
        self.held_bytes += len(body)
        try:
            for start in range(0, len(body), PIECE_BYTES):
                end = start + PIECE_BYTES
                more = message.get("more_body", False) or end < len(body)
                await send({**message, "body": body[start:end], "more_body": more})
        finally:
            self.held_bytes -= len(body)


@dataclass(slots=True)
class _Body:
    """The body of one request."""

    limits: BodyLimits
    limit: BodyLimit
    inner: Receive
    until: float
    costs: int
    bytes: int = 0
    held_bytes: int = 0
    complete: bool = False

    async def receive(self) -> Message:
        """Take the next message, and count."""
        if self.complete:
            return await self.inner()
        try:
            async with asyncio.timeout(self.until - monotonic()):
                message = await self.inner()
        except TimeoutError:
            raise BodyTooSlow(self.limit.time_limit_s) from None
        if message["type"] != "http.request":
            return message
        self.complete = not message.get("more_body", False)
        self._count(len(message.get("body", b"")))
        return message

    def _count(self, arrived: int) -> None:
        self.bytes += arrived
        if self.bytes > self.limit.most_bytes:
            raise BodyTooLarge(self.limit.most_bytes)
        if self.limit.is_held:
            self._hold(arrived)

    def _hold(self, arrived: int) -> None:
        self.held_bytes += arrived * self.costs
        self.limits.held_bytes += arrived * self.costs
        if self.held_bytes < self.limits.held_bytes > self.limits.most_held_bytes:
            raise Overloaded(RETRY_AFTER_S)


def _costs(scope: Scope) -> int:
    kind = Headers(scope=scope).get("content-type", "").lower()
    return FORM_COSTS if kind.startswith("multipart/") else JSON_COSTS


class SmallBodyRoute(APIRoute):
    """A route whose requests carry no image, so that a small limit will do."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Watch the body before it is parsed."""
        handle = super().get_route_handler()

        async def handle_small(request: Request) -> Response:
            return await handle(Request(request.scope, _bounded(request.receive)))

        return handle_small


def _bounded(inner: Receive) -> Receive:
    arrived = 0

    async def receive() -> Message:
        nonlocal arrived
        message = await inner()
        arrived += len(message.get("body", b""))
        if arrived > SMALL_BYTES:
            raise BodyTooLarge(SMALL_BYTES)
        return message

    return receive


async def whole_body(request: Request) -> bytes:
    """All bytes of a body."""
    # Pieces that are kept until the last has come leave as much memory behind that nobody can use.
    whole: bytes | bytearray = b""
    async for piece in request.stream():
        if not whole:
            whole = piece  # Most photos come in one.
        elif piece:
            whole = bytearray(whole) if isinstance(whole, bytes) else whole
            whole += piece
    return bytes(whole)
