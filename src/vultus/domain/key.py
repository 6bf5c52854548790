"""Who may ask the service for what."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vultus.domain.subject import check_line

MAX_NAME = 255
"""Most characters of what a key is called."""


class Scope(StrEnum):
    """What a key is good for; each scope includes those before it.

    `read` asks: detect, verify, identify, browse. `enroll` changes subjects and faces. `admin`
    changes galleries, empties them, makes keys and reads the audit log.
    """

    READ = "read"
    ENROLL = "enroll"
    ADMIN = "admin"

    def includes(self, other: "Scope") -> bool:
        """Say whether who has this scope may do what the other one asks for."""
        ladder = list(Scope)
        return ladder.index(self) >= ladder.index(other)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to create; `gallery_id` None is all galleries, `expires_at` None never."""

    name: str
    scope: Scope
    gallery_id: str | None = None
    expires_at: datetime | None = None

    def __post_init__(self) -> None:
        check_line("name", self.name, MAX_NAME)


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it stands in the store, without its secret, which stands nowhere.

    `last_used_at` is at most a minute behind.
    """

    id: str
    name: str
    scope: Scope
    gallery_id: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def is_live(self, at: datetime) -> bool:
        """Say whether it opens anything at that moment."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)

    def opens(self, gallery_id: str) -> bool:
        """Say whether that gallery is one of those it is for."""
        return self.gallery_id in (None, gallery_id)
