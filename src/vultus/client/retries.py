"""How long to wait before a request is sent again, or asked for its answer."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

TRY_LATER = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
"""The server, or what stands before it, could not take the request now."""

RETRY_AFTER = "retry-after"
FIRST_WAIT_S = 0.25
LONGEST_WAIT_S = 30.0
"""Who is told to come back later than that is told so, and does not wait."""


@dataclass(frozen=True, slots=True)
class Retries:
    """Sends a request again at most `most` times, after waits that double each time.

    Waits differ by chance, so that clients that were turned away together do not return together.
    """

    most: int

    def wait_s(self, tried: int, headers: Mapping[str, str] | None = None) -> float | None:
        """Seconds until the next try after `tried` of them, or None to give up.

        `headers` are those of an answer, if there was one: its `Retry-After` counts, if it has one.
        """
        if tried > self.most:
            return None
        asked_s = _retry_after_s((headers or {}).get(RETRY_AFTER, ""))
        if asked_s is not None:
            return asked_s if asked_s <= LONGEST_WAIT_S else None
        longest_s: float = min(FIRST_WAIT_S * 2.0 ** (tried - 1), LONGEST_WAIT_S)
        return random.uniform(longest_s / 2, longest_s)


@dataclass(slots=True)
class Tries:
    """The tries of one request.

    An answer that is still being made is asked for until `patience_s` are over, however often.
    """

    retries: Retries
    patience_s: float
    _failed: int = 0
    _waited_s: float = 0.0

    def after_failure(self, headers: Mapping[str, str] | None = None) -> float | None:
        """Seconds until the next try after one that failed; see `Retries.wait_s`."""
        self._failed += 1
        return self.retries.wait_s(self._failed, headers)

    def while_carried_out(self, headers: Mapping[str, str]) -> float | None:
        """Seconds until an answer that is being made is asked for again, or None to give up."""
        wait_s = _retry_after_s(headers.get(RETRY_AFTER, "")) or FIRST_WAIT_S
        self._waited_s += wait_s
        return wait_s if self._waited_s <= self.patience_s else None


def _retry_after_s(said: str) -> float | None:
    """Seconds, or a date, as RFC 9110 has it; None for anything else."""
    if said.isdecimal():
        return float(said)
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)
