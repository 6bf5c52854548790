"""Answers to writes in SQL, and the mark that a write leaves in its own transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, Update, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from vultus.domain.answer import Answer, Claim
from vultus.errors import IdempotencyKeyReused, RequestInProgress, RequestInterrupted
from vultus.gallery.store.sql.tables import answers

RETRY_AFTER_S = 1
"""So soon it is worth asking again for the answer of an attempt: most take less."""

_carried_out: ContextVar[Claim | None] = ContextVar("carried_out", default=None)


@contextmanager
def carrying_out(claim: Claim) -> Iterator[None]:
    """Let every write of this thread mark the claim."""
    token = _carried_out.set(claim)
    try:
        yield
    finally:
        _carried_out.reset(token)


def mark_written(connection: Connection) -> None:
    """Say, in the transaction of a write, that the claim it belongs to has changed something."""
    claim = _carried_out.get()
    if claim is not None:
        connection.execute(_own(claim).values(written=True))


def take(
    connection: Connection,
    name: str,
    request_digest: str,
    *,
    until: datetime,
    expires_at: datetime,
    repeatable: bool,
) -> Claim | Answer:
    """Take a write for one's own, or give its answer; errors as for `AnswerStore.claim`."""
    moment = datetime.now(UTC)
    forget_expired(connection)
    claim = Claim(name, uuid4().hex)
    row = {
        "name": name,
        "token": claim.token,
        "request_digest": request_digest,
        "claimed_until": until,
        "expires_at": expires_at,
        "written": False,
    }
    if _is_new(connection, row):
        return claim
    wanted = select(answers).where(answers.c.name == name).with_for_update()
    return _known(connection, connection.execute(wanted).one(), row, moment, repeatable)


def _is_new(connection: Connection, row: dict[str, Any]) -> bool:
    try:
        with connection.begin_nested():
            connection.execute(insert(answers).values(row))
    except IntegrityError:
        return False
    return True


def _known(
    connection: Connection, known: Row[Any], new: dict[str, Any], moment: datetime, repeatable: bool
) -> Claim | Answer:
    if known.request_digest != new["request_digest"]:
        raise IdempotencyKeyReused
    if known.status is not None:
        return Answer(known.status, known.headers, known.body)
    if known.claimed_until > moment:
        raise RequestInProgress(RETRY_AFTER_S)
    if known.written and not repeatable:
        raise RequestInterrupted
    connection.execute(update(answers).where(answers.c.name == new["name"]).values(new))
    return Claim(new["name"], new["token"])


def keep(connection: Connection, claim: Claim, answer: Answer) -> None:
    """Keep an answer, unless the claim went to another attempt."""
    values = {"status": answer.status, "headers": dict(answer.headers), "body": answer.body}
    connection.execute(_own(claim).values(values))


def give_back(connection: Connection, claim: Claim) -> None:
    """Let a write that failed be tried again; what it has changed already stays marked."""
    unchanged = answers.c.written.is_(False)
    own = (answers.c.name == claim.name, answers.c.token == claim.token)
    connection.execute(delete(answers).where(*own, unchanged))
    connection.execute(_own(claim).values(claimed_until=datetime.now(UTC)))


def have_expired(connection: Connection) -> bool:
    """Say whether there are answers to be forgotten."""
    expired = select(answers.c.name).where(answers.c.expires_at < datetime.now(UTC))
    return connection.execute(expired.limit(1)).first() is not None


def forget_expired(connection: Connection) -> None:
    """Remove the answers whose time has come."""
    connection.execute(delete(answers).where(answers.c.expires_at < datetime.now(UTC)))


def forget_what_they_say(connection: Connection) -> None:
    """Let go of what answers say, because somebody whom they name is being removed for good.

    That the writes were carried out stays known, so that none is done twice.
    """
    empty = {"status": None, "headers": None, "body": None, "claimed_until": datetime.now(UTC)}
    connection.execute(update(answers).where(answers.c.status.is_not(None)).values(empty))


def _own(claim: Claim) -> Update:
    return update(answers).where(answers.c.name == claim.name, answers.c.token == claim.token)
