"""From where images may be fetched: whose name the operator gave, and who is out in the open."""

import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Self

import httpx2

from vultus.errors import AddressRefused, FetchFailed

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[Address]]
"""Gives the addresses of a host and port; raises OSError where there are none."""

PORTS = {"http": 80, "https": 443}
TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))
"""Where the last 32 bits are an IPv4 address that a gateway goes on to (RFC 6052, RFC 4291)."""


INTO_PRIVATE = "its name leads into a private network, which no setting allows"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads: `authority` is what the Host header says, `path` includes the query."""

    scheme: str
    host: str
    port: int
    authority: str
    path: str


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The hosts that images may be fetched from, as `host` or `host:port`, in lower case.

    Without a port, the usual ones are meant.
    """

    names: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str]) -> Self:
        """The hosts of a setting."""
        return cls(frozenset(name.strip().lower() for name in names))

    def target(self, url: str) -> Target:
        """Read an address.

        Raises:
            AddressRefused: it is no http(s) address, has a password in it, or its host is not
                allowed.
        """
        try:
            parsed = httpx2.URL(url)
        except httpx2.InvalidURL as error:
            raise AddressRefused("", "it is no address") from error
        host = parsed.raw_host.decode("ascii").lower().rstrip(".")
        if parsed.scheme not in PORTS or not host:
            raise AddressRefused(host, "only http: and https: addresses are followed")
        if parsed.userinfo:
            raise AddressRefused(host, "there is a user name in the address")
        usual = PORTS[parsed.scheme]
        port = parsed.port or usual
        if not self.names & ({host, f"{host}:{port}"} if port == usual else {f"{host}:{port}"}):
            raise AddressRefused(host, "its host is not one of compat.allowed_hosts")
        named = f"[{host}]" if ":" in host else host
        authority = named if port == usual else f"{named}:{port}"
        return Target(parsed.scheme, host, port, authority, parsed.raw_path.decode("ascii"))


def reachable(
    target: Target, resolve: Resolve, is_allowed: Callable[[Address], bool]
) -> Sequence[Address]:
    """The addresses of a target's host, all of them out in the open.

    Raises:
        AddressRefused: one of them is not.
        FetchFailed: there are none.
    """
    try:
        addresses = resolve(target.host, target.port)
    except (OSError, UnicodeError) as error:
        raise FetchFailed(target.host, "its name cannot be resolved") from error
    if not addresses:
        raise FetchFailed(target.host, "its name cannot be resolved")
    if not all(map(is_allowed, addresses)):
        raise AddressRefused(target.host, INTO_PRIVATE)
    return addresses


def is_public(address: Address) -> bool:
    """Whether an address is anybody's to reach: not private, loopback, link-local or multicast.

    An IPv4 address inside an IPv6 one is looked at, too.
    """
    inner = _inside(address) if isinstance(address, IPv6Address) else None
    if inner is not None:
        return is_public(inner)
    is_old_private = isinstance(address, IPv6Address) and address.is_site_local
    set_aside = address.is_multicast or address.is_reserved or is_old_private
    return address.is_global and not set_aside


def resolve_host(host: str, port: int) -> Sequence[Address]:
    """Ask this machine's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(entry[4][0]) for entry in found))


def _inside(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if any(address in network for network in TRANSLATED):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None
