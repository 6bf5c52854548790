"""Images behind addresses that callers name, fetched only from where the operator allows it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import Protocol, TypeVar

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

T = TypeVar("T")

MOST_REDIRECTS = 3
RESOLVERS = 4
"""So many names are resolved at once: the system's resolver cannot be interrupted."""


class ImageFetcher(Protocol):
    """Fetches the image behind an address."""

    async def fetch(self, url: str) -> bytes:
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
    nothing. Proxies are not asked, for they would resolve by themselves. `timeout_s` bounds all of
    it together; only a resolver that does not answer goes on, in one of a few threads.
    """

    allowed: AllowedHosts
    limit_bytes: int
    timeout_s: float
    resolve: Resolve = resolve_host
    is_allowed: Callable[[Address], bool] = is_public
    verify: ssl.SSLContext | None = None
    resolvers: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(RESOLVERS, thread_name_prefix="resolve")
    )

    async def fetch(self, url: str) -> bytes:
        """Fetch a file; see the port."""
        host = self.allowed.target(url).host
        try:
            async with asyncio.timeout(self.timeout_s):
                return await self._followed(url)
        except TimeoutError:
            raise FetchFailed(host, "it took too long") from None

    async def _followed(self, url: str) -> bytes:
        for _ in range(MOST_REDIRECTS + 1):
            target = self.allowed.target(url)
            async with self._opened(target) as response:
                if not response.has_redirect_location:
                    return await self._content(target, response)
                url = _moved_to(url, response.headers["Location"])
        raise FetchFailed(target.host, "it redirects too often")

    @asynccontextmanager
    async def _opened(self, target: Target) -> AsyncIterator[httpx2.Response]:
        """Ask the first of the target's addresses that takes a connection."""
        addresses = await self._aside(reachable, target, self.resolve, self.is_allowed)
        async with await self._client(len(addresses)) as client:
            try:
                for address in addresses[:-1]:
                    with suppress(httpx2.ConnectError, httpx2.ConnectTimeout):
                        response = await client.send(_request(client, target, address), stream=True)
                        break
                else:
                    last = _request(client, target, addresses[-1])
                    response = await client.send(last, stream=True)
                try:
                    yield response
                finally:
                    await response.aclose()
            except (httpx2.TransportError, ssl.SSLError) as error:
                # What exactly went wrong would tell a caller about the network in here.
                raise FetchFailed(target.host, "the connection failed, or took too long") from error

    async def _client(self, addresses: int) -> httpx2.AsyncClient:
        """A client that leaves time for each address of a host."""
        # To read the certificates of this machine takes longer than the loop may wait.
        verify = self.verify if self.verify is not None else await self._aside(_certificates)
        return httpx2.AsyncClient(
            verify=verify,
            timeout=httpx2.Timeout(self.timeout_s, connect=self.timeout_s / addresses),
            trust_env=False,
            follow_redirects=False,
        )

    async def _content(self, target: Target, response: httpx2.Response) -> bytes:
        if response.status_code != HTTPStatus.OK:
            raise FetchFailed(target.host, f"it answered {response.status_code}")
        content = bytearray()
        # Raw: a compressed answer is taken for what it is, and nothing grows while it is read.
        async for piece in response.aiter_raw():
            content += piece
            if len(content) > self.limit_bytes:
                raise ImageTooHeavy(len(content), self.limit_bytes)
        return bytes(content)

    async def _aside(self, work: Callable[..., T], *given: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self.resolvers, work, *given)


@cache
def _certificates() -> ssl.SSLContext:
    return httpx2.create_ssl_context(trust_env=False)


def _request(client: httpx2.AsyncClient, target: Target, address: Address) -> httpx2.Request:
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
