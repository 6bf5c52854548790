"""A key of one gallery sees nothing of another: every route is walked."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from painted import RED, photo
from service import key_for, routes, service_of
from vultus.domain.key import Scope

SECRET = "Ada of the other gallery"
IMAGE = {"files": [("image", ("a.png", photo(RED)))]}
NEW = {"files": [*IMAGE["files"], ("subject", (None, '{"name": "Eve"}'))]}
FOREIGN = "theirs"

# How to ask each route for what is another gallery's. {id} of a subject, {face} of a face there.
OF_A_GALLERY: dict[str, dict[str, Any]] = {
    "GET /v1/galleries/{gallery}": {},
    "PATCH /v1/galleries/{gallery}": {"json": {"name": "mine now"}},
    "DELETE /v1/galleries/{gallery}": {},
    "GET /v1/galleries/{gallery}/subjects": {},
    "POST /v1/galleries/{gallery}/subjects": {"json": {"name": "Eve"}},
    "DELETE /v1/galleries/{gallery}/subjects": {"params": {"confirm": FOREIGN}},
    "GET /v1/galleries/{gallery}/subjects/{subject}": {},
    "PATCH /v1/galleries/{gallery}/subjects/{subject}": {"json": {"name": "Eve"}},
    "DELETE /v1/galleries/{gallery}/subjects/{subject}": {},
    "POST /v1/galleries/{gallery}/subjects/{subject}:restore": {},
    "POST /v1/galleries/{gallery}/subjects/{subject}/faces": IMAGE,
    "GET /v1/galleries/{gallery}/subjects/{subject}/faces": {},
    "DELETE /v1/galleries/{gallery}/subjects/{subject}/faces/{face}": {},
    "PUT /v1/galleries/{gallery}/subjects/{subject}/template": IMAGE,
    "POST /v1/galleries/{gallery}/faces": NEW,
    "POST /v1/galleries/{gallery}/faces:move": {"json": {"faces": ["{face}"], "to": "Eve"}},
    "DELETE /v1/galleries/{gallery}/faces/{face}": {},
    "POST /v1/galleries/{gallery}/subjects:merge": {"json": {"into": SECRET, "others": ["Bob"]}},
    "GET /v1/galleries/{gallery}/merges": {},
    "POST /v1/galleries/{gallery}/merges/{merge}:undo": {},
    "POST /v1/galleries/{gallery}/identify": IMAGE,
    "POST /v1/galleries/{gallery}/search": {"json": {"templates": [[1, 0, 0]]}},
    "GET /v1/galleries/{gallery}/duplicates": {},
    "GET /v1/galleries/{gallery}/archive": {},
    "GET /v1/galleries/{gallery}/index": {},
    "POST /v1/galleries/{gallery}/index:rebuild": {},
    "POST /v1/galleries/{gallery}/index:check": {},
}
NAMED_ELSEWHERE: dict[str, dict[str, Any]] = {
    "POST /v1/verify": {"params": {"gallery": FOREIGN, "subject": SECRET}, **IMAGE},
    "GET /v1/keys": {"params": {"gallery": FOREIGN}},
    "POST /v1/keys": {"json": {"name": "x", "scope": "read", "gallery": FOREIGN}},
    "GET /v1/audit": {"params": {"gallery": FOREIGN}},
}
OF_ALL_GALLERIES: dict[str, dict[str, Any]] = {
    "GET /v1/galleries": {},
    "GET /v1/models": {},
    "GET /v1/keys": {},
    "GET /v1/audit": {},
    "GET /metrics": {},
}
"""Lists: they leave out what is another gallery's."""
FORBIDDEN: dict[str, dict[str, Any]] = {
    "POST /v1/galleries": {"json": {"name": "new"}},
    "POST /v1/galleries:import": {"params": {"as": "staff"}, "content": b"an archive"},
    "POST /v1/galleries:purge": {"json": {"days": 0}},
}
WITHOUT = {
    "GET /healthz",
    "GET /readyz",
    "GET /openapi.json",
    "POST /v1/detect",
    "POST /v1/embed",
    "DELETE /v1/keys/{key}",  # tests/api/test_access.py
}
"""They know no gallery."""


