"""Galleries go out of the service and into it as whole archives."""

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from painted import GREEN, RED, photo
from service import key_for, served, settings_of
from vultus.domain.key import Scope

IMPORT = "/v1/galleries:import"
ARCHIVE = "/v1/galleries/staff/archive"


@pytest.fixture
def narrow(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    """A service with Ada and Bob that takes small bodies, and larger archives."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    settings = settings_of(
        tmp_path, max_body_bytes=2_000, bodies_bytes=2_000, max_archive_bytes=20_000
    )
    with served(settings, url=sqlite_url) as client:
        client.post("/v1/galleries", json={"name": "staff"})
        for name, colour in (("Ada", RED), ("Bob", GREEN)):
            said = ("subject", (None, f'{{"name": "{name}"}}'))
            files = [("image", ("a", photo(colour))), said]
            assert client.post("/v1/galleries/staff/faces", files=files).status_code == 200
        yield client


def names(client: TestClient, gallery: str) -> list[str]:
    listed = client.get(f"/v1/galleries/{gallery}/subjects").json()["items"]
    return [each["name"] for each in listed]


def test_an_archive_brings_a_gallery_back_under_another_name(narrow: TestClient) -> None:
    given = narrow.get(ARCHIVE)
    assert (given.status_code, given.headers["vultus-subjects"]) == (200, "2")
    assert given.headers["content-type"] == "application/octet-stream"
    assert int(given.headers["content-length"]) == len(given.content)
    imported = narrow.post(IMPORT, params={"as": "restored"}, content=given.content).json()
    assert (imported["subjects"], imported["of"]) == (2, 2)
    gallery = imported["gallery"]
    assert (gallery["name"], gallery["subjects"], gallery["faces"]) == ("restored", 2, 2)
    assert gallery == narrow.get("/v1/galleries/restored").json()
    assert names(narrow, "restored") == ["Ada", "Bob"]


def test_an_import_is_repeated_without_harm_and_adds_what_is_missing(narrow: TestClient) -> None:
    archive = narrow.get(ARCHIVE).content
    again = narrow.post(IMPORT, content=archive).json()
    assert (again["gallery"]["name"], again["subjects"], again["of"]) == ("staff", 0, 2)
    narrow.delete("/v1/galleries/staff")
    assert narrow.post(IMPORT, content=archive).json()["subjects"] == 2


def test_a_policy_travels_with_its_gallery(narrow: TestClient) -> None:
    policy = {"kind": "fpir", "fpir": 0.01}
    narrow.patch("/v1/galleries/staff", json={"policy": policy})
    narrow.post(IMPORT, params={"as": "copy"}, content=narrow.get(ARCHIVE).content)
    assert narrow.get("/v1/galleries/copy").json()["policy"] == policy


def test_an_archive_that_lacks_its_end_changes_nothing(narrow: TestClient) -> None:
    archive = narrow.get(ARCHIVE).content
    for damaged in (b"", b"no archive", archive[:-30], archive.replace(b"PK\x01", b"PK\x09")):
        answer = narrow.post(IMPORT, params={"as": "new"}, content=damaged)
        assert (answer.status_code, answer.json()["code"]) == (422, "archive_invalid")
    assert narrow.get("/v1/galleries/new").status_code == 404


def test_an_archive_has_a_limit_of_its_own(narrow: TestClient) -> None:
    for number in range(30):
        known = {"name": f"{number}", "attributes": {"noise": random.randbytes(60).hex()}}
        narrow.post("/v1/galleries/staff/subjects", json=known)
    archive = narrow.get(ARCHIVE).content
    assert 2_000 < len(archive) < 20_000
    assert narrow.post(IMPORT, content=archive).status_code == 200
    answer = narrow.post(IMPORT, content=bytes(20_001))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert answer.json()["limit"] == 20_000
    elsewhere = narrow.post("/v1/detect", content=bytes(2_001))
    assert elsewhere.json()["limit"] == 2_000


def test_nothing_of_an_archive_stays_in_the_temporary_folder(
    narrow: TestClient, tmp_path: Path
) -> None:
    archive = narrow.get(ARCHIVE).content
    for content in (archive, b"no archive", bytes(20_001)):
        narrow.post(IMPORT, content=content)
    assert list((tmp_path / "temporary").iterdir()) == []


def test_who_may_not_import_is_told_before_the_archive_is_read(narrow: TestClient) -> None:
    read = []

    def chunks() -> Iterator[bytes]:
        for number in range(10):
            read.append(number)
            yield bytes(1_000)

    for key in (key_for(narrow, Scope.ENROLL), key_for(narrow, Scope.ADMIN, "staff")):
        assert narrow.post(IMPORT, content=chunks(), headers=key).status_code == 403
    assert narrow.post(IMPORT, content=bytes(30_000), headers=key).status_code == 403


def test_both_ways_stand_in_the_audit_log(narrow: TestClient) -> None:
    key = key_for(narrow)
    archive = narrow.get(ARCHIVE, headers=key).content
    narrow.post(IMPORT, params={"as": "restored"}, content=archive, headers=key)
    (made,) = narrow.get("/v1/keys", headers=key).json()["items"]
    listed = narrow.get("/v1/audit", params={"limit": 1_000}, headers=key).json()["items"]
    told = {each["action"] for each in listed if each["actor"] == f"key:{made['id']}"}
    assert {"gallery.exported", "gallery.created"} <= told
    assert any("import" in action for action in told)
