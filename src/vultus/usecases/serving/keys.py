"""Keys of the service: made, checked, and never kept as they are.

The store holds HMAC-SHA256 of a secret under a pepper that is not in the store: who steals the
database can neither use a key nor guess one. A slow hash would add nothing: a secret of 256 random
bits cannot be guessed.
"""

import hashlib
import hmac
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock

from vultus.domain.key import Key, NewKey
from vultus.errors import InvalidValue, KeyInvalid, StoreError
from vultus.gallery.store.port import KeyStore

log = logging.getLogger(__name__)

PREFIX = "vultus_"
"""By it, scanners find secrets that were published by mistake."""
LEAST_SECRET = 32
"""Fewest characters of a secret that somebody brings along, as a UUID has."""
LEAST_KINDS = 8
"""Fewest different characters among them; a random UUID has fewer once in ten billion times."""
OFTEN = timedelta(minutes=1)
"""So often the last use of a key is kept."""


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Keys:
    """The keys of a store. Safe between threads."""

    store: KeyStore
    pepper: bytes = field(repr=False)
    clock: Callable[[], datetime] = now
    _noted: dict[str, datetime] = field(default_factory=dict, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)
    _needed: bool = field(default=False, init=False)

    @property
    def needed(self) -> bool:
        """Whether a key is needed: once there was one, for ever."""
        self._needed = self._needed or self.store.has_keys()
        return self._needed

    def create(self, new: NewKey, *, actor: str, secret: str | None = None) -> tuple[Key, str]:
        """Make a key, and give it with its secret, which cannot be shown again.

        Args:
            new: what it is good for.
            actor: who makes it.
            secret: one that somebody has already, as a UUID; None makes one.

        Raises:
            InvalidValue: the secret can be guessed, or the key would have expired already.
            KeyTaken: it is the secret of another key.
        """
        if new.expires_at is not None and new.expires_at <= self.clock():
            raise InvalidValue("expires_at", "it is in the past")
        chosen = PREFIX + secrets.token_urlsafe(32) if secret is None else _hard_to_guess(secret)
        return self.store.create_key(new, self._digest(chosen), actor=actor), chosen

    def check(self, secret: str) -> Key:
        """Give the key of a secret, and note that it was used.

        Raises:
            KeyInvalid: it is unknown, expired or revoked.
        """
        digest = self._digest(secret)
        found = self.store.key_by_digest(digest)
        if found is None or not hmac.compare_digest(found[1], digest):
            raise KeyInvalid
        key, moment = found[0], self.clock()
        if not key.is_live(moment):
            raise KeyInvalid
        if self._is_due(key.id, moment):
            self._note_use(key, moment)
        return key

    def _note_use(self, key: Key, moment: datetime) -> None:
        try:
            self.store.note_key_use(key.id, moment)
        except StoreError as error:
            # Who only reads may go on where nothing can be written.
            log.warning("the last use of a key is not kept: %s", error.code)

    def _digest(self, secret: str) -> str:
        return hmac.new(self.pepper, secret.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def _is_due(self, key_id: str, moment: datetime) -> bool:
        with self._lock:
            noted = self._noted.get(key_id)
            if noted is not None and moment - noted < OFTEN:
                return False
            self._noted[key_id] = moment
            return True


def _hard_to_guess(secret: str) -> str:
    """A secret that somebody brings along.

    Raises:
        InvalidValue: it is short, or so regular that it was hardly made by chance.
    """
    if len(secret) < LEAST_SECRET:
        raise InvalidValue("secret", f"it needs at least {LEAST_SECRET} characters")
    repeats = secret in (secret + secret)[1:-1]
    if len(set(secret)) < LEAST_KINDS or repeats:
        raise InvalidValue("secret", "it is too regular: take a random one, as uuidgen makes")
    return secret
