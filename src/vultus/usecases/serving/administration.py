"""Keys and the audit log of a store, for whoever looks after it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from vultus.domain.gallery import AuditEvent
from vultus.domain.key import Key, NewKey, Scope
from vultus.errors import GalleryNotFound
from vultus.gallery.store.port import Store
from vultus.usecases.serving.keys import Keys

EVENTS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Administration:
    """Who may ask for what, and who did. `actor` stands in the audit log.

    `opened_keys` is called when a key is made: nothing else needs the pepper.
    """

    store: Store
    opened_keys: Callable[[], Keys]
    actor: str

    def create_key(
        self,
        name: str,
        scope: Scope,
        *,
        gallery: str | None = None,
        expires_at: datetime | None = None,
        secret: str | None = None,
    ) -> tuple[Key, str]:
        """Make a key, and give it with its secret, which cannot be shown again.

        Args:
            name: what it is for.
            scope: what it is good for.
            gallery: the only one, by name or id; None is all of them.
            expires_at: None is never.
            secret: one that somebody has already; None makes one.

        Raises:
            GalleryNotFound: there is no such gallery.
            InvalidValue: the name is none, or the secret is too short.
            KeyTaken: it is the secret of another key.
        """
        new = NewKey(name, scope, self._gallery_id(gallery), expires_at)
        return self.opened_keys().create(new, actor=self.actor, secret=secret)

    def keys(self, gallery: str | None = None) -> Iterator[Key]:
        """Keys in the order they were made, without their secrets.

        Raises:
            GalleryNotFound: there is no such gallery.
        """
        return iter(self.store.keys(self._gallery_id(gallery)))

    def revoke_key(self, key_id: str) -> Key:
        """Let a key open nothing from now on.

        Raises:
            KeyNotFound: there is none of that id.
        """
        return self.store.revoke_key(key_id, actor=self.actor)

    def events(
        self, *, gallery: str | None = None, subject: str | None = None, after: int = 0
    ) -> Iterator[AuditEvent]:
        """Who did what to whom, in the order it happened.

        Args:
            gallery: only of this one, by name or id, or by the id of one that is gone.
            subject: only of this one, by id.
            after: only what came after this sequence number.
        """
        gallery_id = self._logged(gallery)
        while found := self.store.events(
            gallery_id=gallery_id, subject_id=subject, after=after, limit=EVENTS_AT_ONCE
        ):
            yield from found
            after = found[-1].sequence

    def _gallery_id(self, said: str | None) -> str | None:
        return None if said is None else self.store.gallery(said).id

    def _logged(self, said: str | None) -> str | None:
        try:
            return self._gallery_id(said)
        except GalleryNotFound:
            # Events outlive their gallery: this may be the id of one that is gone.
            return said
