import base64
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import monotonic, sleep

import pytest

from facade_service import Served
from painted import BLUE, CRIMSON, GREEN, RED, RUBY, photo, square_recognizer
from serving import Served as Page
from serving import serving
from vultus.api.compat.fetch import AllowedFetcher
from vultus.domain.key import NewKey, Scope
from vultus.matching.calibration import Calibration, PairCalibration
from vultus.usecases.recognizer import Recognizer

Serve = Callable[..., Served]

CALIBRATION = Calibration(PairCalibration((0.0, 0.9, 1.0), (0.01, 0.5, 0.99), 0.5, "made up"))


def data_url(image: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(image).decode()}"


def index(client: Served, image: bytes, name: str):
    said = {"image_url": data_url(image), "image_format": "png", "name": name}
    return client.post("/api/v1/index", json=said)


def recognize(client: Served, image: bytes) -> dict:
    said = {"image_url": data_url(image), "image_format": "png"}
    answer = client.post("/api/v1/recognize", json=said)
    assert answer.status_code == 200
    assert answer.json()["error"] is False
    return answer.json()["results"]


def calibrated() -> Recognizer:
    plain = square_recognizer()
    return Recognizer(plain.pipeline, plain.matching, CALIBRATION)


def test_who_was_indexed_is_recognized(client: Served) -> None:
    assert index(client, photo(RED), "Ada").json() == {
        "error": False,
        "results": {"msg": "created"},
    }
    index(client, photo(GREEN), "Bob")
    assert recognize(client, photo(CRIMSON))["pred"] == "Ada"


def test_further_photos_add_to_the_first(client: Served) -> None:
    for image in (photo(RED), photo(RUBY), photo(RED)):
        index(client, image, "Ada")
    assert (client.gallery.counts.subjects, client.gallery.counts.faces) == (1, 2)


def test_a_stranger_is_nobody(client: Served) -> None:
    index(client, photo(RED), "Ada")
    found = recognize(client, photo(BLUE))
    assert found["pred"] is None
    assert 0 <= found["proba"] < 0.6


def test_before_anybody_is_indexed_everybody_is_nobody(client: Served) -> None:
    assert recognize(client, photo(RED)) == {"pred": None, "proba": 0.0}


def test_the_probability_is_the_calibrated_one(serve: Serve) -> None:
    client = serve(calibrated())
    index(client, photo(RED), "Ada")
    assert recognize(client, photo(RED))["proba"] == pytest.approx(0.99, abs=1e-4)
    stranger = recognize(client, photo(BLUE))
    assert stranger["pred"] is None
    assert stranger["proba"] < 0.1


def test_of_several_faces_the_main_one_is_recognized(client: Served) -> None:
    index(client, photo(GREEN), "Bob")
    assert recognize(client, photo(RED, GREEN, BLUE))["pred"] == "Bob"


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"image_url": data_url(photo(RED)), "image_format": "gif", "name": "Ada"},
        {"image_url": data_url(photo(RED)), "image_format": "png", "name": " "},
        {"image_url": data_url(photo(RED)), "image_format": "png"},
        {"image_url": data_url(photo()), "image_format": "png", "name": "Ada"},
        {"image_url": data_url(photo(RED, GREEN)), "image_format": "png", "name": "Ada"},
        {"image_url": data_url(b"no image"), "image_format": "png", "name": "Ada"},
        {"image_url": "data:image/png", "image_format": "png", "name": "Ada"},
        {"image_url": "file:///etc/passwd", "image_format": "png", "name": "Ada"},
        {"image_url": "http://photos.example/a.png", "image_format": "png", "name": "Ada"},
        {"image_url": "a.png", "image_format": "png", "name": "Ada"},
    ],
)
def test_what_cannot_be_indexed_is_refused_in_that_services_words(
    client: Served, said: dict[str, str]
) -> None:
    answer = client.post("/api/v1/index", json=said)
    told = answer.json()
    assert 400 <= answer.status_code < 500
    assert (told["error"], told["traceback"]) == (True, None)
    assert told["message"].endswith((".", "data: URL"))
    assert client.gallery.counts.subjects == 0


def test_an_allowed_name_that_leads_to_this_machine_is_refused(serve: Serve) -> None:
    with serving() as site:
        page = Page(photo(RED))
        url = site.put("/a.png", page)
        client = serve(compat={"allowed_hosts": (url.split("/")[2],)})
        answer = client.post("/api/v1/recognize", json={"image_url": url, "image_format": "png"})
        assert answer.status_code == 422
        assert "private network" in answer.json()["message"]
        assert page.asked == []


def test_an_address_that_is_not_allowed_says_what_allows_it(client: Served) -> None:
    url = "http://photos.example/a.png"
    answer = client.post("/api/v1/recognize", json={"image_url": url, "image_format": "png"})
    assert "compat.allowed_hosts" in answer.json()["message"]


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a host that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def waiting(serve: Serve, silent: str, monkeypatch: pytest.MonkeyPatch) -> Served:
    """A service with one thread for images that waits 2 s for the silent host, which is allowed."""
    trusting = partial(AllowedFetcher, is_allowed=lambda _: True)
    monkeypatch.setattr("vultus.api.compat.routers.AllowedFetcher", trusting)
    compat = {"allowed_hosts": (silent,), "fetch_timeout_s": 2}
    return serve(compat=compat, service={"threads": 1, "queue": 2})


def test_who_waits_for_another_host_keeps_no_image_waiting(waiting: Served, silent: str) -> None:
    said = {"image_url": f"http://{silent}/a.png", "image_format": "png"}
    with ThreadPoolExecutor(8) as callers:
        began = monotonic()
        fetches = []
        for _ in range(8):
            fetches.append(callers.submit(waiting.post, "/api/v1/recognize", json=said))
            sleep(0.05)
        sleep(0.3)
        assert recognize(waiting, photo(RED))["pred"] is None
        assert monotonic() - began < 1.8
        answers = [fetch.result() for fetch in fetches]
    # Four at once, and two that wait; the others are told to come back.
    assert sorted(answer.status_code for answer in answers) == [422] * 6 + [503] * 2
    assert all(answer.json()["error"] for answer in answers)


def test_where_keys_are_on_a_key_is_needed(client: Served) -> None:
    new = NewKey("of a test", Scope.READ)
    _, secret = client.service.keys.create(new, actor="tester")
    said = {"image_url": data_url(photo(RED)), "image_format": "png"}
    without = client.post("/api/v1/recognize", json=said)
    assert (without.status_code, without.json()["error"]) == (401, True)
    key = {"Authorization": f"Bearer {secret}"}
    assert client.post("/api/v1/recognize", json=said, headers=key).status_code == 200
    enroll = client.post("/api/v1/index", json=said | {"name": "Ada"}, headers=key)
    assert (enroll.status_code, enroll.json()["error"]) == (403, True)
