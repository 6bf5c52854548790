"""Keys and the audit log of a server."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from vultus.client.answer import understood
from vultus.client.asking import flags
from vultus.client.connection import Call, Connection
from vultus.client.pages import every, fits_in_an_address, place
from vultus.client.reading import administration as reading
from vultus.domain.gallery import AuditEvent
from vultus.domain.key import Key, Scope
from vultus.errors import KeyNotFound

PAGE = 1_000


@dataclass(frozen=True, slots=True)
class ServerAdministration:
    """Who may ask a server for what, and who did. Errors as for `Client`. Safe between threads."""

    connection: Connection

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
            KeyTaken: it is the secret of another key.
        """
        until = expires_at.isoformat() if expires_at else None
        own = {"secret": secret} if secret is not None else {}
        said = {"name": name, "scope": scope.value, "gallery": gallery, "expires_at": until, **own}
        # Sent twice it would be two keys, and nobody has the secret of the first.
        answer = self.connection.ask(Call("POST", "/v1/keys", said=said, repeatable=False))
        with understood(self.connection.server):
            return reading.key(answer), str(answer["secret"])

    def keys(self, gallery: str | None = None) -> Iterator[Key]:
        """Keys in the order they were made, without their secrets.

        Raises:
            GalleryNotFound: there is no such gallery.
        """
        call = Call("GET", "/v1/keys", query=flags(gallery=gallery, limit=PAGE))
        return every(self.connection, call, reading.key)

    def revoke_key(self, key_id: str) -> Key:
        """Let a key open nothing from now on.

        Raises:
            KeyNotFound: there is none of that id.
        """
        if not fits_in_an_address(key_id):
            raise KeyNotFound(key_id)
        answer = self.connection.write(Call("DELETE", place("keys", key_id)))
        with understood(self.connection.server):
            return reading.key(answer)

    def events(
        self, *, gallery: str | None = None, subject: str | None = None, after: int = 0
    ) -> Iterator[AuditEvent]:
        """Who did what to whom, in the order it happened.

        Args:
            gallery: only of this one, by name or id, or by the id of one that is gone.
            subject: only of this one, by id.
            after: only what came after this sequence number.
        """
        query = flags(gallery=gallery, subject=subject, limit=PAGE)
        start = str(after) if after > 0 else None
        return every(self.connection, Call("GET", "/v1/audit", query=query), reading.event, start)
