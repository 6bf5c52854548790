"""Who a face may belong to."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from vultus.errors import InvalidValue

MAX_NAME = 1_000
"""Most characters of a name."""

MAX_EXTERNAL_ID = 255
"""Most characters of an external id."""

MAX_ATTRIBUTES_BYTES = 16_384
"""Most bytes of a subject's attributes as JSON."""

Attributes = Mapping[str, Any]
"""A JSON object: whatever else the operator keeps about a subject."""

NOTHING: Attributes = MappingProxyType({})

# PostgreSQL stores no NUL; UTF-8 has no surrogates.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
UNSTORABLE = "a NUL character, or half of a surrogate pair, such as of bytes that are no UTF-8"

# Of the other control characters only these mean anything in a text; terminals obey many others.
_BREAK = re.compile("[\t\n\r]")
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

UNSEEN = {"Cf", "Zs", "Zl", "Zp", "Mn"}
"""Categories of characters that nobody sees where they stand alone."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An enrolled person.

    `id` is ours and never changes; `external_id` is the operator's own, unique in a gallery.
    """

    id: str
    name: str
    external_id: str | None = None
    attributes: Attributes = field(default_factory=lambda: NOTHING, hash=False)

    def __post_init__(self) -> None:
        # Names were once taken that a new one may not be: those who have one can still be read.
        _check_length("name", self.name, MAX_NAME)


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody types for an attribute to look for: `7` is the number, or its text."""

    text: str

    @property
    def meanings(self) -> tuple[Any, ...]:
        """The values that it may stand for: what it is as JSON, and the text itself."""
        try:
            value = json.loads(self.text)
            check_attributes({"": value})
        except (ValueError, RecursionError, InvalidValue):
            return (self.text,)
        return (value,) if isinstance(value, str) else (value, self.text)


def meanings_of(wanted: Any) -> tuple[Any, ...]:
    """The values of an attribute that are what is looked for.

    A number, true, false and null are also found where they stand as text, as they do when they
    come from a CSV file. Text is text alone.
    """
    if isinstance(wanted, Typed):
        return wanted.meanings
    return (wanted,) if isinstance(wanted, str | list | dict) else (wanted, json.dumps(wanted))


def check_name(name: str) -> None:
    """Refuse a name that cannot be one.

    Raises:
        InvalidValue: it is empty, invisible or too long, or holds characters that no database takes
            or that steer a terminal.
    """
    check_line("name", name, MAX_NAME)


def check_external_id(external_id: str) -> None:
    """Refuse an external id that cannot be one; errors as for `check_name`."""
    check_line("external_id", external_id, MAX_EXTERNAL_ID)


def check_line(what: str, text: str, most: int) -> None:
    """Refuse text that is no line which somebody could read; otherwise as `check_text`."""
    check_text(what, text, most)
    if _BREAK.search(text):
        raise InvalidValue(what, "it has a tab or a line break")
    if all(unicodedata.category(each) in UNSEEN for each in text):
        raise InvalidValue(what, "it has no character that can be seen")


def check_text(what: str, text: str, most: int) -> None:
    """Refuse text that is empty, longer than `most` characters, or cannot be stored everywhere.

    Raises:
        InvalidValue: and why.
    """
    _check_length(what, text, most)
    if problem := _problem_of(text):
        raise InvalidValue(what, f"it has {problem}")


def _check_length(what: str, text: str, most: int) -> None:
    if not isinstance(text, str) or not text.strip():
        raise InvalidValue(what, "it is empty")
    if len(text) > most:
        raise InvalidValue(what, f"it has {len(text)} characters, at most {most} are allowed")


def check_attributes(attributes: Attributes) -> None:
    """Refuse attributes that are no JSON object, too large a one, or cannot be stored everywhere.

    Raises:
        InvalidValue: and why.
    """
    if not isinstance(attributes, Mapping):
        raise InvalidValue("attributes", "a JSON object is needed")
    plain = dict(attributes)
    try:
        document = json.dumps(plain, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        same = json.loads(document) == plain
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidValue("attributes", f"they are no JSON: {error}") from error
    if not same:
        raise InvalidValue("attributes", "they are no JSON: keys must be text, sequences lists")
    _check_storable(plain)
    size_bytes = len(document.encode())
    if size_bytes > MAX_ATTRIBUTES_BYTES:
        problem = f"they have {size_bytes} bytes as JSON, at most {MAX_ATTRIBUTES_BYTES} go"
        raise InvalidValue("attributes", problem)


def _check_storable(value: Any) -> None:
    if isinstance(value, str) and (problem := _problem_of(value)):
        raise InvalidValue("attributes", f"they have {problem}")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise InvalidValue("attributes", "they have a whole number of more than 64 bits")
    if isinstance(value, Mapping):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        for item in value:
            _check_storable(item)


def _problem_of(text: str) -> str | None:
    """What text has that it may not have, if anything."""
    if _UNSTORABLE.search(text):
        return UNSTORABLE
    return "a control character" if _CONTROL.search(text) else None
