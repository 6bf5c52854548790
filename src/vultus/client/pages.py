"""Addresses below `/v1`, and lists that come in pages."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar
from urllib.parse import quote

from vultus.client.answer import understood
from vultus.client.connection import Call, Connection, Json
from vultus.client.reading.subjects import page
from vultus.domain.page import Page

T = TypeVar("T")
DOTS = ".", ".."


def place(*names: str) -> str:
    """The path of what `names` lead to; a name may hold anything."""
    # Two names have a meaning of their own in an address.
    quoted = (name.replace(".", "%2E") if name in DOTS else quote(name, safe="") for name in names)
    return "/".join(["/v1", *quoted])


def fits_in_an_address(name: str) -> bool:
    """Say whether a name arrives as it is; servers take an encoded slash for a plain one."""
    return bool(name) and "/" not in name


def one_page(
    connection: Connection, call: Call, read: Callable[[Json], T], cursor: str | None = None
) -> Page[T]:
    """One page of a list: the first, or the one that `cursor` asks for."""
    query = {**call.query, **({"cursor": cursor} if cursor else {})}
    answer = connection.ask(replace(call, query=query))
    with understood(connection.server):
        return page(answer, read)


def every(
    connection: Connection, call: Call, read: Callable[[Json], T], cursor: str | None = None
) -> Iterator[T]:
    """Everything of a list, from the cursor on; a page is asked for when it is come to."""
    while True:
        found = one_page(connection, call, read, cursor)
        yield from found.items
        if found.cursor is None:
            return
        cursor = found.cursor
