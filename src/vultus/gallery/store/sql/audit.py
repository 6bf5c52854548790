"""The audit log in SQL."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, select

from vultus.domain.gallery import AuditEvent
from vultus.gallery.store.sql.tables import audit_events
from vultus.gallery.store.sql.transaction import now
from vultus.gallery.store.sql.values import event_of


def record(
    connection: Connection,
    action: str,
    actor: str,
    gallery_id: str | None,
    subject_id: str | None,
    details: Mapping[str, Any],
) -> None:
    """Append an event."""
    event = {
        "at": now(),
        "actor": actor,
        "action": action,
        "gallery_id": gallery_id,
        "subject_id": subject_id,
        "details": dict(details),
    }
    connection.execute(insert(audit_events), [event])


def events(
    connection: Connection,
    gallery_id: str | None,
    subject_id: str | None,
    after: int,
    limit: int,
) -> tuple[AuditEvent, ...]:
    """Read events in order."""
    wanted = select(audit_events).where(audit_events.c.sequence > after)
    if gallery_id is not None:
        wanted = wanted.where(audit_events.c.gallery_id == gallery_id)
    if subject_id is not None:
        wanted = wanted.where(audit_events.c.subject_id == subject_id)
    rows = connection.execute(wanted.order_by(audit_events.c.sequence).limit(limit))
    return tuple(map(event_of, rows))
