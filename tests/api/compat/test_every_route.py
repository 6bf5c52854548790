"""What holds for every route of every façade: all of them are walked."""

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

import hostile_images as hostile
from facade_service import Served
from painted import RED, photo
from service import LOOPBACK, client_at
from vultus.api.compat.routers import facades
from vultus.domain.key import NewKey, Scope
from vultus.settings import load_settings

Serve = Callable[..., Served]

PACKED = base64.b64encode(photo(RED)).decode()
URL = {"image_url": f"data:image/png;base64,{PACKED}", "image_format": "png"}
IMAGE: dict[str, Any] = {"files": {"file": photo(RED)}}
BOTH = {"files": {"source_image": photo(RED), "target_image": photo(RED)}}
ROWS = [[1.0, 0.0, 0.0]]

# How to ask each route for something; {image_id} of a face that is there, {key} of the key.
ASKING: dict[str, dict[str, Any]] = {
    "POST /infer": {"json": {"image": PACKED}},
    "POST /embedding": {"json": {"images": [{"image": PACKED}]}},
    "POST /detect": {"json": {"image": PACKED}},
    "POST /api/v1/recognize": {"json": URL},
    "GET /api/v1/recognition/subjects": {},
    "GET /api/v1/recognition/subjects/": {},
    "GET /api/v1/recognition/faces": {},
    "GET /api/v1/recognition/faces/{image_id}/img": {},
    "GET /api/v1/static/{key}/images/{image_id}": {},
    "POST /api/v1/recognition/faces/{image_id}/verify": IMAGE,
    "POST /api/v1/recognition/recognize": IMAGE,
    "POST /api/v1/detection/detect": IMAGE,
    "POST /api/v1/verification/verify": BOTH,
    "POST /api/v1/recognition/embeddings/recognize": {"json": {"embeddings": ROWS}},
    "POST /api/v1/recognition/embeddings/faces/{image_id}/verify": {"json": {"embeddings": ROWS}},
    "POST /api/v1/verification/embeddings/verify": {"json": {"source": ROWS[0], "targets": ROWS}},
}
CHANGING: dict[str, dict[str, Any]] = {
    "POST /generate": {"json": {"id": 7, "images": [{"image": PACKED}]}},
    "POST /api/v1/index": {"json": URL | {"name": "Eve"}},
    "POST /api/v1/recognition/subjects": {"json": {"subject": "Eve"}},
    "PUT /api/v1/recognition/subjects/{subject:path}": {"json": {"subject": "Eve"}},
    "DELETE /api/v1/recognition/subjects/{subject:path}": {},
    "POST /api/v1/recognition/faces": IMAGE | {"params": {"subject": "Eve"}},
    "POST /api/v1/recognition/faces/delete": {"content": '["{image_id}"]'},
    "DELETE /api/v1/recognition/faces/{image_id}": {},
    "DELETE /api/v1/recognition/subjects": {},
    "DELETE /api/v1/recognition/faces": {},
}
EMPTYING = {"DELETE /api/v1/recognition/subjects", "DELETE /api/v1/recognition/faces"}
ALL = ASKING | CHANGING


@pytest.fixture
def occupied(client: Served) -> tuple[Served, str]:
    """A façade's gallery with Ada in it, and the id of her face."""
    (outcome,) = client.gallery.enroll("Ada", photo(RED))
    return client, outcome.face_id


def ask(client: Served, route: str, face_id: str, key: str = "none") -> Any:
    method, path = route.split(" ")
    said = {"image_id": face_id, "key": key, "subject:path": "Ada"}
    how = dict(ALL[route])
    if "content" in how:
        how["content"] = how["content"].replace("{image_id}", face_id)
    filled = re.sub(r"{([\w:]+)}", lambda name: said[name[1]], path)
    headers = {"x-api-key": key} if key != "none" else {}
    return client.request(method, filled, headers=headers, **how)


def is_told_in_its_own_words(route: str, told: dict[str, Any]) -> bool:
    path = route.split(" ")[1]
    if path in ("/infer", "/generate", "/embedding", "/detect"):
        return told.keys() == {"detail"}
    if path in ("/api/v1/index", "/api/v1/recognize"):
        return told.keys() == {"error", "message", "traceback"}
    return told.keys() == {"message", "code"}


def key_of(client: Served, scope: Scope, gallery: str | None = None) -> str:
    gallery_id = client.service.workings.store.gallery(gallery).id if gallery else None
    return client.service.keys.create(NewKey("test", scope, gallery_id), actor="tester")[1]


def test_every_route_is_walked() -> None:
    routes = {
        f"{method} {route.path}"
        for router in facades(load_settings())
        for route in router.routes
        for method in route.methods
    }
    assert routes == ALL.keys()


@pytest.mark.parametrize("route", ALL)
def test_who_may_is_answered(occupied: tuple[Served, str], route: str) -> None:
    client, face_id = occupied
    answer = ask(client, route, face_id, key_of(client, Scope.ADMIN, "default"))
    assert answer.status_code in (200, 201)


@pytest.mark.parametrize("route", ALL)
def test_a_key_of_another_gallery_finds_nothing(occupied: tuple[Served, str], route: str) -> None:
    client, face_id = occupied
    client.service.galleries("tester").create("other")
    before = client.gallery.info
    answer = ask(client, route, face_id, key_of(client, Scope.ADMIN, "other"))
    assert answer.status_code == 404
    assert is_told_in_its_own_words(route, answer.json())
    assert "Ada" not in answer.text
    assert client.gallery.info == before