@pytest.fixture
def theirs(client: TestClient) -> dict[str, str]:
    """A gallery of others with a subject in it."""
    client.post("/v1/galleries", json={"name": FOREIGN})
    files = [("image", ("a.png", photo(RED))), ("subject", (None, f'{{"name": "{SECRET}"}}'))]
    (image,) = client.post(f"/v1/galleries/{FOREIGN}/faces", files=files).json()["images"]
    return {
        "gallery": FOREIGN,
        "subject": image["subject"]["id"],
        "face": image["face"]["id"],
        "merge": "none",
    }


def test_every_route_is_covered() -> None:
    covered = {*OF_A_GALLERY, *NAMED_ELSEWHERE, *OF_ALL_GALLERIES, *FORBIDDEN, *WITHOUT}
    assert routes() - covered == set()
    assert covered - routes() == {"GET /openapi.json"}
    of_a_gallery = {route for route in routes() if "{gallery}" in route}
    assert of_a_gallery == OF_A_GALLERY.keys()


def ask(client: TestClient, route: str, how: dict[str, Any], key: Any, at: dict[str, str]) -> Any:
    method, path = route.split(" ")
    filled = re.sub(r"{(\w+)}", lambda name: at[name[1]], path)
    return client.request(method, filled, headers=key, **how)


@pytest.mark.parametrize("route", OF_A_GALLERY | NAMED_ELSEWHERE)
def test_another_gallery_is_not_there(
    client: TestClient, theirs: dict[str, str], route: str
) -> None:
    store = service_of(client).workings.store
    before = store.gallery(FOREIGN)
    key = key_for(client, Scope.ADMIN, "staff")
    how = (OF_A_GALLERY | NAMED_ELSEWHERE)[route]
    for said in (FOREIGN, before.id):
        answer = ask(client, route, how, key, theirs | {"gallery": said})
        assert (answer.status_code, answer.json()["code"]) == (404, "gallery_not_found")
        assert SECRET not in answer.text
    nowhere = ask(client, route, how, key, theirs | {"gallery": "nowhere"})
    if route in OF_A_GALLERY:
        assert nowhere.json()["detail"] == answer.json()["detail"].replace(before.id, "nowhere")
    assert store.gallery(FOREIGN) == before


@pytest.mark.parametrize("route", OF_A_GALLERY)
def test_what_is_another_gallerys_is_not_found_in_ones_own(
    client: TestClient, theirs: dict[str, str], route: str
) -> None:
    key = key_for(client, Scope.ADMIN, "staff")
    answer = ask(client, route, OF_A_GALLERY[route], key, theirs | {"gallery": "staff"})
    assert SECRET not in answer.text
    if "{subject}" in route or "{face}" in route or "{merge}" in route:
        assert answer.status_code == 404


@pytest.mark.parametrize("route", OF_ALL_GALLERIES)
def test_lists_leave_out_what_is_another_gallerys(
    client: TestClient, theirs: dict[str, str], route: str
) -> None:
    foreign = service_of(client).workings.store.gallery(FOREIGN).id
    key = key_for(client, Scope.ADMIN, "staff")
    answer = ask(client, route, {}, key, theirs)
    assert answer.status_code == 200
    for secret in (FOREIGN, foreign, theirs["subject"], SECRET):
        assert secret not in answer.text


@pytest.mark.parametrize("route", FORBIDDEN)
def test_what_concerns_all_galleries_is_forbidden(client: TestClient, route: str) -> None:
    key = key_for(client, Scope.ADMIN, "staff")
    answer = ask(client, route, FORBIDDEN[route], key, {})
    assert (answer.status_code, answer.json()["code"]) == (403, "key_of_one_gallery")
