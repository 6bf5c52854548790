"""Keys and the audit log of a server."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from running_service import running_service, service_settings
from vultus.bootstrap.galleries import open_galleries
from vultus.bootstrap.service import open_administration
from vultus.domain.key import Scope
from vultus.settings import Settings

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def guarded(vultus_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a service that has the gallery staff."""
    settings = service_settings(vultus_home, tmp_path_factory.mktemp("administered"))
    with open_galleries(settings) as galleries:
        galleries.create("staff")
    return settings


@pytest.fixture(scope="module")
def admin(guarded: Settings) -> str:
    with open_administration(guarded, actor="test") as administration:
        return administration.create_key("admin", Scope.ADMIN)[1]


@pytest.fixture(scope="module")
def address(guarded: Settings, admin: str) -> Iterator[str]:
    with running_service(guarded) as url:
        yield url


@pytest.fixture
def ask(run: Run, address: str, admin: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("VULTUS_CLIENT__KEY", admin)
    return lambda *words: run(*words, "--server", address)


def test_a_key_is_made_shown_once_listed_used_and_revoked(ask: Run, run: Run, address: str) -> None:
    made = ask("keys", "create", "door", "-g", "staff", "--scope", "read", "--days", "7", "--json")
    key = json.loads(made[1])
    secret = key["secret"]
    listed = [json.loads(line) for line in ask("keys", "list", "--json")[1].splitlines()]
    assert [each["name"] for each in listed] == ["admin", "door"]
    assert secret not in str(listed)
    (own,) = ask("keys", "list", "--gallery", "staff", "--json")[1].splitlines()
    assert json.loads(own)["expires_at"] == key["expires_at"] is not None
    assert run("gallery", "show", "staff", "--server", address, "--key", secret)[0] == 0
    assert ask("keys", "revoke", key["id"])[1] == "door is revoked\n"
    assert run("gallery", "show", "staff", "--server", address, "--key", secret)[0] == 1
    assert "revoked" in ask("keys", "list")[1]


def test_a_secret_of_before_stays(ask: Run, run: Run, address: str) -> None:
    uuid = "0b4b9fb2-66e4-4dbf-8a0f-2f4c6c5f7d10"
    assert ask("keys", "create", "old system", "--secret", uuid)[1] == f"{uuid}\n"
    assert run("gallery", "list", "--server", address, "--key", uuid)[0] == 0
    assert ask("keys", "create", "again", "--secret", uuid)[0] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["revoke", "nobody"], "nobody"),
        (["revoke", "a/b"], "a/b"),
        (["create", "x", "--gallery", "nowhere"], "nowhere"),
        (["list", "--gallery", "nowhere"], "nowhere"),
    ],
)
def test_what_is_not_there_is_said(ask: Run, words: list[str], said: str) -> None:
    code, out, err = ask("keys", *words)
    assert (code, out, said in err) == (1, "", True)


def test_who_is_no_admin_reads_no_log(ask: Run, run: Run, address: str) -> None:
    secret = ask("keys", "create", "reader")[1].strip()
    code, out, err = run("audit", "export", "--server", address, "--key", secret)
    assert (code, out) == (1, "")
    assert "has the scope read" in err


def test_the_log_of_the_server_is_that_of_its_store(ask: Run, run: Run, guarded: Settings) -> None:
    ask("gallery", "create", "guests")
    there = ask("audit", "export")[1]
    with open_administration(guarded, actor="test") as administration:
        assert len(there.splitlines()) == len(list(administration.events()))
    events = [json.loads(line) for line in there.splitlines()]
    assert events[0]["action"] == "gallery.created"
    (of_guests,) = map(json.loads, ask("audit", "export", "-g", "guests")[1].splitlines())
    assert of_guests == events[-1]
    last = str(events[-2]["sequence"])
    (after,) = map(json.loads, ask("audit", "export", "--after", last)[1].splitlines())
    assert after == events[-1]
    ask("gallery", "delete", "guests", "--yes")
    assert len(ask("audit", "export", "-g", of_guests["gallery_id"])[1].splitlines()) == 2