@pytest.mark.parametrize("route", ALL)
def test_without_a_key_where_one_is_needed_nothing_is_answered(
    occupied: tuple[Served, str], route: str
) -> None:
    client, face_id = occupied
    key_of(client, Scope.READ)
    answer = ask(client, route, face_id)
    assert answer.status_code in (400, 401, 404)
    assert is_told_in_its_own_words(route, answer.json())


@pytest.mark.parametrize("route", CHANGING)
def test_a_lower_key_changes_nothing(occupied: tuple[Served, str], route: str) -> None:
    client, face_id = occupied
    lower = Scope.ENROLL if route in EMPTYING else Scope.READ
    before = client.gallery.info
    answer = ask(client, route, face_id, key_of(client, lower))
    assert answer.status_code == 403
    assert is_told_in_its_own_words(route, answer.json())
    assert client.gallery.info == before


@pytest.mark.parametrize(
    ("method", "path", "status", "allowed"),
    [
        ("GET", "/infer", 405, "POST"),
        ("PUT", "/api/v1/index", 405, "POST"),
        ("PATCH", "/api/v1/recognition/subjects", 405, "DELETE, GET, POST"),
        ("GET", "/infer/elsewhere", 404, None),
        ("GET", "/api/v1/recognize/elsewhere", 404, None),
        ("GET", "/api/v1/nowhere", 404, None),
        ("POST", "/api/v1/recognition", 404, None),
    ],
)
def test_what_is_not_there_is_told_in_its_own_words(
    client: Served, method: str, path: str, status: int, allowed: str | None
) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers.get("allow")) == (status, allowed)
    known = path.removesuffix("/elsewhere")
    assert is_told_in_its_own_words(f"{method} {known}", answer.json())


@pytest.mark.parametrize("route", ALL)
def test_a_fault_of_our_own_is_told_in_its_own_words(
    occupied: tuple[Served, str], route: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret of the house")

    client, face_id = occupied
    key = key_of(client, Scope.ADMIN)
    monkeypatch.setattr("vultus.api.compat.facade.Facade.gallery", broken)
    quiet = client_at(client.app, LOOPBACK)
    answer = ask(quiet, route, face_id, key)
    assert answer.status_code == 500
    assert is_told_in_its_own_words(route, answer.json())
    assert "secret" not in answer.text


@pytest.mark.parametrize("route", [each for each in ALL if each not in EMPTYING])
def test_the_gallery_is_made_by_whoever_asks_first(client: Served, route: str) -> None:
    key = key_of(client, Scope.READ if route in ASKING else Scope.ENROLL)
    answer = ask(client, route, "01a1f95e806477038647a03d176f3991", key)
    assert answer.status_code not in (401, 403, 500)
    made = {each.name for each in client.service.galleries("tester").list()}
    assert made <= {"default"}
    if route in TAKING_IN:
        assert answer.status_code in (200, 201)
        assert made == {"default"}


TAKING_IN = {
    "POST /generate",
    "POST /api/v1/index",
    "POST /api/v1/recognition/subjects",
    "POST /api/v1/recognition/faces",
}


def test_whatever_is_said_no_answer_tells_of_the_inside(client: Served) -> None:
    hostile = ["\0", "\ud800", "x" * 5_000, "../../etc/passwd", "'; DROP TABLE faces; --", "{0}"]
    for name in hostile:
        said = json.dumps({"subject": name, "name": name, "id": name, "images": [], **URL})
        for path in ("/api/v1/recognition/subjects", "/api/v1/index", "/generate"):
            answer = client.post(path, content=said)
            assert answer.status_code < 500
            assert "Traceback" not in answer.text


HOSTILE = {
    "nothing": b"",
    "text": b"no image",
    "half": photo(RED)[:60],
    "a bomb": hostile.png_claiming(60_000, 60_000),
    "a liar": hostile.jpeg_claiming(65_000, 65_000),
    "heavy": bytes(2_000_000),
    "many frames": hostile.gif_of_comments(),
    "tables": hostile.tiff_claiming(width=2**31 - 1),
}


@pytest.mark.parametrize("image", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_image_is_refused_at_every_door(client: Served, image: bytes) -> None:
    packed = base64.b64encode(image).decode()
    url = {"image_url": f"data:image/png;base64,{packed}", "image_format": "png"}
    doors: dict[str, dict[str, Any]] = {
        "/infer": {"json": {"image": packed}},
        "/detect": {"json": {"image": packed}},
        "/embedding": {"json": {"images": [{"image": packed}]}},
        "/api/v1/index": {"json": url | {"name": "Eve"}},
        "/api/v1/recognize": {"json": url},
        "/api/v1/recognition/faces?subject=Eve": {"files": {"file": image}},
        "/api/v1/recognition/recognize": {"files": {"file": image}},
        "/api/v1/detection/detect": {"json": {"file": packed}},
        "/api/v1/verification/verify": {"files": {"source_image": image, "target_image": image}},
    }
    for door, how in doors.items():
        answer = client.post(door, **how)
        assert 400 <= answer.status_code < 500, door
    assert client.gallery.counts.subjects == 0
