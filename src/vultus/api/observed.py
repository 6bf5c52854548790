"""Middleware around every request: its id, its log line, its metrics, and safe headers.

The path of a request is never logged, because names of subjects may stand in it: the route is.
"""

import logging
import re
from dataclasses import dataclass
from time import perf_counter
from uuid import uuid4

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vultus.api.metrics import Metrics
from vultus.api.telling import Telling
from vultus.api.work import CallerGone
from vultus.errors import VultusError

log = logging.getLogger("vultus.requests")

SAFE_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)
"""Of every answer, unless its route has its own."""
ANYWHERE = "(none)"
"""Stands for the route of a request to an address that there is not."""
CLIENT_GONE = 499
"""In log and metrics the status of what nobody waited for, as nginx writes it."""


@dataclass(slots=True)
class Observed:
    """Watches requests."""

    app: ASGIApp
    metrics: Metrics
    telling: Telling

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = _Request(scope, send, _id_of(Headers(scope=scope)), perf_counter(), self.telling)
        scope.setdefault("state", {})["request_id"] = request.id
        with self.metrics.in_flight.track_inprogress():
            await self._pass_on(request, receive)
        self._tell(request)

    async def _pass_on(self, request: "_Request", receive: Receive) -> None:
        try:
            await self.app(request.scope, receive, request.send)
        except (CallerGone, ClientDisconnect):
            request.status = CLIENT_GONE
        except VultusError as error:
            await request.answer(error)
        except Exception:
            log.exception("request %s failed", request.id)
            await request.answer(VultusError())

    def _tell(self, request: "_Request") -> None:
        seconds = perf_counter() - request.begun
        route = getattr(request.scope.get("route"), "path", ANYWHERE)
        method = request.scope["method"] if route != ANYWHERE else ANYWHERE
        self.metrics.told(method, route, request.status, seconds)
        client = request.scope.get("client")
        log.info(
            "%s %s %d",
            request.scope["method"],
            route,
            request.status,
            extra={
                "request_id": request.id,
                "milliseconds": round(seconds * 1e3, 1),
                "key": request.scope["state"].get("key_id"),
                "address": client[0] if client else None,
            },
        )


@dataclass(slots=True)
class _Request:
    scope: Scope
    inner: Send
    id: str
    begun: float
    telling: Telling
    status: int = 500
    is_answered: bool = False

    async def send(self, message: Message) -> None:
        """Add headers to the beginning of an answer."""
        if message["type"] == "http.response.start":
            self.is_answered, self.status = True, message["status"]
            own = list(message.get("headers", ()))
            given = {name for name, _ in own}
            safe = (pair for pair in SAFE_HEADERS if pair[0] not in given)
            message["headers"] = [*own, (b"x-request-id", self.id.encode()), *safe]
        await self.inner(message)

    async def answer(self, error: VultusError) -> None:
        """Answer an error that nobody else did, unless an answer has begun."""
        if not self.is_answered:
            response = self.telling.response(self.scope["path"], error, self.id)
            await response(self.scope, _nothing, self.send)


def _id_of(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if re.fullmatch(r"[A-Za-z0-9._-]{8,64}", given) else uuid4().hex


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
