"""Keys, models, the audit log, and whether the service is ready."""

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import AwareDatetime, Field

from vultus.api.schemas.face import ModelShape
from vultus.api.schemas.gallery import Name
from vultus.api.schemas.shape import Asked, Shape
from vultus.domain.gallery import AuditEvent
from vultus.domain.key import Key, Scope
from vultus.usecases.serving.keys import LEAST_SECRET


class NewKeyBody(Asked):
    """A key to create."""

    name: Name = Field(description="what it is for", examples=["front door"], max_length=255)
    scope: Scope = Field(description="each scope includes those before it")
    gallery: str | None = Field(None, description="name or id of the only gallery; null: all")
    expires_at: AwareDatetime | None = Field(None, description="null: never")
    secret: str | None = Field(
        None,
        min_length=LEAST_SECRET,
        max_length=512,
        repr=False,
        description="one that somebody has already, such as a UUID; null makes one",
    )


class KeyShape(Shape):
    """A key, without its secret."""

    id: str
    name: str
    scope: Scope
    gallery_id: str | None = Field(description="null: all galleries")
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None = Field(description="at most a minute behind")

    @classmethod
    def of(cls, key: Key) -> Self:
        """From the value."""
        return cls(**_fields(key))


class CreatedKey(KeyShape):
    """A new key with its secret, which is shown this once and kept nowhere."""

    secret: str = Field(description="send it as `Authorization: Bearer …` or as `X-API-Key`")

    @classmethod
    def of(cls, key: Key, secret: str) -> Self:  # type: ignore[override]
        """From the value and its secret."""
        return cls(secret=secret, **_fields(key))


class ModelInUse(ModelShape):
    """A pack that this service has loaded, or will."""

    dim: int = Field(description="how many numbers its templates have")
    default: bool = Field(description="whether new galleries are for it")
    state: Literal["ready", "loading", "failed", "not_loaded"]
    galleries: list[str] = Field(description="ids of the galleries whose templates it made")


class AuditShape(Shape):
    """Who did what to whom."""

    sequence: int
    at: datetime
    actor: str = Field(description="`key:` and the id of a key, or who used the command line")
    action: str = Field(examples=["subject.created"])
    gallery_id: str | None
    subject_id: str | None
    details: dict[str, Any]

    @classmethod
    def of(cls, event: AuditEvent) -> Self:
        """From the value."""
        return cls(
            sequence=event.sequence,
            at=event.at,
            actor=event.actor,
            action=event.action,
            gallery_id=event.gallery_id,
            subject_id=event.subject_id,
            details=dict(event.details),
        )


class Check(Shape):
    """Whether one thing that the service needs is there."""

    ready: bool
    detail: str


class Readiness(Shape):
    """Whether the service can take requests, and what is missing if not."""

    ready: bool
    checks: dict[str, Check]


class Liveness(Shape):
    """That the process answers."""

    status: Literal["alive"] = "alive"


def _fields(key: Key) -> dict[str, Any]:
    return {name: getattr(key, name) for name in KeyShape.model_fields}
