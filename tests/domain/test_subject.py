from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from vultus.domain.changes import NewSubject, SubjectChange
from vultus.domain.key import NewKey, Scope
from vultus.domain.subject import Subject
from vultus.errors import InvalidValue

NO_LINES = ["Ada\x1b[31m", "Ada\x9b31m", "\x7f", "Ada\nLovelace", "a\tb", "\u200b", "\u200b \u2060"]


@pytest.mark.parametrize("text", NO_LINES)
@pytest.mark.parametrize(
    "make",
    [
        NewSubject,
        lambda text: NewSubject("Ada", text),
        lambda text: SubjectChange(name=text),
        lambda text: SubjectChange(external_id=text),
        lambda text: NewKey(text, Scope.READ),
    ],
)
def test_what_cannot_be_read_as_one_line_is_no_name(
    make: Callable[[str], object], text: str
) -> None:
    with pytest.raises(InvalidValue):
        make(text)


@pytest.mark.parametrize("name", ["Ada", "عَدَا\u200f", "👩\u200d🔬", "e\u0301", "-", "\u202eadA"])
def test_what_can_be_read_is_a_name(name: str) -> None:
    assert NewSubject(name).name == name


def test_a_name_of_former_times_can_be_read() -> None:
    assert Subject("1", "Ada\nLovelace").name == "Ada\nLovelace"


@pytest.mark.parametrize("attributes", [{"a": "\x1b[31m"}, {"\x1b": 1}, {"a": [{"b": "\x07"}]}])
def test_attributes_have_no_control_characters(attributes: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match="control character"):
        NewSubject("Ada", attributes=attributes)


def test_a_note_may_have_several_lines() -> None:
    new = NewSubject(
        "Ada", attributes={"address": "1 Road\n\tLondon"}, consent="on paper,\r\nsigned"
    )
    assert new.consent == "on paper,\r\nsigned"
    with pytest.raises(InvalidValue, match="control character"):
        NewSubject("Ada", consent="\x1b[2J")


@pytest.mark.parametrize("day", ["2031-12-31", 7, datetime(2031, 12, 31)])
def test_a_date_of_retention_is_a_date(day: Any) -> None:
    with pytest.raises(InvalidValue, match="is no date"):
        NewSubject("Ada", retain_until=day)
    with pytest.raises(InvalidValue, match="is no date"):
        SubjectChange(retain_until=day)
