"""One table turns errors into problem details, and it is complete."""

import base64
import json
from dataclasses import fields
from typing import get_type_hints

import pytest
from starlette.testclient import TestClient

from vultus import errors
from vultus.api.problems import STATUSES, headers_of, is_inside, problem_of, status_of
from vultus.errors import VultusError

NOT_OF_REQUESTS = {
    VultusError,
    errors.ConfigUnreadable,
    errors.ProxiesWithoutKeys,
    errors.PublicWithoutKeys,
    errors.AddressUnavailable,
}
"""The base, and what ends a process before it serves."""
KINDS = [getattr(errors, name) for name in errors.__all__]
OF_REQUESTS = [kind for kind in KINDS if kind not in NOT_OF_REQUESTS]
DEEP = base64.b64encode(b"[" * 1_400).decode()
VALUES = {int: 7, float: 0.5, str: "something"}


def example(kind: type[VultusError]) -> VultusError:
    types = get_type_hints(kind)
    return kind(*(VALUES.get(types[field.name], ("a", "b")) for field in fields(kind)))  # type: ignore[arg-type]


OF_THE_HOUSE = (
    errors.PackError,
    errors.SourceError,
    errors.InferenceError,
    errors.StoreError,
    errors.SearchError,
    errors.BlobError,
    errors.RemoteError,
    errors.DatasetError,
    errors.ReportError,
)
"""Families that tell callers nothing, so that their members need no status of their own."""


@pytest.mark.parametrize("kind", OF_REQUESTS, ids=lambda kind: kind.__name__)
def test_every_error_has_a_status_in_the_table(kind: type[VultusError]) -> None:
    if not issubclass(kind, OF_THE_HOUSE):
        assert kind in STATUSES


@pytest.mark.parametrize("family", OF_THE_HOUSE, ids=lambda kind: kind.__name__)
def test_what_has_no_status_of_its_own_is_no_affair_of_callers(family: type[VultusError]) -> None:
    without = [kind for kind in KINDS if issubclass(kind, family) and kind not in STATUSES]
    assert STATUSES[family] >= 500
    assert all(status_of(kind) == STATUSES[family] for kind in without)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_becomes_problem_details(kind: type[VultusError]) -> None:
    error = example(kind)
    problem = json.loads(json.dumps(problem_of(error, "request-1")))
    assert problem["status"] == status_of(kind)
    assert 400 <= problem["status"] < 600
    assert problem["code"] == kind.code
    assert problem["request_id"] == "request-1"
    assert problem["detail"]
    if not is_inside(error):
        assert {field.name for field in fields(kind)} <= problem.keys()  # type: ignore[arg-type]


def test_what_is_inside_stays_inside() -> None:
    problem = problem_of(errors.StoreUnavailable("/srv/secret.db", "disk on fire"), "request-1")
    assert problem["status"] == 503
    assert "secret" not in str(problem)
    assert "fire" not in str(problem)


def test_who_may_try_again_is_told_when() -> None:
    assert headers_of(errors.Overloaded(3)) == {"Retry-After": "3"}
    assert headers_of(errors.TooManyRequests(9)) == {"Retry-After": "9"}
    assert headers_of(errors.StoreBusy("here", "locked")) == {"Retry-After": "1"}
    assert "WWW-Authenticate" in headers_of(errors.KeyMissing())
    assert headers_of(errors.NoFace()) == {}


def test_a_problem_says_what_and_where(client: TestClient) -> None:
    answer = client.get("/v1/galleries/nobody", headers={"X-Request-ID": "my-request-1"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == "my-request-1"
    assert answer.json() == {
        "type": "/docs/errors#gallery_not_found",
        "title": "Gallery not found",
        "status": 404,
        "detail": "There is no gallery 'nobody'.",
        "code": "gallery_not_found",
        "gallery": "nobody",
        "request_id": "my-request-1",
    }


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/nowhere", b"", 404, "route_not_found"),
        ("PUT", "/v1/galleries", b"", 405, "method_not_allowed"),
        ("POST", "/v1/galleries", b"{", 422, "request_invalid"),
        ("POST", "/v1/galleries", b"\xff\xfe", 422, "request_invalid"),
        ("POST", "/v1/galleries", b'{"name": "a", "colour": "red"}', 422, "request_invalid"),
        ("POST", "/v1/galleries", b'{"name": "\\u0000"}', 422, "invalid_value"),
        ("POST", "/v1/galleries", b'{"name": "staff"}', 409, "gallery_exists"),
        ("GET", "/v1/galleries?limit=0", b"", 422, "request_invalid"),
        ("GET", "/v1/galleries?cursor=nonsense", b"", 422, "invalid_value"),
        ("GET", f"/v1/galleries?cursor={DEEP}", b"", 422, "invalid_value"),
        ("GET", f"/v1/galleries/staff/duplicates?cursor={DEEP}", b"", 422, "invalid_value"),
        ("GET", f"/v1/galleries/staff/subjects?cursor={DEEP}", b"", 422, "invalid_value"),
        ("GET", f"/v1/audit?cursor={DEEP}", b"", 422, "invalid_value"),
    ],
)
def test_what_cannot_be_understood_is_told(
    client: TestClient, method: str, path: str, body: bytes, status: int, code: str
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = client.request(method, path, content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_an_address_says_which_methods_it_takes(client: TestClient) -> None:
    for path, allowed in (
        ("/v1/galleries", "GET, POST"),
        ("/v1/galleries/staff/subjects/Ada", "DELETE, GET, PATCH"),
        ("/v1/detect", "POST"),
    ):
        answer = client.put(path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_a_fault_of_our_own_shows_nothing_of_it(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("vultus.api.routes.galleries.shape_of", broken)
    answer = client.get("/v1/galleries/staff")
    assert (answer.status_code, answer.json()["code"]) == (500, "error")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.json()["request_id"] in caplog.text
