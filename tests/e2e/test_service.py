"""The service as a process of its own: what people see, and what survives its end."""

import json
import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

import httpx2
import numpy as np
import pytest

from benchmarks.live_service import LiveService, home_with_packs, live_service
from stores import fresh_postgres
from vultus.cli.serve import what_next

SUBJECTS = "/v1/galleries/people/subjects"
LEFT = (httpx2.ConnectError, httpx2.ReadError, httpx2.RemoteProtocolError, httpx2.WriteError)
"""What a client sees of a service that is gone, or that never took the request."""


@pytest.fixture
def home(tmp_path: Path, vultus_home: Path) -> Path:
    return home_with_packs(tmp_path / "home", vultus_home)


@pytest.fixture
def service(home: Path) -> Iterator[LiveService]:
    with live_service(home) as service:
        with service.client() as client:
            client.post("/v1/galleries", json={"name": "people"})
        yield service


def names_in(service: LiveService) -> list[str]:
    with service.client() as client:
        names, cursor = [], None
        while True:
            query = {"limit": 1000} | ({"cursor": cursor} if cursor else {})
            page = client.get(SUBJECTS, params=query).json()
            names += [each["name"] for each in page["items"]]
            cursor = page["next"]
            if cursor is None:
                return names


def write_until_gone(service: LiveService, end: Callable[[], None]) -> tuple[set[str], set[str]]:
    """Let four clients create subjects until the service is gone: those told of, those answered."""
    sent: set[str] = set()
    acknowledged: set[str] = set()
    enough = Event()

    def write(client_number: int) -> None:
        with service.client() as client:
            for number in range(10_000):
                name = f"{client_number} {number}"
                sent.add(name)
                try:
                    answer = client.post(SUBJECTS, json={"name": name})
                except LEFT:
                    return
                if answer.status_code == 201:
                    acknowledged.add(name)
                if len(acknowledged) > 40:
                    enough.set()

    threads = [Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    assert enough.wait(30)
    end()
    for thread in threads:
        thread.join()
    return sent, acknowledged


def test_real_photos_are_enrolled_and_named(service: LiveService, portraits: Path) -> None:
    with service.client() as client:
        for folder in sorted((portraits / "people").iterdir()):
            photos = [path for path in sorted(folder.iterdir())] if folder.is_dir() else [folder]
            files = [("image", (path.name, path.read_bytes())) for path in photos]
            new = ("subject", (None, f'{{"name": "{folder.stem}"}}'))
            answer = client.post("/v1/galleries/people/faces", files=[new, *files])
            assert {each["outcome"] for each in answer.json()["images"]} == {"enrolled"}
        decisions = set()
        for path in sorted((portraits / "photos").iterdir()):
            files = {"image": (path.name, path.read_bytes())}
            answer = client.post("/v1/galleries/people/identify", files=files).json()
            decisions |= {face["decision"] for face in answer["images"][0]["faces"]}
        assert decisions >= {"match", "unknown"}


def test_the_readme_shows_what_it_prints() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text().splitlines()
    shown = [line for line in readme if line.startswith("curl ")]
    assert shown == [
        line.strip() for line in what_next("127.0.0.1", 8000).splitlines() if "curl" in line
    ]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_what_it_prints_to_try_works(home: Path, portraits: Path) -> None:
    shown, asked = portraits / "people", portraits / "photos"
    ada = next(path for path in sorted(shown.rglob("*")) if path.is_file())
    shutil.copy(ada, home / "ada.jpg")
    shutil.copy(next(asked.iterdir()), home / "who.jpg")
    with live_service(home) as service:
        host, _, port = service.url.removeprefix("http://").partition(":")
        lines = [line for line in what_next(host, int(port)).splitlines() if "curl" in line]
        told = [
            subprocess.run([*shlex.split(line), "-sS"], cwd=home, check=True, capture_output=True)
            for line in lines
        ]
    ready, gallery, enrolled, identified = (json.loads(each.stdout) for each in told)
    assert ready["ready"]
    assert gallery["name"] == "people"
    assert enrolled["images"][0]["outcome"] == "enrolled"
    assert identified["images"][0]["faces"][0]["candidates"][0]["subject"]["name"] == "Ada"


@pytest.mark.slow
def test_a_service_that_is_told_to_end_answers_all_that_it_took(
    home: Path, service: LiveService
) -> None:
    _, acknowledged = write_until_gone(service, lambda: service.stop() and None)
    with live_service(home) as again:
        names = names_in(again)
    # Whatever was carried out was answered, and the other way round.
    assert sorted(names) == sorted(acknowledged)


@pytest.mark.slow
def test_a_service_that_is_killed_keeps_all_that_it_acknowledged(
    home: Path, service: LiveService
) -> None:
    sent, acknowledged = write_until_gone(service, service.kill)
    with live_service(home) as again:
        names = names_in(again)
    assert acknowledged <= set(names) <= sent
    assert len(names) == len(set(names))


@pytest.mark.slow
def test_a_request_that_is_worked_on_when_the_service_ends_is_answered(
    service: LiveService, portraits: Path
) -> None:
    image = next(path for path in (portraits / "photos").iterdir()).read_bytes()
    files = [("image", (f"{number}", image)) for number in range(16)]
    with ThreadPoolExecutor(2) as pool, service.client() as client:
        answers = [pool.submit(client.post, "/v1/detect", files=files) for _ in range(2)]
        sleep(0.3)
        service.stop()
        assert [answer.result().status_code for answer in answers] == [200, 200]


@pytest.mark.slow
@pytest.mark.service
def test_two_services_on_one_database_are_of_one_mind(tmp_path: Path, vultus_home: Path) -> None:
    rows = np.eye(128)[:20].tolist()
    with fresh_postgres() as url:
        shared = {"VULTUS_STORE__URL": url, "VULTUS_SERVICE__PEPPER": "p" * 32}
        homes = [home_with_packs(tmp_path / name, vultus_home) for name in ("a", "b")]
        with (
            live_service(homes[0], **shared) as one,
            live_service(homes[1], **shared) as two,
            one.client() as first,
            two.client() as second,
        ):
            first.post("/v1/galleries", json={"name": "people"})
            for number, row in enumerate(rows):
                writer, reader = (first, second) if number % 2 else (second, first)
                body = {"subject": {"name": f"{number}"}, "templates": [row]}
                assert writer.post("/v1/galleries/people/faces", json=body).status_code == 200
                found = reader.post("/v1/galleries/people/search", json={"templates": [row]})
                assert found.json()["items"][0]["subject"]["name"] == f"{number}"
            body, again = {"name": "once"}, {"Idempotency-Key": "once"}
            made = first.post(SUBJECTS, json=body, headers=again)
            assert second.post(SUBJECTS, json=body, headers=again).content == made.content
            second.delete(f"{SUBJECTS}/7")
            gone = first.post("/v1/galleries/people/search", json={"templates": [rows[7]]})
            assert gone.json()["items"][0]["decision"] == "unknown"
            key = second.post("/v1/keys", json={"name": "x", "scope": "admin"}).json()
            opens = {"Authorization": f"Bearer {key['secret']}"}
            assert first.get("/v1/galleries").status_code == 401
            assert first.get("/v1/galleries", headers=opens).status_code == 200
            second.delete(f"/v1/keys/{key['id']}", headers=opens)
            assert first.get("/v1/galleries", headers=opens).status_code == 401


@pytest.mark.slow
def test_processes_serve_side_by_side_and_one_that_dies_is_replaced(home: Path) -> None:
    with live_service(home, "--processes", "2") as service:
        first = workers_of(service)
        assert len(first) == 2
        with service.client() as client:
            client.post("/v1/galleries", json={"name": "people"}).raise_for_status()
        os.kill(first[0], signal.SIGKILL)
        wait_until(lambda: len(set(workers_of(service)) - set(first)) == 1)
        assert all(status_of_listing(service) == 200 for _ in range(20))
        listed = 'vultus_requests_total{method="GET",route="/v1/galleries",status="200"} 20.0'
        assert listed in metrics_of(service)
        assert service.stop() == 0
        assert not any(Path(f"/proc/{worker}").exists() for worker in workers_of(service) + first)


def workers_of(service: LiveService) -> list[int]:
    """Ids of the processes that a service looks after, but for the one that tracks resources."""
    found = subprocess.run(
        ["pgrep", "-P", str(service.process.pid), "-f", "spawn_main"],
        capture_output=True,
        text=True,
    )
    return [int(line) for line in found.stdout.split()]


def wait_until(true: Callable[[], bool], patience_s: float = 60) -> None:
    deadline = monotonic() + patience_s
    while not true():
        assert monotonic() < deadline
        sleep(0.05)


def status_of_listing(service: LiveService) -> int:
    """Ask over a connection of its own, which any of the processes may get."""
    with service.client() as client:
        return client.get("/v1/galleries").status_code


def metrics_of(service: LiveService) -> str:
    with service.client() as client:
        return client.get("/metrics").text
