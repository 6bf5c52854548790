"""Blobs that no face has: held for one until a moment, or doomed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from vultus.errors import BlobNotHeld
from vultus.gallery.store.sql.database import Database
from vultus.gallery.store.sql.tables import doomed_blobs
from vultus.gallery.store.sql.transaction import now

NAME, HELD_UNTIL = doomed_blobs.c.name, doomed_blobs.c.held_until
IS_HELD = HELD_UNTIL.is_not(None)


def hold(connection: Connection, names: Sequence[str], until: datetime) -> None:
    """List blobs that a face may take until a moment."""
    rows = [{"name": name, "held_until": until} for name in names]
    if rows:
        connection.execute(insert(doomed_blobs), rows)


def take(database: Database, connection: Connection, names: Sequence[str]) -> None:
    """Let faces have blobs that are held.

    Raises:
        BlobNotHeld: one is not.
    """
    if not names:
        return
    meant = database.one_of(NAME, names)
    # The row decides between a face and a purge: whoever changes it first has the blob.
    taken = connection.execute(delete(doomed_blobs).where(meant, IS_HELD).returning(NAME))
    missing = {*names} - {*taken.scalars()}
    if missing:
        raise BlobNotHeld(min(missing))


def release(database: Database, connection: Connection, names: Sequence[str]) -> tuple[str, ...]:
    """Doom those of the blobs that no face has taken, and give them."""
    meant = database.one_of(NAME, names)
    _doom(connection, meant)
    return tuple(connection.execute(select(NAME).where(meant).order_by(NAME)).scalars())


def doomed(connection: Connection, limit: int) -> tuple[str, ...]:
    """Doom blobs that were held for too long, and give some of all that are doomed."""
    _doom(connection, now() >= HELD_UNTIL)
    found = select(NAME).where(HELD_UNTIL.is_(None)).order_by(NAME).limit(limit)
    return tuple(connection.execute(found).scalars())


def forget(database: Database, connection: Connection, names: Sequence[str]) -> None:
    """Take blobs off the list."""
    connection.execute(delete(doomed_blobs).where(database.one_of(NAME, names)))


def _doom(connection: Connection, meant: ColumnElement[bool]) -> None:
    connection.execute(update(doomed_blobs).where(meant, IS_HELD).values(held_until=None))
