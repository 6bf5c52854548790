"""A file behind an http(s) address, opened at any byte."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

import httpx2

from vultus.errors import SourceUnavailable
from vultus.models.packs.sources.transfer import Incoming, Interrupted

TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


@dataclass(frozen=True, slots=True)
class HttpFile:
    """A file at `url`, asked for through `client`; `source` is what errors call it."""

    client: httpx2.Client
    url: str
    source: str

    @contextmanager
    def open_at(self, offset: int) -> Iterator[Incoming]:
        """Open the file at byte `offset`, or at its first where the server will not.

        Raises:
            Interrupted: the connection broke, or the server was busy.
            SourceUnavailable: the server answered no.
        """
        try:
            with self.client.stream("GET", self.url, headers=_headers(offset)) as response:
                start = self._start(response)
                if start in (0, offset):
                    # Raw: the digest is of the file, not of what a transfer encoding hides.
                    yield Incoming(start, _total_bytes(response), response.iter_raw())
                    return
            if offset == 0:
                raise SourceUnavailable(self.source, "the server answered with a part of it")
            with self.open_at(0) as incoming:
                yield incoming
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise Interrupted(f"there is no connection ({_reason(error)})") from error
        except httpx2.TransportError as error:
            raise Interrupted(f"the connection broke ({_reason(error)})") from error
        except (httpx2.TooManyRedirects, httpx2.InvalidURL) as error:
            raise SourceUnavailable(self.source, _reason(error)) from error

    def _start(self, response: httpx2.Response) -> int | None:
        """The first byte that the response carries; None where it cannot carry what was asked."""
        status = response.status_code
        if status == HTTPStatus.OK:
            return 0
        if status == HTTPStatus.PARTIAL_CONTENT:
            found = _content_range(response)
            return int(found[1]) if found else None
        if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return None
        answer = f"the server answered {status} {response.reason_phrase}".rstrip()
        if status in TRY_AGAIN:
            raise Interrupted(answer)
        raise SourceUnavailable(self.source, answer)


def _headers(offset: int) -> dict[str, str]:
    headers = {"Accept-Encoding": "identity"}
    if offset:
        headers["Range"] = f"bytes={offset}-"
    return headers


def _content_range(response: httpx2.Response) -> re.Match[str] | None:
    return CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))


def _total_bytes(response: httpx2.Response) -> int | None:
    found = _content_range(response)
    length = found[2] if found else response.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else None


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
