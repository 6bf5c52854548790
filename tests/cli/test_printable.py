import io
import json
import os
import sys

import pytest

from vultus.cli.printable import json_line, printable

BYTES = os.fsdecode(b"caf\xe9.jpg")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zoë 山田　太郎.jpg", "Zoë 山田　太郎.jpg"),
        ("\x1b[2Jgone", r"\x1b[2Jgone"),
        ("two\nlines\r\t", r"two\nlines\r\t"),
        ("\x7f\x9b31m", r"\x7f\x9b31m"),
        ("gpj.\u202eexe", r"gpj.\u202eexe"),
        (BYTES, r"caf\udce9.jpg"),
    ],
)
def test_what_a_terminal_would_obey_is_written_out(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize("errors", ["strict", "surrogateescape", "backslashreplace"])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_json_is_valid_on_every_stdout(
    encoding: str, errors: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding, errors))
    value = {"photo": BYTES, "name": "Zoë 山 😀"}
    print(json_line(value), flush=True)
    assert json.loads(raw.getvalue().decode(encoding)) == value


def test_letters_stay_letters_where_stdout_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), "utf-8"))
    assert json_line("Zoë") == '"Zoë"'
