"""Keys of the service in SQL."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from vultus.domain.key import Key, NewKey, Scope
from vultus.errors import KeyNotFound, KeyTaken
from vultus.gallery.store.sql.answers import mark_written
from vultus.gallery.store.sql.audit import record
from vultus.gallery.store.sql.ids import new_id
from vultus.gallery.store.sql.tables import api_keys
from vultus.gallery.store.sql.transaction import now

BEHIND = timedelta(minutes=1)
"""So far the last use that is kept may be behind: a write for each request would cost too much."""

# Asked by every request: put together once, to be fast.
FIND_BY_DIGEST = select(api_keys).where(api_keys.c.digest == bindparam("digest"))
ANY_KEY = select(api_keys.c.key).limit(1)


def create(connection: Connection, new: NewKey, digest: str, actor: str) -> Key:
    """Write a new key.

    Raises:
        KeyTaken: another one has the same digest.
    """
    key_id = new_id()
    row = insert(api_keys).values(
        id=key_id,
        name=new.name,
        scope=new.scope.value,
        gallery_id=new.gallery_id,
        digest=digest,
        created_at=now(),
        expires_at=new.expires_at,
    )
    try:
        connection.execute(row)
    except IntegrityError:
        raise KeyTaken from None
    details = {"key": key_id, "scope": new.scope.value}
    record(connection, "key.created", actor, new.gallery_id, None, details)
    mark_written(connection)
    return find(connection, key_id)


def find(connection: Connection, key_id: str) -> Key:
    """Read a key by its id."""
    row = connection.execute(select(api_keys).where(api_keys.c.id == key_id)).one_or_none()
    if row is None:
        raise KeyNotFound(key_id)
    return _key_of(row)


def find_by_digest(connection: Connection, digest: str) -> tuple[Key, str] | None:
    """Read a key and the digest of its secret."""
    row = connection.execute(FIND_BY_DIGEST, {"digest": digest}).one_or_none()
    return None if row is None else (_key_of(row), row.digest)


def list_all(connection: Connection, gallery_id: str | None) -> tuple[Key, ...]:
    """Read the keys of one gallery, or all, in the order they were created."""
    wanted = select(api_keys).order_by(api_keys.c.key)
    if gallery_id is not None:
        wanted = wanted.where(api_keys.c.gallery_id == gallery_id)
    return tuple(map(_key_of, connection.execute(wanted)))


def exist(connection: Connection) -> bool:
    """Say whether there ever was a key."""
    return connection.execute(ANY_KEY).first() is not None


def revoke(connection: Connection, key_id: str, actor: str) -> Key:
    """Mark a key as revoked; one that is revoked already stays as it is."""
    key = find(connection, key_id)
    if key.revoked_at is None:
        connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(revoked_at=now()))
        record(connection, "key.revoked", actor, key.gallery_id, None, {"key": key_id})
        mark_written(connection)
    return find(connection, key_id)


def note_use(connection: Connection, key_id: str, at: datetime) -> None:
    """Keep when a key was used last, unless what is kept is recent enough."""
    stale = or_(api_keys.c.last_used_at.is_(None), api_keys.c.last_used_at < at - BEHIND)
    connection.execute(
        update(api_keys).where(api_keys.c.id == key_id, stale).values(last_used_at=at)
    )


def _key_of(row: Row[Any]) -> Key:
    return Key(
        id=row.id,
        name=row.name,
        scope=Scope(row.scope),
        gallery_id=row.gallery_id,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )
