"""Images behind addresses that callers name, fetched only from where the operator allows it."""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

import httpx2

from vultus.api.compat.addresses import (
    Address,
    AllowedHosts,
    Resolve,
    Target,
    is_public,
    reachable,
    resolve_host,
)
from vultus.errors import AddressRefused, FetchFailed, ImageTooHeavy

MOST_REDIRECTS = 3


class ImageFetcher(Protocol):
    """Fetches the image behind an address."""

    def fetch(self, url: str) -> bytes:
        """Give the bytes of the file.

        Raises:
            AddressRefused: nothing is fetched from there.
            FetchFailed: the host does not answer, takes too long, or answers no.
            ImageTooHeavy: the file is larger than images may be.
        """


@dataclass(frozen=True, slots=True)
class AllowedFetcher:
    """Fetches from allowed hosts out in the open.

    Each redirect is checked as the first address is. A name is resolved once, and the connection
    goes to the address that was checked: a name that means another machine a moment later gains
    nothing. Proxies are not asked, for they would resolve by themselves. `timeout_s` bounds the
    whole, but for the last piece that is waited for.
    """

    allowed: AllowedHosts
    limit_bytes: int
    timeout_s: float
    resolve: Resolve = resolve_host
    is_allowed: Callable[[Address], bool] = is_public
    verify: ssl.SSLContext | None = None

    def fetch(self, url: str) -> bytes:
        """Fetch a file; see the port."""
        ends_at = time.monotonic() + self.timeout_s
        for _ in range(MOST_REDIRECTS + 1):
            target = self.allowed.target(url)
            with self._opened(target, ends_at) as response:
                if not response.has_redirect_location:
                    return self._content(target, response, ends_at)
                url = _moved_to(url, response.headers["Location"])
        raise FetchFailed(target.host, "it redirects too often")

    @contextmanager
    def _opened(self, target: Target, ends_at: float) -> Iterator[httpx2.Response]:
        """Ask the first of the target's addresses that takes a connection."""
        addresses = reachable(target, self.resolve, self.is_allowed)
        with self._client(_left(target, ends_at)) as client:
            try:
                for address in addresses[:-1]:
                    with suppress(httpx2.ConnectError, httpx2.ConnectTimeout):
                        response = client.send(_request(client, target, address), stream=True)
                        break
                else:
                    last = _request(client, target, addresses[-1])
                    response = client.send(last, stream=True)
                yield response
            except (httpx2.TransportError, ssl.SSLError) as error:
                # What exactly went wrong would tell a caller about the network in here.
                raise FetchFailed(target.host, "the connection failed, or took too long") from error

    def _client(self, timeout_s: float) -> httpx2.Client:
        return httpx2.Client(
            verify=self.verify or True,
            timeout=timeout_s,
            trust_env=False,
            follow_redirects=False,
        )

    def _content(self, target: Target, response: httpx2.Response, ends_at: float) -> bytes:
        if response.status_code != HTTPStatus.OK:
            raise FetchFailed(target.host, f"it answered {response.status_code}")
        content = bytearray()
        # Raw: a compressed answer is taken for what it is, and nothing grows while it is read.
        for piece in response.iter_raw():
            content += piece
            if len(content) > self.limit_bytes:
                raise ImageTooHeavy(len(content), self.limit_bytes)
            _left(target, ends_at)
        return bytes(content)


def _request(client: httpx2.Client, target: Target, address: Address) -> httpx2.Request:
    at = f"[{address}]" if address.version == 6 else str(address)
    return client.build_request(
        "GET",
        f"{target.scheme}://{at}:{target.port}{target.path}",
        headers={"Host": target.authority, "Accept-Encoding": "identity"},
        extensions={"sni_hostname": target.host},
    )


def _moved_to(url: str, location: str) -> str:
    try:
        return str(httpx2.URL(url).join(location))
    except httpx2.InvalidURL as error:
        raise AddressRefused("", "it redirects to what is no address") from error


def _left(target: Target, ends_at: float) -> float:
    left_s = ends_at - time.monotonic()
    if left_s <= 0:
        raise FetchFailed(target.host, "it took too long")
    return left_s
