"""The head of an answer and its body, sent together."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from vultus.cli.joining import SMALL_BYTES, JoiningTransport

LARGE = b"x" * (SMALL_BYTES + 1)


class Inner(asyncio.Transport):
    """Remembers what was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []
        self.is_closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.is_closed
        self.sent.append(bytes(data))

    def close(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed

    def get_write_buffer_size(self) -> int:
        return 7


async def head_and_body(transport: JoiningTransport) -> None:
    transport.write(b"head ")
    transport.write(b"body")


async def head_and_large_body(transport: JoiningTransport) -> None:
    transport.write(b"head ")
    transport.write(LARGE)


async def head_and_later_a_body(transport: JoiningTransport) -> None:
    transport.write(b"head")
    await asyncio.sleep(0)
    transport.write(LARGE)


async def several_answers(transport: JoiningTransport) -> None:
    for _ in range(2):
        await head_and_body(transport)


async def nothing(transport: JoiningTransport) -> None:
    transport.write(b"")
    await asyncio.sleep(0)


async def head_and_end(transport: JoiningTransport) -> None:
    transport.write(b"head")
    transport.close()
    await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("write", "sent"),
    [
        (head_and_body, [b"head body"]),
        (head_and_large_body, [b"head " + LARGE]),
        (head_and_later_a_body, [b"head", LARGE]),
        (several_answers, [b"head body", b"head body"]),
        (nothing, []),
        (head_and_end, [b"head"]),
    ],
)
def test_a_small_piece_goes_with_the_next_one_or_soon_alone(
    write: Callable[[JoiningTransport], Awaitable[None]], sent: list[bytes]
) -> None:
    inner = Inner()

    async def scenario() -> None:
        await write(JoiningTransport(inner))
        await asyncio.sleep(0)

    asyncio.run(scenario())
    assert inner.sent == sent


def test_what_is_kept_when_the_connection_breaks_is_dropped() -> None:
    inner = Inner()

    async def scenario() -> None:
        JoiningTransport(inner).write(b"head")
        inner.close()
        await asyncio.sleep(0)

    asyncio.run(scenario())
    assert inner.sent == []


def test_all_else_is_done_by_the_transport_within() -> None:
    async def scenario() -> int:
        size: int = JoiningTransport(Inner()).get_write_buffer_size()
        return size

    assert asyncio.run(scenario()) == 7
