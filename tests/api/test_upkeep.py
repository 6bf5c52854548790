"""Purges, and the care of the service's own indexes."""

import time
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from painted import RED, photo
from searching import changes
from service import served, service_of, settings_of
from vultus.domain.gallery import Gallery
from vultus.gallery.search.indexes import Indexes

INDEX = "/v1/galleries/staff/index"


@pytest.fixture
def ada(client: TestClient) -> dict[str, str]:
    """Ada, enrolled in the gallery staff: the ids of her and of her face."""
    files = [("image", ("a", photo(RED))), ("subject", (None, '{"name": "Ada"}'))]
    (image,) = client.post("/v1/galleries/staff/faces", files=files).json()["images"]
    return {"subject": image["subject"]["id"], "face": image["face"]["id"]}


def test_a_purge_takes_what_was_deleted_long_enough_ago(
    client: TestClient, ada: dict[str, str]
) -> None:
    subject = f"/v1/galleries/staff/subjects/{ada['subject']}"
    client.delete(subject)
    nothing = {"galleries": 0, "subjects": 0, "faces": 0, "expired": 0}
    assert client.post("/v1/galleries:purge", json={}).json() == nothing
    assert client.post("/v1/galleries:purge", json={"days": 1}).json() == nothing
    gone = client.post("/v1/galleries:purge", json={"days": 0})
    assert gone.json() == nothing | {"subjects": 1, "faces": 1}
    assert client.post(f"{subject}:restore").status_code == 404


@pytest.mark.parametrize("days", [-1, 36_501, "all", 1.5])
def test_a_purge_takes_whole_days(client: TestClient, days: object) -> None:
    answer = client.post("/v1/galleries:purge", json={"days": days})
    assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")


def test_an_index_says_how_far_behind_it_is(client: TestClient, ada: dict[str, str]) -> None:
    behind = client.get(INDEX).json()
    assert (behind["templates"], behind["lag"]) == (0, 1)
    client.post("/v1/galleries/staff/search", json={"templates": [[1, 0, 0]]})
    after = client.get(INDEX).json()
    assert (after["templates"], after["lag"]) == (1, 0)


def test_a_wrong_index_is_found_and_made_anew(client: TestClient, ada: dict[str, str]) -> None:
    assert client.post(f"{INDEX}:check").json()["clean"] is True
    workings = service_of(client).workings
    gallery = workings.store.gallery("staff")
    (page,) = workings.store.changes(gallery.id, 0)
    (key,) = page.keys.tolist()
    index = workings.searches.of(gallery).index  # type: ignore[attr-defined]
    wrong = np.array([[0, 0, 1], [0, 1, 0]], np.float32)
    index.replace([changes(gallery.revision, [(key, 1), (9_999, 1)], wrong)])
    found = client.post(f"{INDEX}:check").json()
    assert (found["clean"], found["settled"], found["templates"]) == (False, True, 1)
    assert found["missing"] == []
    assert found["extra"] == [{"key": 9_999, "face": None}]
    assert found["different"] == [{"key": key, "face": ada["face"]}]
    rebuilt = client.post(f"{INDEX}:rebuild").json()
    assert (rebuilt["templates"], rebuilt["lag"]) == (1, 0)
    assert client.post(f"{INDEX}:check").json()["clean"] is True


@pytest.mark.parametrize(
    ("limits", "status"),
    [({"time_limit_s": 0.2}, 200), ({"long_time_limit_s": 0.2}, 503)],
)
def test_what_takes_minutes_has_a_limit_of_its_own(
    tmp_path: Path,
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
    limits: dict[str, float],
    status: int,
) -> None:
    rebuild = Indexes.rebuild

    def slowly(indexes: Indexes, gallery: Gallery) -> None:
        time.sleep(0.5)
        rebuild(indexes, gallery)

    monkeypatch.setattr(Indexes, "rebuild", slowly)
    with served(settings_of(tmp_path, **limits), url=sqlite_url) as client:
        client.post("/v1/galleries", json={"name": "staff"})
        answer = client.post(f"{INDEX}:rebuild")
        assert answer.status_code == status
        if status == 503:
            assert answer.json()["code"] == "took_too_long"
