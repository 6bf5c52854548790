"""Who may ask for what."""

import threading
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Send

from painted import photo
from service import LOOPBACK, client_at, key_for, routes, served, service_of, settings_of
from vultus.api.limits import RateLimits
from vultus.api.recent_keys import LATELY_S, MOST, RecentKeys
from vultus.domain.key import NewKey, Scope
from vultus.errors import TooManyRequests
from vultus.settings import ServiceSettings

SUBJECTS = "/v1/galleries/staff/subjects"


def code(answer: object) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]  # type: ignore[attr-defined]


def test_without_a_key_this_machine_is_answered(client: TestClient) -> None:
    assert client.get("/v1/galleries").status_code == 200
    for host in ("localhost:8000", "LOCALHOST", "127.0.0.1:8000", "127.1.2.3", "[::1]:8000"):
        assert client.get("/v1/galleries", headers={"Host": host}).status_code == 200, host
    for origin in ("http://localhost:3000", "http://127.0.0.1", "https://[::1]:8000"):
        assert client.get("/v1/galleries", headers={"Origin": origin}).status_code == 200, origin


@pytest.mark.parametrize(
    "header",
    [
        ("Host", "rebound.example"),
        ("Host", "rebound.example:8000"),
        ("Host", "127.0.0.1.rebound.example"),
        ("Host", "localhost/"),
        ("Host", "localhost:8000/x"),
        ("Host", "user@localhost"),
        ("Host", "localhost, rebound.example"),
        ("Host", "loc\u00e4lhost"),
        ("Host", "\u0661\u0662\u0667.0.0.1".encode().decode("latin-1")),
        ("Host", "[::1"),
        ("Host", "0.0.0.0"),
        ("Host", ""),
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Origin", "http://["),
        ("Origin", "http://localhost.evil.example"),
        ("Origin", ""),
        ("Forwarded", "for=10.0.0.7"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Forwarded-Host", "localhost"),
        ("X-Forwarded-Anything", "x"),
        ("X-Real-IP", "127.0.0.1"),
        ("Via", "1.1 proxy"),
    ],
)
def test_without_a_key_what_may_come_from_elsewhere_is_refused(
    client: TestClient, header: tuple[str, str]
) -> None:
    name, value = header
    answer = client.get("/v1/galleries", headers={name: value.encode("latin-1")})
    assert code(answer) == (401, "key_missing")
    with_key = {name: value.encode("latin-1")} | key_for(client)
    assert client.get("/v1/galleries", headers=with_key).status_code == 200


def test_two_hosts_are_none(client: TestClient) -> None:
    hosts = [("Host", "localhost"), ("Host", "rebound.example")]
    assert code(client.get("/v1/galleries", headers=hosts)) == (401, "key_missing")  # type: ignore[arg-type]


@pytest.mark.parametrize("address", ["10.0.0.7", "192.168.1.2", "fe80::1", "testclient"])
def test_without_a_key_another_machine_is_not_answered(client: TestClient, address: str) -> None:
    other = client_at(client.app, (address, 50_000))
    assert code(other.get("/v1/galleries")) == (401, "key_missing")
    assert other.get("/healthz").status_code == 200
    assert other.get("/v1/galleries", headers=key_for(client)).status_code == 200


def test_without_a_key_what_nginx_passes_on_by_itself_is_refused(client: TestClient) -> None:
    async def as_of_old(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        await client.app({**scope, "http_version": "1.0"}, receive, send)

    old = client_at(as_of_old, LOOPBACK)
    assert code(old.get("/v1/galleries")) == (401, "key_missing")


def test_once_there_is_a_key_it_is_needed(client: TestClient) -> None:
    key = key_for(client)
    answer = client.get("/v1/galleries")
    assert code(answer) == (401, "key_missing")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert client.get("/v1/galleries", headers=key).status_code == 200
    secret = key["Authorization"].removeprefix("Bearer ")
    assert client.get("/v1/galleries", headers={"X-API-Key": secret}).status_code == 200
    for wrong in ("Bearer nonsense", "Bearer", "Basic YTpi", f"Bearer {secret}x"):
        refused = client.get("/v1/galleries", headers={"Authorization": wrong})
        assert refused.status_code == 401
    for open_to_all in ("/healthz", "/readyz", "/docs", "/openapi.json"):
        assert client.get(open_to_all).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "needed"),
    [
        ("GET", "/v1/galleries", Scope.READ),
        ("GET", "/metrics", Scope.READ),
        ("POST", SUBJECTS, Scope.ENROLL),
        ("DELETE", f"{SUBJECTS}/nobody", Scope.ENROLL),
        ("DELETE", SUBJECTS, Scope.ADMIN),
        ("POST", "/v1/galleries", Scope.ADMIN),
        ("DELETE", "/v1/galleries/staff", Scope.ADMIN),
        ("GET", "/v1/keys", Scope.ADMIN),
        ("POST", "/v1/keys", Scope.ADMIN),
        ("GET", "/v1/audit", Scope.ADMIN),
        ("GET", "/v1/galleries/staff/archive", Scope.ADMIN),
        ("POST", "/v1/galleries:import", Scope.ADMIN),
        ("POST", "/v1/galleries:purge", Scope.ADMIN),
        ("GET", "/v1/galleries/staff/index", Scope.ADMIN),
        ("POST", "/v1/galleries/staff/index:rebuild", Scope.ADMIN),
        ("POST", "/v1/galleries/staff/index:check", Scope.ADMIN),
    ],
)
def test_a_scope_is_enough_and_the_one_below_is_not(
    client: TestClient, method: str, path: str, needed: Scope
) -> None:
    for scope in Scope:
        body = {} if method == "POST" else None
        answer = client.request(method, path, json=body, headers=key_for(client, scope))
        if scope.includes(needed):
            assert answer.status_code not in (401, 403)
        else:
            assert code(answer) == (403, "key_insufficient")


