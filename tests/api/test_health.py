from dataclasses import replace
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from starlette.testclient import TestClient

from painted import RED, photo, square_recognizer
from service import painted_service, served, settings_of
from vultus.domain.template import ModelId
from vultus.errors import PackNotFound, StoreUnavailable
from vultus.gallery.store.opening import open_store
from vultus.gallery.store.requests import NewGallery
from vultus.usecases.recognizer import Recognizer
from vultus.usecases.serving.models import Models


def test_a_service_that_is_ready_says_what_it_has(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    assert answer.json()["checks"].keys() == {"models", "store", "index"}


def test_a_service_is_not_ready_before_its_models_are_warm(tmp_path: Path, sqlite_url: str) -> None:
    may_go_on = Event()

    def slowly(_: str) -> Recognizer:
        may_go_on.wait(5)
        return square_recognizer()

    service = painted_service(open_store(sqlite_url))
    service.models = Models(slowly)
    with served(settings_of(tmp_path), service) as client:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["ready"]) == (503, False)
        assert answer.json()["checks"]["models"]["detail"] == "fake: loading"
        assert answer.json()["checks"]["store"]["ready"]
        early = client.post("/v1/detect", files={"image": photo(RED)})
        assert (early.status_code, early.json()["code"]) == (503, "models_not_ready")
        assert early.headers["retry-after"] == "2"
        assert client.get("/healthz").status_code == 200
        may_go_on.set()
        while client.get("/readyz").status_code != 200:
            pass
        assert client.post("/v1/detect", files={"image": photo(RED)}).status_code == 200


def test_a_pack_in_use_that_does_not_load_is_named_and_not_waited_for(
    tmp_path: Path, sqlite_url: str
) -> None:
    def only_fake(pack: str) -> Recognizer:
        if pack != "fake":
            raise PackNotFound(pack, "fake")
        return square_recognizer()

    store = open_store(sqlite_url)
    store.create_gallery(NewGallery("old", ModelId("gone", "1"), 3), actor="tester")
    service = painted_service(store)
    models = Models(only_fake)
    service.models = models
    service.workings = replace(
        service.workings, recognizer=lambda gallery: models.get(gallery.model.pack)
    )
    with served(settings_of(tmp_path), service) as client:
        until = monotonic() + 5
        while client.get("/readyz").json()["checks"]["models"]["detail"] != "gone: failed":
            assert monotonic() < until
        assert client.get("/readyz").status_code == 503
        answer = client.post("/v1/galleries/old/identify", files={"image": photo(RED)})
        assert (answer.status_code, answer.json()["code"]) == (500, "model_unavailable")
        assert answer.json()["pack"] == "gone"
        assert "retry-after" not in answer.headers
        assert client.post("/v1/detect", files={"image": photo(RED)}).status_code == 200


def test_a_store_that_is_away_is_named_without_its_place(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(sqlite_url)

    def away() -> bool:
        raise StoreUnavailable("/srv/secret.db", "no such host")

    with served(settings_of(tmp_path), painted_service(store)) as client:
        monkeypatch.setattr(store, "has_keys", away)
        answer = client.get("/readyz")
        assert answer.json()["checks"]["store"] == {"ready": False, "detail": "store unavailable"}
        refused = client.get("/v1/galleries")
        assert (refused.status_code, refused.json()["code"]) == (503, "store_unavailable")
        assert "secret" not in answer.text + refused.text


def test_the_models_in_use_are_listed(client: TestClient) -> None:
    (model,) = client.get("/v1/models").json()["items"]
    assert (model["pack"], model["default"], model["state"]) == ("fake", True, "ready")
    assert len(model["galleries"]) == 1


def test_metrics_count_by_route_and_never_by_path(client: TestClient) -> None:
    client.get("/v1/galleries/staff")
    client.get("/v1/galleries/nobody")
    client.get("/somewhere/else")
    text = client.get("/metrics").text
    route = 'method="GET",route="/v1/galleries/{gallery}"'
    assert f'vultus_requests_total{{{route},status="200"}} 1.0' in text
    assert f'vultus_requests_total{{{route},status="404"}} 1.0' in text
    assert "vultus_ready 1.0" in text
    for path in ("staff", "nobody", "somewhere"):
        assert path not in text
