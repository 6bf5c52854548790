from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from vultus.client.retries import LONGEST_WAIT_S, Retries, Tries


def test_waits_double_up_to_the_longest() -> None:
    retries = Retries(40)
    waits = [retries.wait_s(tried) or 0 for tried in range(1, 41)]
    for tried, wait in enumerate(waits):
        longest = min(0.25 * 2**tried, LONGEST_WAIT_S)
        assert longest / 2 <= wait <= longest


def test_after_so_many_tries_there_is_no_further() -> None:
    assert Retries(2).wait_s(2) is not None
    assert Retries(2).wait_s(3) is None
    assert Retries(0).wait_s(1) is None


@pytest.mark.parametrize(("said", "wait_s"), [("0", 0), ("7", 7), ("30", 30), ("31", None)])
def test_a_server_says_how_long(said: str, wait_s: float | None) -> None:
    assert Retries(1).wait_s(1, {"retry-after": said}) == wait_s


def test_a_server_may_say_until_when() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=10), usegmt=True)
    past = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)
    assert Retries(1).wait_s(1, {"retry-after": soon}) == pytest.approx(9.5, abs=1)
    assert Retries(1).wait_s(1, {"retry-after": past}) == 0


@pytest.mark.parametrize("said", ["", "soon", "-1", "1.5", "²", "Fri, 99 Nov 2026 00:00:00 GMT"])
def test_what_says_nothing_is_passed_over(said: str) -> None:
    assert 0 < (Retries(1).wait_s(1, {"retry-after": said}) or 0) <= 0.25


def test_an_answer_that_is_being_made_is_asked_for_until_patience_ends() -> None:
    tries = Tries(Retries(0), patience_s=3)
    waits = [tries.while_carried_out({"retry-after": "1"}) for _ in range(4)]
    assert waits == [1, 1, 1, None]


def test_to_ask_for_an_answer_uses_up_no_try() -> None:
    tries = Tries(Retries(1), patience_s=60)
    for _ in range(9):
        assert tries.while_carried_out({}) is not None
    assert tries.after_failure() is not None
    assert tries.after_failure() is None
