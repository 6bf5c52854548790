"""Keys and the audit log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from vultus.domain.gallery import AuditEvent
from vultus.domain.key import Key, Scope

Json = Mapping[str, Any]


def key(json: Json) -> Key:
    """A key."""
    return Key(
        id=json["id"],
        name=json["name"],
        scope=Scope(json["scope"]),
        gallery_id=json["gallery_id"],
        created_at=datetime.fromisoformat(json["created_at"]),
        expires_at=_moment(json["expires_at"]),
        revoked_at=_moment(json["revoked_at"]),
        last_used_at=_moment(json["last_used_at"]),
    )


def event(json: Json) -> AuditEvent:
    """Who did what to whom."""
    return AuditEvent(
        sequence=int(json["sequence"]),
        at=datetime.fromisoformat(json["at"]),
        actor=json["actor"],
        action=json["action"],
        gallery_id=json["gallery_id"],
        subject_id=json["subject_id"],
        details=dict(json["details"]),
    )


def _moment(said: str | None) -> datetime | None:
    return None if said is None else datetime.fromisoformat(said)
