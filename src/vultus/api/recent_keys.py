"""Keys that were good a moment ago, and are checked again all the same."""

import hashlib
from dataclasses import dataclass, field
from time import monotonic

from vultus.domain.key import Key

LATELY_S = 10.0
"""So long a key is known after it was checked before its request went on."""
MOST = 1_000
"""So many secrets are known; one more, and all are checked again."""


@dataclass(frozen=True, slots=True)
class Recent:
    """The key that a secret opened; None where no key was needed."""

    key: Key | None
    at: float


@dataclass(slots=True)
class RecentKeys:
    """Remembers for some seconds what secrets opened. For one event loop.

    With it a request goes on to its work at once, and the key is checked there, in the same thread:
    a hop to another thread for that alone takes up to a twentieth of the time of a photo.
    """

    _by_secret: dict[bytes, Recent] = field(default_factory=dict, init=False)

    def note(self, secret: str | None, key: Key | None) -> None:
        """Remember what was found good just now."""
        if len(self._by_secret) >= MOST:
            self._by_secret.clear()
        self._by_secret[_digest(secret)] = Recent(key, monotonic())

    def recall(self, secret: str | None) -> Recent | None:
        """What a secret opened lately; None if that is not known."""
        found = self._by_secret.get(_digest(secret))
        return found if found is not None and monotonic() - found.at < LATELY_S else None


def _digest(secret: str | None) -> bytes:
    # The secrets themselves stay nowhere.
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest() if secret else b""
