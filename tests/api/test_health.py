from pathlib import Path
from threading import Event

import pytest
from starlette.testclient import TestClient

from painted import RED, photo, square_recognizer
from service import painted_service, served, settings_of
from vultus.errors import StoreUnavailable
from vultus.gallery.store.opening import open_store
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