@pytest.mark.parametrize("route", sorted(routes() - {"GET /healthz", "GET /readyz"}))
def test_who_may_not_ask_is_told_so_before_what_is_asked_is_looked_at(
    client: TestClient, route: str
) -> None:
    key_for(client)
    method, path = route.split(" ")
    # Neither the parameters of the address nor the body are such as would be taken.
    query = {"limit": 0, "cursor": "?" * 3_000, "top_k": 0, "face_only": "perhaps"}
    headers = {"If-Match": "x" * 99, "Idempotency-Key": "x" * 999, "X-API-Key": "w" * 40}
    answer = client.request(method, path, params=query, content=b"{", headers=headers)
    assert code(answer) == (401, "key_invalid")


def test_a_key_is_made_shown_once_listed_and_revoked(client: TestClient) -> None:
    admin = key_for(client)
    body = {"name": "door", "scope": "read", "gallery": "staff"}
    made = client.post("/v1/keys", json=body, headers=admin)
    assert made.status_code == 201
    door = {"X-API-Key": made.json()["secret"]}
    assert client.get("/v1/galleries/staff", headers=door).status_code == 200
    listed = client.get("/v1/keys", headers=admin)
    assert made.json()["secret"] not in listed.text
    assert [key["name"] for key in listed.json()["items"]] == ["test", "door"]
    assert listed.json()["items"][1]["last_used_at"] is not None
    path = f"/v1/keys/{made.json()['id']}"
    assert client.delete(path, headers=admin).json()["revoked_at"] is not None
    assert code(client.get("/v1/galleries/staff", headers=door)) == (401, "key_invalid")
    assert code(client.delete("/v1/keys/nobody", headers=admin)) == (404, "key_not_found")


