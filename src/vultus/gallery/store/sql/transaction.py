"""A write to a gallery: one transaction, one revision, and the events that tell of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, select, update

from vultus.errors import GalleryNotFound
from vultus.gallery.store.sql.answers import mark_written
from vultus.gallery.store.sql.database import Database
from vultus.gallery.store.sql.tables import audit_events, galleries

GalleryRow = Row[Any]


@dataclass(slots=True)
class Write:
    """A transaction that changes one gallery, which no other process changes meanwhile."""

    database: Database
    connection: Connection
    gallery: GalleryRow
    actor: str
    at: datetime
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def revision(self) -> int:
        """The revision that this write makes, to be stamped on the faces it changes."""
        return int(self.gallery.revision) + 1

    def insert(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Write any number of rows that have the same columns."""
        self.database.insert(self.connection, table, rows)

    def note(self, action: str, subject_id: str | None = None, **details: Any) -> None:
        """Say that something was changed; nothing is, as far as others see, without a note."""
        self.events.append(
            {
                "at": self.at,
                "actor": self.actor,
                "action": action,
                "gallery_id": self.gallery.id,
                "subject_id": subject_id,
                "details": details,
            }
        )


@contextmanager
def writing(database: Database, gallery_id: str, actor: str) -> Iterator[Write]:
    """Lock a gallery, and at the end commit what was changed with a new revision.

    Raises:
        GalleryNotFound: there is no live gallery of that id.
    """
    with (
        database.writing() as connection,
        changing(database, connection, gallery_id, actor) as write,
    ):
        yield write


@contextmanager
def changing(
    database: Database, connection: Connection, gallery_id: str, actor: str
) -> Iterator[Write]:
    """Lock a gallery inside a transaction; errors as for `writing`."""
    gallery = live_gallery(connection, gallery_id, lock=True)
    write = Write(database, connection, gallery, actor, now())
    yield write
    if write.events:
        raised = update(galleries).where(galleries.c.key == gallery.key)
        connection.execute(raised.values(revision=write.revision))
        write.insert(audit_events, write.events)
        mark_written(connection)


def live_gallery(connection: Connection, gallery_id: str, *, lock: bool = False) -> GalleryRow:
    """Read the row of a gallery.

    Raises:
        GalleryNotFound: there is no live gallery of that id.
    """
    wanted = select(galleries).where(galleries.c.id == gallery_id, galleries.c.deleted_at.is_(None))
    row = connection.execute(wanted.with_for_update() if lock else wanted).one_or_none()
    if row is None:
        raise GalleryNotFound(gallery_id)
    return row


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)
