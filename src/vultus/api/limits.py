"""How often somebody may ask: per key, per address, and with wrong keys."""

import re
from math import ceil

from throttled import MemoryStore, RateLimiterType, Throttled
from throttled.exceptions import DataError

from vultus.errors import SettingInvalid, TooManyRequests
from vultus.settings import ServiceSettings

OFF = "off"
WRONG_KEYS = "20/minute"
"""So many wrong keys may come from one address."""
MOST = 100_000
"""So many keys and addresses are remembered; then those that asked longest ago are forgotten."""


class RateLimits:
    """Counts requests in this process: so many may come at once, and more as time goes on."""

    def __init__(self, settings: ServiceSettings) -> None:
        """Take the limits from the settings.

        Raises:
            SettingInvalid: one of them cannot be understood.
        """
        self._key = _parsed("service.rate_limit", settings.rate_limit)
        self._address = _parsed("service.address_rate_limit", settings.address_rate_limit)
        self._wrong = _parsed("wrong keys", WRONG_KEYS)

    def count_address(self, address: str) -> None:
        """Count a request from an address.

        Raises:
            TooManyRequests: that was one too many.
        """
        _hit(self._address, address)

    def count_key(self, key_id: str) -> None:
        """Count a request with a key; errors as for `count_address`."""
        _hit(self._key, key_id)

    def count_wrong_key(self, address: str) -> None:
        """Count a wrong key from an address; errors as for `count_address`.

        Right ones go on: others behind the same address are not locked out.
        """
        _hit(self._wrong, address)


def _hit(limits: list[Throttled], who: str) -> None:
    for limit in limits:
        found = limit.limit(who)
        if found.limited:
            raise TooManyRequests(max(1, ceil(found.state.retry_after)))


def _parsed(name: str, said: str) -> list[Throttled]:
    if said == OFF:
        return []
    try:
        return [_limit(each) for each in re.split("[;,]", said)]
    except DataError as error:
        raise SettingInvalid(name, f"{said!r} is no limit such as 20/second, nor off") from error


def _limit(said: str) -> Throttled:
    store = MemoryStore(options={"MAX_SIZE": MOST})
    return Throttled(using=RateLimiterType.GCRA.value, quota=said, store=store)
