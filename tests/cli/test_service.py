"""The commands of the service, but for serving itself: tests/e2e/test_service.py."""

import json
import logging
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import vultus
from vultus.cli.request_log import JsonLines, PlainLines
from vultus.cli.serve import _config, what_next
from vultus.settings import load_settings

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> Path:
    monkeypatch.setenv("VULTUS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VULTUS_STORE__URL", sqlite_url)
    # Set, so that what --config makes of it is taken back.
    monkeypatch.setenv("VULTUS_CONFIG", "")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """To serve sets up the log of the process; tests that come after have their own."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_key_is_made_shown_once_listed_and_revoked(run: Run) -> None:
    code, secret, said = run("keys", "create", "front door", "--scope", "enroll", "--days", "7")
    assert code == 0
    assert secret.startswith("vultus_")
    assert "shown this once" in said
    _, listed, _ = run("keys", "list", "--json")
    key = json.loads(listed)
    assert (key["name"], key["scope"], key["gallery_id"]) == ("front door", "enroll", None)
    assert secret.strip() not in listed
    assert run("keys", "revoke", key["id"])[1] == "front door is revoked\n"
    assert "revoked" in run("keys", "list")[1]
    code, _, said = run("keys", "revoke", "nobody")
    assert (code, "nobody" in said) == (1, True)


def test_a_key_may_be_for_one_gallery_and_have_a_secret_of_before(run: Run) -> None:
    with vultus.open_gallery("staff") as gallery:
        gallery_id = gallery.id
    uuid = "0b4b9fb2-66e4-4dbf-8a0f-2f4c6c5f7d10"
    options = ("--gallery", "staff", "--secret", uuid, "--json")
    made = json.loads(run("keys", "create", "old system", *options)[1])
    assert (made["gallery_id"], made["secret"]) == (gallery_id, uuid)
    assert run("keys", "create", "again", "--secret", uuid)[0] == 1
    assert run("keys", "create", "x", "--gallery", "nowhere")[0] == 1


def test_the_audit_log_is_printed_as_json_lines(run: Run) -> None:
    with vultus.open_gallery("staff") as gallery:
        gallery.add_subject(vultus.NewSubject("Ada"))
        gallery_id = gallery.id
    run("keys", "create", "x")
    events = [json.loads(line) for line in run("audit", "export")[1].splitlines()]
    assert [event["action"] for event in events] == [
        "gallery.created",
        "subject.created",
        "key.created",
    ]
    for said in ("staff", gallery_id):
        assert len(run("audit", "export", "--gallery", said)[1].splitlines()) == 2
    assert len(run("audit", "export", "--after", "2")[1].splitlines()) == 1
    run("gallery", "delete", "staff", "--yes")
    assert len(run("audit", "export", "--gallery", gallery_id)[1].splitlines()) == 3


def test_settings_are_shown_with_their_origin_and_without_secrets(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('[service]\nport = 9000\npepper = "hush"\n')
    monkeypatch.setenv("VULTUS_DETECT__MIN_FACE_PX", "33")
    code, told, _ = run("--config", str(file), "config", "show", "--json")
    assert code == 0
    shown = {each["setting"]: each for each in map(json.loads, told.splitlines())}
    assert (shown["service.port"]["value"], shown["service.port"]["origin"]) == (9000, str(file))
    assert shown["detect.min_face_px"]["origin"] == "environment"
    assert shown["service.pepper"]["value"] == "********"
    assert shown["store.url"]["value"] == "********"
    assert "hush" not in told


@pytest.mark.parametrize(
    ("name", "url", "shown"),
    [
        ("BLOBS__URL", "s3://id:hush@bucket/prefix", "s3://********@bucket/prefix"),
        ("BLOBS__ENDPOINT_URL", "https://id:hush@s3.example", "https://********@s3.example"),
        ("SEARCH__ELASTICSEARCH_URL", "http://elastic:hu@sh@es:9200", "http://********@es:9200"),
        ("CLIENT__SERVER", "https://hush@faces.example/a@b", "https://********@faces.example/a@b"),
        ("CLIENT__SERVER", "https://faces.example/a@b", "https://faces.example/a@b"),
    ],
)
def test_a_password_in_an_address_is_not_shown(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, url: str, shown: str
) -> None:
    monkeypatch.setenv(f"VULTUS_{name}", url)
    told = run("config", "show", "--json")[1]
    values = {each["setting"]: each["value"] for each in map(json.loads, told.splitlines())}
    assert values[name.lower().replace("__", ".")] == shown
    assert "hush" not in told


def test_nobody_else_is_let_in_without_a_key(run: Run) -> None:
    for words in (["--public"], ["--host", "0.0.0.0"], ["--host", "::"], ["--host", "10.0.0.1"]):
        code, _, said = run("serve", *words)
        assert (code, "vultus keys create" in said) == (1, True)


def test_the_end_of_the_service_waits_for_what_may_take_longest() -> None:
    limits = {"time_limit_s": 10, "long_time_limit_s": 900, "threads": 2, "store_threads": 3}
    config = _config(load_settings(service=limits | {"queue": 100}))
    assert config.timeout_graceful_shutdown is not None
    assert config.timeout_graceful_shutdown > 900
    # What waits in a queue is answered before connections are refused without a word.
    assert config.limit_concurrency is not None
    assert config.limit_concurrency > 2 + 3 + 3 * 100


def test_nobody_is_let_in_through_a_proxy_without_a_key(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VULTUS_SERVICE__TRUSTED_PROXIES", "127.0.0.1")
    code, _, said = run("serve")
    assert (code, "trusted_proxies" in said, "vultus keys create" in said) == (1, True, True)


def test_a_limit_that_is_none_is_refused_before_anything_begins(
    run: Run, vultus_home: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir()
    (home / "packs").symlink_to(vultus_home / "packs")
    monkeypatch.setenv("VULTUS_SERVICE__RATE_LIMIT", "banana")
    code, _, said = run("serve", "--port", "0")
    assert code != 0
    assert "service.rate_limit" in said
    assert "Traceback" not in said


def test_a_port_that_is_taken_is_named(run: Run, vultus_home: Path, home: Path) -> None:
    home.mkdir()
    (home / "packs").symlink_to(vultus_home / "packs")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, _, said = run("serve", "--port", str(port))
    assert (code, f"127.0.0.1:{port}" in said) == (1, True)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80/"),
        ("0.0.0.0", "http://127.0.0.1:80/"),
        ("::1", "http://[::1]:80/"),
    ],
)
def test_what_to_try_names_an_address_that_answers(host: str, url: str) -> None:
    assert f"curl {url}readyz" in what_next(host, 80)


def test_the_log_is_for_people_or_for_programs() -> None:
    record = logging.LogRecord(
        "vultus.requests", 20, "", 0, "%s %d", ("GET /v1/galleries", 200), None
    )
    record.request_id, record.milliseconds = "request-1", 1.5
    told = json.loads(JsonLines().format(record))
    assert told["message"] == "GET /v1/galleries 200"
    assert (told["level"], told["request_id"], told["milliseconds"]) == ("info", "request-1", 1.5)
    assert "key" not in told
    plain = PlainLines().format(record)
    assert plain.endswith("info GET /v1/galleries 200 request_id=request-1 milliseconds=1.5")
