"""Which server is meant, and what does not go with one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from compreface_server import KEY, compreface_server
from running_service import running_service, service_settings
from scripted_server import Answer, scripted_server
from vultus.bootstrap.galleries import open_store
from vultus.bootstrap.service import open_keys
from vultus.domain.key import NewKey, Scope
from vultus.settings import Settings

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def guarded(vultus_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a service that asks for a key."""
    return service_settings(vultus_home, tmp_path_factory.mktemp("guarded"))


@pytest.fixture(scope="module")
def reader(guarded: Settings) -> str:
    """A key that may read."""
    store = open_store(guarded)
    try:
        new = NewKey("reader", Scope.READ)
        return open_keys(guarded, store).create(new, actor="test")[1]
    finally:
        store.close()


@pytest.fixture(scope="module")
def guarded_server(guarded: Settings, reader: str) -> Iterator[str]:
    with running_service(guarded) as address:
        yield address


def test_a_service_with_keys_is_used_with_one(run: Run, guarded_server: str, reader: str) -> None:
    at = "--server", guarded_server
    code, out, err = run("gallery", "list", *at)
    assert (code, out) == (1, "")
    assert "A key is needed" in err
    assert "unknown, expired or revoked" in run("gallery", "list", *at, "--key", "wrong")[2]
    assert run("gallery", "list", *at, "--key", reader)[0] == 0
    assert "has the scope read" in run("gallery", "create", "staff", *at, "--key", reader)[2]


def test_server_and_key_are_settings_too(
    run: Run, guarded_server: str, reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VULTUS_CLIENT__SERVER", guarded_server)
    monkeypatch.setenv("VULTUS_CLIENT__KEY", reader)
    assert "has the scope read" in run("gallery", "create", "staff")[2]
    assert "unknown, expired" in run("gallery", "list", "--key", "wrong")[2]
    assert "No server answers" in run("gallery", "list", "--server", "http://127.0.0.1:9")[2]


def test_the_key_of_one_command_is_not_that_of_the_next(run: Run) -> None:
    with scripted_server(*[Answer(body={"items": [], "next": None})] * 2) as script:
        run("gallery", "list", "--server", script.url, "--key", "secret")
        run("gallery", "list", "--server", script.url)
    assert script.asked[0].headers["authorization"] == "Bearer secret"
    assert "authorization" not in script.asked[1].headers


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["detect", "PHOTO", "--min-face", "40"], "--min-face"),
        (["gallery", "create", "staff", "--pack", "dlib"], "--pack"),
        (["identify", "PHOTO", "--threshold", "0.9"], "--threshold"),
        (["enroll", "PHOTO", "--subject", "Ada", "--quality", "off"], "--quality"),
        (["enroll", "PHOTO", "--subject", "Ada", "--lookalikes", "refuse"], "--lookalikes"),
        (["thresholds", "advise", "--gallery", "staff", "--pack", "dlib"], "--pack"),
        (["import", "compreface", "http://here", "--key", "k", "--quality", "off"], "--quality"),
    ],
)
def test_what_the_server_decides_cannot_be_said(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("PHOTO").write_bytes(b"")
    with scripted_server() as script:
        code, _, err = run(*words, "--server", script.url)
        assert script.asked == []
    assert code == 2
    assert f"{said}: the server decides" in " ".join(err.replace("\u2502", "").split())


def test_a_server_is_not_asked_how_many_people_there_might_be(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "thresholds", "advise", "--subjects", "100"
    with scripted_server() as script:
        assert run(*words, "--server", script.url)[0] == 2
        monkeypatch.setenv("VULTUS_CLIENT__SERVER", script.url)
        assert run(*words)[0] == 0
        assert script.asked == []


def test_an_import_has_a_key_for_either_side(
    run: Run, guarded_server: str, reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with compreface_server() as theirs:
        theirs.faceless.append("Ada")
        words = "import", "compreface", theirs.url, "--key", KEY, "--server", guarded_server
        assert "A key is needed" in run(*words)[2]
        assert "has the scope read" in run(*words, "--server-key", reader)[2]
        monkeypatch.setenv("VULTUS_CLIENT__KEY", reader)
        assert "has the scope read" in run(*words)[2]


def test_people_of_a_folder_are_looked_for_here(
    run: Run, portraits: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(portraits)
    with scripted_server() as script:
        monkeypatch.setenv("VULTUS_CLIENT__SERVER", script.url)
        code, out, _ = run("identify", "photos/address.jpg", "--people", "people")
        assert script.asked == []
    assert code == 0
    assert "Barack Obama" in out


def test_an_address_that_is_none_is_told(run: Run) -> None:
    code, _, err = run("gallery", "list", "--server", "localhost:8000")
    assert code == 1
    assert "is no address such as https://host:port" in err
