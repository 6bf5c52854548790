from collections.abc import Iterator
from typing import Any

import pytest

from compreface_server import KEY, Collection, compreface_server


@pytest.fixture
def theirs() -> Iterator[Collection]:
    with compreface_server() as collection:
        yield collection


def test_a_wrong_key_is_said_in_one_sentence(run: Any, theirs: Collection) -> None:
    code, _, said = run("import", "compreface", theirs.url, "--key", "another")
    assert code == 1
    assert said.startswith(f"vultus: {theirs.url}")
    assert "key" in said
    assert "another" not in said


def test_the_key_may_stand_in_the_environment(
    run: Any, theirs: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPREFACE_API_KEY", KEY)
    theirs.faceless.append("Bob")
    code, _, said = run("import", "compreface", theirs.url, "--gallery", "staff")
    assert (code, said) == (0, "vultus: 1 subjects were created without faces\n")
    assert "Bob" in run("subjects", "list", "--gallery", "staff")[1]


def test_without_a_key_the_command_line_is_wrong(run: Any, theirs: Collection) -> None:
    assert run("import", "compreface", theirs.url)[0] == 2
    assert theirs.asked == []
