"""The doctor looks at what the settings really name, and changes nothing."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from elasticsearch_server import elasticsearch
from stores import fresh_postgres
from vultus.bootstrap.doctor import examine
from vultus.errors import ServerUnreachable
from vultus.gallery.store.opening import open_store
from vultus.settings import load_settings
from vultus.usecases import extras
from vultus.usecases.diagnose import Finding, State

CPU = "CPUExecutionProvider"
Look = Callable[..., dict[str, Finding]]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """The findings about some settings, by their names."""

    def look(**given: Any) -> dict[str, Finding]:
        settings = load_settings(home=tmp_path / "home", **given)
        return {each.name: each for each in examine(settings, lambda: "it answers")}

    return look


def test_where_nothing_is_yet_nothing_is_made(look: Look, tmp_path: Path) -> None:
    found = look()
    for name, place in (("store.url", "vultus.db"), ("blobs.url", "blobs")):
        assert found[name].state is State.OK
        assert f"home/{place}, which is made when it is needed" in found[name].detail
    assert found["search.kind"].detail == "faiss in this process"
    assert "client.server" not in found
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_is_there_is_opened(look: Look, sqlite_url: str, tmp_path: Path) -> None:
    found = look(store={"url": sqlite_url})["store.url"]
    assert (found.state, found.detail) == (State.OK, f"{tmp_path}/store.db")


@pytest.mark.service
def test_a_store_without_tables_gets_none(look: Look) -> None:
    with fresh_postgres() as url:
        found = [look(store={"url": url})["store.url"] for _ in range(2)]
    assert {each.state for each in found} == {State.OK}
    assert all("the next use makes its tables" in each.detail for each in found)


def test_a_store_of_a_newer_version_is_bad(look: Look, sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    with store.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    found = look(store={"url": sqlite_url})["store.url"]
    assert (found.state, "9999" in found.detail) == (State.BAD, True)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada:hush@127.0.0.1:1/x",
        "mysql://ada:hush@h/x",
        "nonsense",
        "sqlite://",
        "sqlite:///FILE/store.db",
        "sqlite:///FILE",
    ],
)
def test_a_store_that_cannot_be_used_is_bad(look: Look, tmp_path: Path, url: str) -> None:
    (tmp_path / "file").write_bytes(b"no database" * 100)
    found = look(store={"url": url.replace("FILE", f"{tmp_path}/file")})["store.url"]
    assert found.state is State.BAD
    assert "hush" not in found.detail


def test_a_cluster_is_asked_where_the_settings_say(look: Look) -> None:
    with elasticsearch() as node:
        url = node.url.replace("//", "//ada:hush@")
        found = look(search={"kind": "elasticsearch", "elasticsearch_url": url})["search.kind"]
        assert (found.state, found.detail) == (State.OK, f"elasticsearch at {node.url}")
        node.failing = lambda path: True
        found = look(search={"kind": "elasticsearch", "elasticsearch_url": url})["search.kind"]
    assert found.state is State.BAD
    gone = look(search={"kind": "elasticsearch", "elasticsearch_url": node.url})["search.kind"]
    assert gone.state is State.BAD


def test_pgvector_is_bad_without_postgresql(look: Look) -> None:
    found = look(search={"kind": "pgvector"})["search.kind"]
    assert (found.state, "PostgreSQL" in found.detail) == (State.BAD, True)


@pytest.mark.parametrize(
    ("url", "said"),
    [("FILE", "takes nothing"), ("FILE/blobs", "is no folder"), ("ftp://h/x", "s3://")],
)
def test_blobs_that_cannot_be_kept_are_bad(
    look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, said: str
) -> None:
    (tmp_path / "file").touch()
    # Whoever runs the tests may be allowed to write anywhere.
    monkeypatch.setattr("os.access", lambda path, _: Path(path) != tmp_path / "file")
    found = look(blobs={"url": url.replace("FILE", f"{tmp_path}/file")})["blobs.url"]
    assert (found.state, said in found.detail) == (State.BAD, True), found


def test_a_bucket_that_does_not_answer_is_bad(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    blobs = {"url": "s3://crops/x", "endpoint_url": "http://127.0.0.1:1"}
    found = look(blobs=blobs)["blobs.url"]
    assert (found.state, "s3://crops/x" in found.detail) == (State.BAD, True)


def test_a_server_is_asked_if_the_settings_name_one(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, client={"server": "http://127.0.0.1:1"})

    def refuse() -> str:
        raise ServerUnreachable("http://127.0.0.1:1", "nobody answers")

    for ask, state in ((lambda: "it answers", State.OK), (refuse, State.BAD)):
        (found,) = [each for each in examine(settings, ask) if each.name == "client.server"]
        assert found.state is state


def test_an_extra_that_is_not_installed_is_absent_with_its_cure(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda module: module != "boto3" or None)
    found = {name: each for name, each in look().items() if each.topic == "extras"}
    assert set(found) == set(extras.EXTRAS)
    assert found["s3"].state is State.ABSENT
    assert found["s3"].detail == "without boto3: pip install 'vultus[s3]'"
    assert found["service"].state is State.OK


def test_a_home_that_is_a_file_is_bad(look: Look, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    found = look()["home"]
    assert (found.state, "is no folder" in found.detail) == (State.BAD, True)


def test_a_pack_that_nobody_knows_and_a_provider_that_is_not_there_are_bad(look: Look) -> None:
    cuda = "CUDAExecutionProvider"
    for given in ({"pack": "nosuch"}, {"inference": {"provider": cuda}}):
        assert look(**given)[given.get("inference", {}).get("provider", CPU)].state is State.BAD


def test_every_network_of_a_pack_is_loaded_wherever_it_lies(
    look: Look, vultus_home: Path, tmp_path: Path
) -> None:
    pack = shutil.copytree(vultus_home / "packs" / "dlib", tmp_path / "mine")
    assert look(pack=str(pack))[CPU].detail == f"{CPU} runs the networks of dlib"
    (pack / "mtcnn_output.onnx").write_bytes(b"no network")
    assert look(pack=str(pack))[CPU].state is State.BAD