def asked(client: TestClient, key: dict[str, str]) -> Any:
    """A question whose key is checked in the thread of its work, where it was good a moment ago."""
    return client.post("/v1/detect", files={"image": photo()}, headers=key)


def test_a_key_that_was_good_a_moment_ago_is_checked_again(client: TestClient) -> None:
    keys, store = service_of(client).keys, service_of(client).workings.store
    door = key_for(client, scope=Scope.READ)
    assert [asked(client, door).status_code for _ in range(3)] == [200] * 3
    # As another process does.
    store.revoke_key(store.keys()[0].id, actor="test")
    assert code(asked(client, door)) == (401, "key_invalid")
    other = key_for(client, expires_at=datetime.now(UTC) + timedelta(hours=1))
    assert asked(client, other).status_code == 200
    keys.clock = lambda: datetime.now(UTC) + timedelta(hours=2)
    assert code(asked(client, other)) == (401, "key_invalid")


def test_whoever_needed_no_key_a_moment_ago_needs_one_once_there_is_one(client: TestClient) -> None:
    assert [asked(client, {}).status_code for _ in range(2)] == [200] * 2
    key_for(client)
    assert code(asked(client, {})) == (401, "key_missing")


def test_what_was_said_where_no_key_was_needed_is_none_once_there_is_one(
    client: TestClient,
) -> None:
    said = {"X-API-Key": "x" * 40}
    assert [asked(client, said).status_code for _ in range(2)] == [200] * 2
    new = NewKey("late", Scope.READ, None, None)
    service_of(client).keys.create(new, actor="test", secret="x" * 20 + "abcdefghijklmnopqrst")
    assert code(asked(client, said)) == (401, "key_invalid")


def test_a_key_that_is_made_of_what_was_said_before_is_not_taken_for_nobody(
    client: TestClient,
) -> None:
    secret = "0123456789abcdefghijklmnopqrstuvwxyz"
    assert asked(client, {"X-API-Key": secret}).status_code == 200
    service_of(client).keys.create(
        NewKey("late", Scope.READ, None, None), actor="test", secret=secret
    )
    assert code(asked(client, {"X-API-Key": secret})) == (401, "key_invalid")


def test_keys_are_remembered_for_moments_and_not_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recent = RecentKeys()
    recent.note("one", None)
    assert recent.recall("one") is not None
    assert recent.recall("another") is None
    later = monotonic() + LATELY_S
    monkeypatch.setattr("vultus.api.recent_keys.monotonic", lambda: later)
    assert recent.recall("one") is None
    for number in range(2 * MOST):
        recent.note(str(number), None)
    assert recent.recall(str(2 * MOST - 1)) is not None
    assert recent.recall("0") is None


