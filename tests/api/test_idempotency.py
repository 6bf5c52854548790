"""A write that is asked for again changes nothing, and is answered as before."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from starlette.testclient import TestClient

from painted import RED, photo
from service import key_for, painted_service, served, settings_of
from vultus.domain.changes import NewSubject
from vultus.gallery.store.opening import open_store

SUBJECTS = "/v1/galleries/staff/subjects"
AGAIN = {"Idempotency-Key": "again"}


def count(client: TestClient) -> int:
    return len(client.get(SUBJECTS).json()["items"])


def test_a_write_is_done_once_and_answered_alike(client: TestClient) -> None:
    first, second = (client.post(SUBJECTS, json={"name": "Ada"}, headers=AGAIN) for _ in range(2))
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert first.headers["etag"] == second.headers["etag"]
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert count(client) == 1


def test_a_deletion_is_answered_alike(client: TestClient) -> None:
    client.post(SUBJECTS, json={"name": "Ada"})
    answers = [client.delete(f"{SUBJECTS}/Ada", headers=AGAIN).status_code for _ in range(2)]
    assert answers == [204, 204]
    assert client.delete(f"{SUBJECTS}/Ada").status_code == 404


def test_one_key_never_stands_for_two_requests(client: TestClient) -> None:
    client.post(SUBJECTS, json={"name": "Ada"}, headers=AGAIN)
    for path, body in ((SUBJECTS, {"name": "Bob"}), ("/v1/galleries", {"name": "Ada"})):
        answer = client.post(path, json=body, headers=AGAIN)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert count(client) == 1


def test_keys_of_two_callers_have_nothing_to_do_with_each_other(client: TestClient) -> None:
    one, other = key_for(client), key_for(client)
    for key in (one, other):
        assert client.post(SUBJECTS, json={"name": "A"}, headers=key | AGAIN).status_code == 201
    assert len(client.get(SUBJECTS, headers=one).json()["items"]) == 2


def test_a_write_that_failed_may_be_tried_again(client: TestClient) -> None:
    body = {"name": "Ada", "external_id": "7"}
    client.post(SUBJECTS, json=body)
    assert client.post(SUBJECTS, json=body, headers=AGAIN).status_code == 409
    client.delete(f"{SUBJECTS}/7")
    assert client.post(SUBJECTS, json=body, headers=AGAIN).status_code == 201


def test_images_are_known_again_however_they_are_sent(client: TestClient) -> None:
    client.post(SUBJECTS, json={"name": "Ada"})
    files = [("image", ("a.png", photo(RED)))]
    answers = [
        client.post(f"{SUBJECTS}/Ada/faces", files=files, headers=AGAIN).json() for _ in range(2)
    ]
    assert answers[0]["images"][0]["outcome"] == "enrolled"
    assert answers[0] == answers[1]


@pytest.mark.parametrize("said", ["", "x" * 256])
def test_a_key_that_is_none_is_refused(client: TestClient, said: str) -> None:
    answer = client.post(SUBJECTS, json={"name": "A"}, headers={"Idempotency-Key": said})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/v1/keys", {"json": {"name": "x", "scope": "read"}}),
        ("/v1/galleries:import", {"content": b"an archive"}),
        ("/v1/galleries:purge", {"json": {"days": 0}}),
        ("/v1/galleries/staff/index:rebuild", {}),
        ("/v1/galleries/staff/index:check", {}),
    ],
)
def test_what_is_done_each_time_takes_no_key(
    client: TestClient, path: str, said: dict[str, Any]
) -> None:
    answer = client.post(path, headers=AGAIN, **said)
    assert (answer.status_code, answer.json()["where"]) == (422, "Idempotency-Key")
    assert client.get("/v1/galleries").status_code == 200


def test_the_same_write_at_the_same_time_waits_for_its_answer(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_go_on, answers = Event(), Event(), []
    made = NewSubject.__post_init__

    def slowly(new: NewSubject) -> None:
        begun.set()
        may_go_on.wait(5)
        made(new)

    monkeypatch.setattr(NewSubject, "__post_init__", slowly)

    def ask() -> None:
        answers.append(client.post(SUBJECTS, json={"name": "Ada"}, headers=AGAIN))

    thread = Thread(target=ask)
    thread.start()
    assert begun.wait(5)
    answer = client.post(SUBJECTS, json={"name": "Ada"}, headers=AGAIN)
    may_go_on.set()
    thread.join()
    assert (answer.status_code, answer.json()["code"]) == (409, "request_in_progress")
    assert 0 < int(answer.headers["retry-after"]) <= 2
    assert answers[0].status_code == 201
    replayed = client.post(SUBJECTS, json={"name": "Ada"}, headers=AGAIN)
    assert replayed.content == answers[0].content


def test_an_answer_outlives_the_process(tmp_path: Path, sqlite_url: str) -> None:
    contents = []
    for _ in range(2):
        with served(settings_of(tmp_path), url=sqlite_url) as client:
            client.post("/v1/galleries", json={"name": "staff"})
            answer = client.post(SUBJECTS, json={"name": "Ada"}, headers=AGAIN)
            contents.append(answer.content)
            assert count(client) == 1
    assert contents[0] == contents[1]


def test_a_purge_leaves_no_name_in_kept_answers(client: TestClient, tmp_path: Path) -> None:
    name = "Augusta Ada King"
    made = client.post(SUBJECTS, json={"name": name}, headers=AGAIN)
    client.delete(f"{SUBJECTS}/{made.json()['id']}")
    client.post("/v1/galleries:purge", json={"days": 0})
    files = [path for path in tmp_path.iterdir() if path.name.startswith("store.db")]
    assert files
    assert not any(name.encode() in path.read_bytes() for path in files)
    again = client.post(SUBJECTS, json={"name": name}, headers=AGAIN)
    assert (again.status_code, again.json()["code"]) == (409, "request_interrupted")
    assert count(client) == 0


def test_what_a_dead_process_wrote_is_not_written_twice(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise RuntimeError("died")

    store = open_store(sqlite_url)
    service = painted_service(store)
    monkeypatch.setattr(store, "keep_answer", die)
    gone = datetime.now(UTC) - timedelta(seconds=1)
    taken = store.claim

    def taken_long_ago(name: str, digest: str, **more: object) -> object:
        return taken(name, digest, **(more | {"until": gone}))  # type: ignore[arg-type]

    monkeypatch.setattr(store, "claim", taken_long_ago)
    with served(settings_of(tmp_path), service) as client:
        client.post("/v1/galleries", json={"name": "staff"})
        assert client.post(SUBJECTS, json={"name": "Ada"}, headers=AGAIN).status_code == 500
        again = client.post(SUBJECTS, json={"name": "Ada"}, headers=AGAIN)
        assert (again.status_code, again.json()["code"]) == (409, "request_interrupted")
        assert count(client) == 1
