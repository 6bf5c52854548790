"""How often somebody may ask: per key, per address, and with wrong keys."""

from math import ceil
from time import time

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from vultus.errors import SettingInvalid, TooManyRequests
from vultus.settings import ServiceSettings

OFF = "off"
WRONG_KEYS = "20/minute"
"""So many wrong keys may come from one address."""


class RateLimits:
    """Counts requests in this process."""

    def __init__(self, settings: ServiceSettings) -> None:
        """Take the limits from the settings.

        Raises:
            SettingInvalid: one of them cannot be understood.
        """
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._key = _parsed("service.rate_limit", settings.rate_limit)
        self._address = _parsed("service.address_rate_limit", settings.address_rate_limit)
        self._wrong = _parsed("wrong keys", WRONG_KEYS)

    def count_address(self, address: str) -> None:
        """Count a request from an address.

        Raises:
            TooManyRequests: that was one too many.
        """
        self._hit(self._address, "address", address)

    def count_key(self, key_id: str) -> None:
        """Count a request with a key; errors as for `count_address`."""
        self._hit(self._key, "key", key_id)

    def count_wrong_key(self, address: str) -> None:
        """Count a wrong key from an address; errors as for `count_address`.

        Right ones go on: others behind the same address are not locked out.
        """
        self._hit(self._wrong, "wrong", address)

    def _hit(self, items: list[RateLimitItem], kind: str, who: str) -> None:
        for item in items:
            if not self._limiter.hit(item, kind, who):
                raise self._too_many(item, kind, who)

    def _too_many(self, item: RateLimitItem, kind: str, who: str) -> TooManyRequests:
        frees_at = self._limiter.get_window_stats(item, kind, who).reset_time
        return TooManyRequests(max(1, ceil(frees_at - time())))


def _parsed(name: str, said: str) -> list[RateLimitItem]:
    if said == OFF:
        return []
    try:
        return parse_many(said)
    except ValueError as error:
        raise SettingInvalid(name, f"{said!r} is no limit such as 20/second, nor off") from error
