"""Bodies are bounded while they arrive, whatever their headers promise."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from painted import RED, photo
from service import HERE, served, settings_of
from vultus.api.bodies import SMALL_BYTES, BodyLimit, BodyLimits
from vultus.errors import Overloaded

KIND = {"Content-Type": "multipart/form-data; boundary=x"}


@pytest.fixture
def narrow(tmp_path: Path, sqlite_url: str) -> Any:
    """A service that takes 10 kB, and 15 kB of all requests together, within a moment."""
    settings = settings_of(
        tmp_path, max_body_bytes=10_000, bodies_bytes=15_000, time_limit_s=0.5, max_images=2
    )
    with served(settings, url=sqlite_url) as client:
        yield client


def ask(client: TestClient, *bodies: AsyncIterator[bytes]) -> list[httpx2.Response]:
    async def main() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(client.app)
        async with httpx2.AsyncClient(transport=transport, base_url=HERE) as asker:
            posts = [asker.post("/v1/detect", content=body, headers=KIND) for body in bodies]
            return list(await asyncio.gather(*posts))

    return client.portal.call(main)  # type: ignore[union-attr]


async def chunks(count: int, size: int = 1_000, pause_s: float = 0) -> AsyncIterator[bytes]:
    for _ in range(count):
        await asyncio.sleep(pause_s)
        yield bytes(size)


def code(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_body_is_refused_as_soon_as_it_is_too_large(narrow: TestClient) -> None:
    sent = []

    async def endless() -> AsyncIterator[bytes]:
        for number in range(1_000):
            sent.append(number)
            yield bytes(1_000)

    (answer,) = ask(narrow, endless())
    assert code(answer) == (413, "body_too_large")
    assert answer.json()["limit"] == 10_000


def test_a_length_that_lies_changes_nothing(narrow: TestClient) -> None:
    headers = KIND | {"Content-Length": "5"}
    answer = narrow.post("/v1/detect", content=bytes(20_000), headers=headers)
    assert answer.status_code == 413


def test_a_body_that_dawdles_is_given_up(narrow: TestClient) -> None:
    (answer,) = ask(narrow, chunks(20, 10, pause_s=0.1))
    assert code(answer) == (408, "body_too_slow")


def test_all_bodies_together_are_bounded_too(narrow: TestClient) -> None:
    answers = ask(narrow, chunks(9, pause_s=0.02), chunks(9, pause_s=0.02))
    assert sorted(map(code, answers)) == [(422, "request_invalid"), (503, "overloaded")]
    (after,) = ask(narrow, chunks(9))
    assert code(after) == (422, "request_invalid")


def test_a_large_answer_counts_until_it_is_taken() -> None:
    limits = BodyLimits(large_answer, BodyLimit(10_000, 1), most_held_bytes=2_000_000)
    may_take, sent = asyncio.Event(), []

    async def take(message: dict[str, Any]) -> None:
        sent.append(message)
        if len(sent) == 2:
            await may_take.wait()

    async def ask(path: str, send: Any) -> None:
        await limits({"type": "http", "path": path, "headers": []}, nothing, send)

    async def main() -> None:
        first = asyncio.create_task(ask("/large", take))
        await asyncio.sleep(0.05)
        with pytest.raises(Overloaded):
            await ask("/large", thrown_away)
        await ask("/healthz", thrown_away)
        may_take.set()
        await first
        await ask("/large", thrown_away)

    asyncio.run(main())
    assert limits.held_bytes == 0
    assert b"".join(each.get("body", b"") for each in sent) == LARGE
    assert [each.get("more_body") for each in sent] == [None] + [True] * 11 + [False]


LARGE = bytes(range(256)) * 12_000


async def large_answer(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": LARGE})


async def nothing() -> dict[str, Any]:
    return {"type": "http.disconnect"}


async def thrown_away(message: dict[str, Any]) -> None:
    pass


def test_a_body_without_an_image_is_small(client: TestClient) -> None:
    large = b'{"name": "' + b"a" * SMALL_BYTES + b'"}'
    headers = {"Content-Type": "application/json"}
    answer = client.post("/v1/galleries", content=large, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_more_images_than_allowed_are_refused(narrow: TestClient) -> None:
    files = [("image", (f"{n}.png", photo(RED))) for n in range(3)]
    answer = narrow.post("/v1/detect", files=files)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_many_images")
    several = narrow.post("/v1/detect", json={"image": ["AAAA"] * 3})
    assert several.json()["count"] == 3
