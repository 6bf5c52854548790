"""Requests to a server, sent again where that may help."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO
from uuid import uuid4

import httpx2

from vultus.client.answer import code_of, json_of, refuse_errors
from vultus.client.retries import RETRY_AFTER, TRY_LATER, Retries, Tries
from vultus.client.upload import ImageFile, opened
from vultus.errors import (
    InvalidValue,
    RequestInProgress,
    ServerTimeout,
    ServerUnreachable,
    TookTooLong,
)

Json = Mapping[str, Any]

ONCE = "idempotency-key"
LONG_S = 3600.0
"""So long an answer is waited for that may take minutes."""
NOT_SENT = httpx2.ConnectTimeout, httpx2.ConnectError
"""The request has certainly not arrived."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request.

    What is `said` is JSON: the body, or a part for each name beside the images. A `file` is sent as
    it is. One that is `long` may be answered after minutes, and one that is not `repeatable` is not
    sent again once it may have arrived.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    said: Json | None = None
    images: Sequence[ImageFile] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    file: BinaryIO | None = None
    long: bool = False
    repeatable: bool = True


class Connection:
    """A server, our key for it, and how patient we are. Safe between threads."""

    def __init__(
        self,
        server: str,
        *,
        key: str | None = None,
        timeout_s: float = 60.0,
        retries: int = 4,
        transport: httpx2.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Nothing is sent yet; arguments as for `Client`.

        Raises:
            InvalidValue: the address or the key cannot be one.
        """
        self.server = _address(server)
        self._timeout_s = timeout_s
        self._retries = Retries(retries)
        self._sleep = sleep
        # Redirects are not followed: the key goes to the address that was given, and to no other.
        self._http = httpx2.Client(
            base_url=self.server, headers=_headers(key), timeout=timeout_s, transport=transport
        )

    def ask(self, call: Call) -> Json:
        """Make a request that changes nothing, and give its answer.

        Raises:
            VultusError: the one that the server answered with.
            RemoteError: no answer came, or none that is understood.
        """
        return json_of(self.server, self._send(call, self._send_once))

    def fetch(self, call: Call, into: BinaryIO) -> Mapping[str, str]:
        """The same, with an answer that is written into a file as it comes; gives its headers."""
        return self._send(call, lambda asked: self._fetch_once(asked, into)).headers

    def write(self, call: Call) -> Json:
        """The same for a request that changes something: at most once, however often it is sent."""
        once = {**call.headers, ONCE: str(uuid4())}
        return self.ask(replace(call, headers=once))

    def close(self) -> None:
        """Give back connections."""
        self._http.close()

    def _send(self, call: Call, send: Callable[[Call], httpx2.Response]) -> httpx2.Response:
        tries = Tries(self._retries, self._patience_s(call))
        while True:
            try:
                response = send(call)
            except (httpx2.ConnectTimeout, httpx2.NetworkError, httpx2.RemoteProtocolError) as lost:
                may_repeat = call.repeatable or isinstance(lost, NOT_SENT)
                wait_s = tries.after_failure() if may_repeat else None
                if wait_s is None:
                    raise ServerUnreachable(self.server, _problem(lost)) from lost
            except httpx2.TimeoutException as late:
                raise ServerTimeout(self.server, self._patience_s(call)) from late
            except httpx2.TransportError as broken:
                raise ServerUnreachable(self.server, _problem(broken)) from broken
            else:
                wait_s = _wait_s(tries, call, response)
                if wait_s is None:
                    return refuse_errors(self.server, response)
            self._sleep(wait_s)

    def _send_once(self, call: Call) -> httpx2.Response:
        with opened(call.images) as parts:
            return self._http.request(
                call.method,
                call.path,
                params=call.query,
                json=None if parts else call.said,
                content=_rewound(call.file) if call.file else None,
                data=_parts(call.said) if parts else None,
                files=parts or None,
                headers=call.headers,
                timeout=self._timeout(call),
            )

    def _fetch_once(self, call: Call, into: BinaryIO) -> httpx2.Response:
        _rewound(into).truncate()
        asked = self._http.stream(
            call.method,
            call.path,
            params=call.query,
            headers=call.headers,
            timeout=self._timeout(call),
        )
        with asked as response:
            if not response.is_success:
                response.read()
                return response
            for chunk in response.iter_bytes():
                into.write(chunk)
            return response

    def _timeout(self, call: Call) -> httpx2.Timeout:
        return httpx2.Timeout(self._timeout_s, read=self._patience_s(call))

    def _patience_s(self, call: Call) -> float:
        return max(self._timeout_s, LONG_S) if call.long else self._timeout_s


def _wait_s(tries: Tries, call: Call, answer: httpx2.Response) -> float | None:
    """Seconds until the request is worth sending again, or None if it is not."""
    if answer.status_code not in TRY_LATER and RETRY_AFTER not in answer.headers:
        return None
    code = code_of(answer)
    if code == RequestInProgress.code:
        return tries.while_carried_out(answer.headers)
    if code == TookTooLong.code and ONCE not in call.headers:
        # What took too long still goes on; only a write finds its end when it comes again.
        return None
    return tries.after_failure(answer.headers)


def _address(server: str) -> str:
    try:
        url = httpx2.URL(server)
    except httpx2.InvalidURL as error:
        raise InvalidValue("server", f"{server!r} is no address: {error}") from error
    if url.scheme not in ("http", "https") or not url.host or url.userinfo or url.query:
        raise InvalidValue("server", f"{server!r} is no address such as https://host:port")
    return str(url).rstrip("/")


def _headers(key: str | None) -> dict[str, str]:
    if not key:
        return {}
    if not (key.isascii() and key.isprintable()):
        raise InvalidValue("key", "it has characters that no key has")
    return {"authorization": f"Bearer {key}"}


def _parts(said: Json | None) -> dict[str, str]:
    return {name: json.dumps(value) for name, value in (said or {}).items()}


def _rewound(file: BinaryIO) -> BinaryIO:
    file.seek(0)
    return file


def _problem(error: httpx2.TransportError) -> str:
    return str(error).rstrip(".") or type(error).__name__
