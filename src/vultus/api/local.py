"""Who asks from this machine: the only ones that are answered while there is no key.

Without FastAPI, so that the command line may ask which hosts that are.
"""

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vultus.errors import KeyMissing

if TYPE_CHECKING:
    from fastapi import Request

HOST = re.compile(r"(?P<host>[A-Za-z0-9.]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
"""What the header Host may look like where it names this machine."""
OF_PROXIES = re.compile(r"forwarded|via|x-real-ip|x-forwarded-.*", re.IGNORECASE)
"""Headers by which a proxy tells that it asks for somebody else."""


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine, seen from itself."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def check_is_local(request: "Request") -> None:
    """Refuse what does not come from a program on this machine.

    A browser on this machine asks for any website that it shows, and a proxy on it for anybody.
    One that leaves no trace of itself cannot be told from a program.

    Raises:
        KeyMissing: the request may come from somewhere else.
    """
    headers = request.headers
    hosts = [request.client.host if request.client else "", _named(headers.getlist("host"))]
    origins = map(_host_of_origin, headers.getlist("origin"))
    if not all(map(is_loopback, [*hosts, *origins])) or _came_through_a_proxy(request):
        raise KeyMissing


def _named(said: list[str]) -> str:
    """The host that the one header Host names; nothing for any other."""
    found = HOST.fullmatch(said[0]) if len(said) == 1 else None
    return found["host"].strip("[]").lower() if found else ""


def _host_of_origin(origin: str) -> str:
    try:
        return urlsplit(origin).hostname or ""
    except ValueError:
        return ""


def _came_through_a_proxy(request: "Request") -> bool:
    # Programs speak HTTP/1.1; nginx speaks 1.0 with what it passes on, unless it is told otherwise.
    is_old = request.scope.get("http_version") == "1.0"
    return is_old or any(map(OF_PROXIES.fullmatch, request.headers.keys()))