def test_the_document_says_how_keys_are_sent_and_where_none_is_needed(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    ways = document["components"]["securitySchemes"]
    assert document["security"] == [{way: []} for way in ways]
    assert ways["HTTPBearer"]["scheme"] == "bearer"
    assert ways["APIKeyHeader"]["name"] == "X-API-Key"
    without = {
        f"{method} {path}"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if operation.get("security") == []
    }
    assert without == {"get /healthz", "get /readyz"}


def test_an_expired_key_opens_nothing(client: TestClient) -> None:
    key = key_for(client, expires_at=datetime.now(UTC) + timedelta(hours=1))
    assert client.get("/v1/galleries", headers=key).status_code == 200
    service_of(client).keys.clock = lambda: datetime.now(UTC) + timedelta(hours=2)
    assert code(client.get("/v1/galleries", headers=key)) == (401, "key_invalid")


def test_a_key_that_would_have_expired_already_is_not_made(client: TestClient) -> None:
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    body = {"name": "late", "scope": "read", "expires_at": past}
    assert code(client.post("/v1/keys", json=body)) == (422, "invalid_value")


def test_an_admin_of_one_gallery_makes_keys_for_that_one_alone(client: TestClient) -> None:
    other = key_for(client)
    client.post("/v1/galleries", json={"name": "guests"}, headers=other)
    admin = key_for(client, Scope.ADMIN, "staff")
    body = {"name": "mine", "scope": "read"}
    assert code(client.post("/v1/keys", json=body, headers=admin)) == (403, "key_of_one_gallery")
    theirs = client.post("/v1/keys", json=body | {"gallery": "guests"}, headers=admin)
    assert code(theirs) == (404, "gallery_not_found")
    mine = client.post("/v1/keys", json=body | {"gallery": "staff"}, headers=admin)
    assert mine.status_code == 201
    assert "guests" not in client.get("/v1/keys", headers=admin).text
    foreign = service_of(client).workings.store.keys()[0].id
    assert client.delete(f"/v1/keys/{foreign}", headers=admin).status_code == 404
    assert code(client.post("/v1/galleries", json={"name": "x"}, headers=admin))[0] == 403


def test_a_key_may_have_a_secret_of_before_that_no_other_has(client: TestClient) -> None:
    admin = key_for(client)
    body = {"name": "old", "scope": "read", "secret": "0b4b9fb2-66e4-4dbf-8a0f-2f4c6c5f7d10"}
    made = client.post("/v1/keys", json=body, headers=admin)
    assert made.json()["secret"] == body["secret"]
    assert client.get("/v1/galleries", headers={"X-API-Key": body["secret"]}).status_code == 200
    assert code(client.post("/v1/keys", json=body, headers=admin)) == (409, "key_taken")
    short = client.post("/v1/keys", json=body | {"secret": "too short"}, headers=admin)
    assert code(short) == (422, "request_invalid")
    assert "too short" not in short.text


def test_keys_of_one_gallery_are_listed(client: TestClient) -> None:
    admin, _ = key_for(client), key_for(client, Scope.READ, "staff")
    listed = client.get("/v1/keys", params={"gallery": "staff"}, headers=admin).json()["items"]
    assert [key["scope"] for key in listed] == ["read"]
    nowhere = client.get("/v1/keys", params={"gallery": "nowhere"}, headers=admin)
    assert code(nowhere) == (404, "gallery_not_found")


def test_the_events_of_a_gallery_outlive_it(client: TestClient) -> None:
    gallery = service_of(client).workings.store.gallery("staff").id
    client.delete("/v1/galleries/staff")
    events = client.get("/v1/audit", params={"gallery": gallery}).json()["items"]
    assert [event["action"] for event in events] == ["gallery.created", "gallery.deleted"]


def test_the_audit_log_says_which_key_did_it(client: TestClient) -> None:
    admin = key_for(client)
    client.post(SUBJECTS, json={"name": "Ada"}, headers=admin)
    key_id = service_of(client).workings.store.keys()[0].id
    events = client.get("/v1/audit", params={"limit": 2}, headers=admin).json()
    rest = client.get("/v1/audit", params={"cursor": events["next"]}, headers=admin).json()
    told = [(event["action"], event["actor"]) for event in events["items"] + rest["items"]]
    assert told == [
        ("gallery.created", "anybody"),
        ("key.created", "tester"),
        ("subject.created", f"key:{key_id}"),
    ]
    own = key_for(client, Scope.ADMIN, "staff")
    seen = client.get("/v1/audit", headers=own).json()["items"]
    assert {event["action"] for event in seen} == {
        "gallery.created",
        "subject.created",
        "key.created",
    }


def test_too_many_requests_are_put_off(tmp_path: Path) -> None:
    with served(settings_of(tmp_path, rate_limit="3/minute")) as client:
        key, other = key_for(client), key_for(client)
        for _ in range(3):
            assert client.get("/v1/galleries", headers=key).status_code == 200
        refused = client.get("/v1/galleries", headers=key)
        assert code(refused) == (429, "too_many_requests")
        assert 0 < int(refused.headers["retry-after"]) <= 60
        assert client.get("/v1/galleries", headers=other).status_code == 200
        assert client.get("/healthz").status_code == 200


def test_what_waited_long_enough_may_ask_again(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = RateLimits(ServiceSettings(address_rate_limit="5/second;10/minute"))
    began = monotonic()

    def let_in(after_s: float) -> int:
        # As in reality, some time passes from one request to the next.
        moments = (began + after_s + number * 1e-5 for number in count())
        monkeypatch.setattr("throttled.utils.now_mono_f", lambda: next(moments))
        for number in count():
            try:
                limits.count_address("127.0.0.1")
            except TooManyRequests:
                return number
        raise AssertionError

    # Five at once and five a second, until the ten of a minute are gone; then one every 6 seconds.
    assert [let_in(second) for second in (0, 1.1, 2.2, 9.3)] == [5, 5, 0, 1]


def test_counting_starts_no_threads() -> None:
    limits = RateLimits(ServiceSettings())
    before = threading.active_count()
    for number in range(150):
        limits.count_address("127.0.0.1")
        limits.count_key(str(number))
        assert threading.active_count() <= before


def test_an_address_is_limited_whatever_its_keys(tmp_path: Path) -> None:
    with served(settings_of(tmp_path, address_rate_limit="2/minute")) as client:
        statuses = [client.get("/v1/galleries").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_keys_cannot_be_tried_out(client: TestClient) -> None:
    key = key_for(client)
    tried = [
        client.get("/v1/galleries", headers={"X-API-Key": f"guess-{n}"}).status_code
        for n in range(21)
    ]
    assert tried == [401] * 20 + [429]
    # Who has a right one is not locked out by others of the same address.
    assert client.get("/v1/galleries", headers=key).status_code == 200
    assert client.get("/v1/galleries", headers={"X-API-Key": "guess"}).status_code == 429


def test_answers_carry_safe_headers_and_no_other_site_may_read_them(client: TestClient) -> None:
    headers = client.get("/healthz", headers={"Origin": "https://evil.example"}).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


def test_a_site_that_the_settings_name_may_read_them(tmp_path: Path) -> None:
    origin = "https://desk.example"
    with served(settings_of(tmp_path, cors_origins=(origin,))) as client:
        key = key_for(client)
        answer = client.get("/v1/galleries", headers=key | {"Origin": origin})
        assert answer.headers["access-control-allow-origin"] == origin
        other = client.get("/v1/galleries", headers=key | {"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers


def test_the_log_names_no_key_no_person_and_no_path(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    key = key_for(client)
    client.post(SUBJECTS, json={"name": "Ada Lovelace"}, headers=key)
    client.get(f"{SUBJECTS}/Ada Lovelace?q=Ada", headers=key)
    assert caplog.records[-1].key == service_of(client).workings.store.keys()[0].id  # type: ignore[attr-defined]
    told = [str(record.__dict__) for record in caplog.records if record.name.startswith("vultus")]
    assert any("/v1/galleries/{gallery}/subjects/{subject}" in line for line in told)
    assert not any("Ada" in line or key["Authorization"][7:] in line for line in told)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", SUBJECTS),
        ("PATCH", "/v1/galleries/staff"),
        ("POST", "/v1/keys"),
        ("POST", "/v1/galleries/staff/identify"),
    ],
)
def test_nothing_of_a_body_is_read_for_who_may_not_ask(
    client: TestClient, method: str, path: str
) -> None:
    asked = []

    async def told(message: dict[str, Any]) -> None:
        asked.append(message.get("status"))

    async def body() -> dict[str, Any]:
        asked.append("body")
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def main() -> None:
        scope = {"type": "http", "method": method, "path": path, "headers": [], "query_string": b""}
        await client.app({**scope, "client": LOOPBACK, "http_version": "1.1"}, body, told)

    key_for(client)
    client.portal.call(main)  # type: ignore[union-attr]
    assert asked == [401, None]
