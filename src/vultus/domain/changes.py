"""What to say of a new subject, and what to change of one that is there."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Final

from vultus.domain.subject import (
    NOTHING,
    Attributes,
    check_attributes,
    check_external_id,
    check_name,
    check_text,
)
from vultus.errors import InvalidValue

MAX_CONSENT = 4_000
"""Most characters of a note of consent."""


class Unchanged(Enum):
    """Stands in a change for a field that stays as it is."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


@dataclass(frozen=True, slots=True)
class NewSubject:
    """A subject to create; meanings as in `Subject` and `Enrollment`."""

    name: str
    external_id: str | None = None
    attributes: Attributes = field(default_factory=lambda: NOTHING, hash=False)
    consent: str | None = None
    retain_until: date | None = None

    def __post_init__(self) -> None:
        check_name(self.name)
        check_attributes(self.attributes)
        if self.external_id is not None:
            check_external_id(self.external_id)
        if self.consent is not None:
            check_text("consent", self.consent, MAX_CONSENT)
        if self.retain_until is not None:
            check_day("retain_until", self.retain_until)


@dataclass(frozen=True, slots=True)
class SubjectChange:
    """What to change of a subject; None takes a value away, UNCHANGED leaves it."""

    name: str | Unchanged = UNCHANGED
    external_id: str | Unchanged | None = UNCHANGED
    attributes: Attributes | Unchanged = field(default=UNCHANGED, hash=False)
    consent: str | Unchanged | None = UNCHANGED
    retain_until: date | Unchanged | None = UNCHANGED

    def __post_init__(self) -> None:
        if not isinstance(self.name, Unchanged):
            check_name(self.name)
        if not isinstance(self.attributes, Unchanged):
            check_attributes(self.attributes)
        if isinstance(self.external_id, str):
            check_external_id(self.external_id)
        if isinstance(self.consent, str):
            check_text("consent", self.consent, MAX_CONSENT)
        if self.retain_until is not None and not isinstance(self.retain_until, Unchanged):
            check_day("retain_until", self.retain_until)


def check_day(what: str, day: date) -> None:
    """Refuse what is no day; a moment is none.

    Raises:
        InvalidValue: that is so.
    """
    if not isinstance(day, date) or isinstance(day, datetime):
        raise InvalidValue(what, f"{day!r} is no date, such as datetime.date(2031, 12, 31)")
