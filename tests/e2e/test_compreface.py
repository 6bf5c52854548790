"""The real clients of CompreFace, through all their calls, against the running service."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from PIL import Image as pillow

from benchmarks.peers import PeerEnvironment
from serving import Served, serving

pytestmark = [pytest.mark.service, pytest.mark.slow]

SUPPORT = Path(__file__).parents[1] / "support"
PYTHON_CLIENT = PeerEnvironment(
    "compreface-sdk",
    alone=("compreface-sdk==0.6.0",),
    # It pins requests-toolbelt 0.9.1, which does not import beside urllib3 2.
    requirements=("requests>=2.32", "requests-toolbelt==1.0.0"),
)
JAVASCRIPT_CLIENT = "@exadel/compreface-js-sdk@1.0.0"
VULTUS = str(Path(sys.executable).with_name("vultus"))
PLUGINS = {"detector", "calculator"}
MATCH = 0.5

Answers = dict[str, Any]


@dataclass(frozen=True)
class Running:
    """A service in a process of its own, and a key in CompreFace's form."""

    port: str
    key: str
    home: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def running(vultus_home: Path, tmp_path: Path) -> Iterator[Running]:
    home, key = tmp_path / "home", str(uuid4())
    home.mkdir()
    (home / "packs").symlink_to(vultus_home / "packs")
    environment = {**os.environ, "VULTUS_HOME": str(home)}
    vultus(environment, "gallery", "create", "default", "--keep-crops")
    vultus(environment, "keys", "create", "clients", "--scope", "admin", "--secret", key)
    command = [VULTUS, "serve", "--port", "0"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as service:
        try:
            yield Running(announced_port(service), key, home)
        finally:
            service.terminate()


def vultus(environment: dict[str, str], *words: str) -> str:
    command = [VULTUS, *words]
    return subprocess.run(
        command, env=environment, check=True, capture_output=True, text=True
    ).stdout


def announced_port(service: subprocess.Popen[str]) -> str:
    """The port that it says it listens on, once its models are ready."""
    assert service.stdout is not None
    for line in service.stdout:
        if line.startswith("Vultus listens on "):
            port = line.strip().rpartition(":")[2]
            while httpx2.get(f"http://127.0.0.1:{port}/readyz").status_code != 200:
                assert service.poll() is None
                time.sleep(0.05)
            return port
    raise RuntimeError(f"the service ended with exit code {service.wait()}")


@pytest.fixture
def people(portraits: Path, tmp_path: Path) -> Path:
    """Small photos of two people: two of the first, one of the other, and one of nobody."""
    folder = tmp_path / "photos"
    folder.mkdir()
    small(portraits / "people" / "Barack Obama" / "official.jpg", folder / "obama.jpg")
    small(portraits / "people" / "Eileen Collins" / "astronaut.png", folder / "collins.jpg")
    small(portraits / "photos" / "address.jpg", folder / "probe.jpg")
    small(portraits / "photos" / "stranger.jpg", folder / "stranger.jpg")
    pillow.new("RGB", (200, 200)).save(folder / "nobody.png")
    return folder


def small(source: Path, target: Path) -> None:
    with pillow.open(source) as image:
        image.thumbnail((640, 640))
        image.convert("RGB").save(target, "JPEG")


def last_line(command: list[str], folder: Path) -> Answers:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    answers: Answers = json.loads(done.stdout.splitlines()[-1])
    return answers


def names(face: Answers) -> list[str]:
    return [each["subject"] for each in face["subjects"]]


def test_the_python_client_works_unchanged(
    running: Running, people: Path, servers_dir: Path
) -> None:
    script = SUPPORT / "compreface_python.py"
    python = PYTHON_CLIENT.python(servers_dir)
    said = last_line([str(python), str(script), running.port, running.key], people)

    assert said["no subjects"] == {"subjects": []}
    assert said["add subject"] == {"subject": "Nobody yet"}
    assert said["rename subject"] == {"updated": True}
    assert said["delete subject"] == {"subject": "Somebody"}
    assert said["add face"]["subject"] == "Barack Obama"
    assert said["add bytes"]["subject"] == "Eileen Collins"
    assert said["subjects"] == {"subjects": ["Barack Obama", "Eileen Collins"]}
    assert said["faces"]["total_elements"] == 2
    assert said["faces"]["faces"] == [said["add face"], said["add bytes"]]

    (face,) = said["recognize"]["result"]
    assert names(face) == ["Barack Obama", "Eileen Collins"]
    first, second = (each["similarity"] for each in face["subjects"])
    assert first > MATCH > second
    assert len(face["landmarks"]) == 5
    assert len(face["embedding"]) == 128
    assert face["execution_time"].keys() == said["recognize"]["plugins_versions"].keys() == PLUGINS
    assert all(each["subjects"][0]["similarity"] < MATCH for each in said["stranger"]["result"])

    assert said["verify face"]["result"][0]["similarity"] > MATCH
    assert said["verify face"]["result"][0]["subject"] == "Barack Obama"
    assert said["verify other"]["result"][0]["similarity"] < MATCH
    (verified,) = said["verify"]["result"]
    assert verified["source_image_face"]["box"]["x_max"] > 0
    assert verified["face_matches"][0]["similarity"] > MATCH
    assert said["detect"]["result"][0]["box"]["probability"] > 0.9
    assert said["no image"]["code"] == 21

    assert said["delete face"] == said["add face"]
    assert said["delete it again"]["code"] == 44
    assert said["delete faces"] == {"deleted": 1}
    assert said["delete all"] == {"deleted": 1}
    assert said["left"] == {"subjects": []}


@pytest.fixture(scope="session")
def javascript_client(servers_dir: Path) -> Path:
    """A folder in which the client is installed."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed")
    folder = servers_dir / "peers" / "compreface-js-sdk"
    if not (folder / "node_modules" / "@exadel").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--omit=dev"]
        command = [*install, "--prefix", ".", JAVASCRIPT_CLIENT]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if done.returncode != 0:
            pytest.skip(f"the client is not to be had from npm: {done.stderr.strip()[-200:]}")
    return folder


def test_the_javascript_client_works_unchanged(
    running: Running, people: Path, javascript_client: Path
) -> None:
    script = SUPPORT / "compreface_javascript.mjs"
    with serving() as site:
        photo = Served((people / "probe.jpg").read_bytes(), kind="image/jpeg")
        url = site.put("/probe.jpg", photo)
        command = ["node", str(script), running.port, running.key, url, str(javascript_client)]
        said = last_line(command, people)

    assert said["add subject"] == {"subject": "Nobody yet"}
    assert said["rename subject"] == {"updated": True}
    assert said["delete subject"] == {"subject": "Somebody"}
    assert said["add face"]["subject"] == said["add url"]["subject"] == "Barack Obama"
    assert said["add buffer"] == said["add base64"]
    assert said["subjects"] == {"subjects": ["Barack Obama", "Eileen Collins"]}
    assert said["faces"]["total_elements"] == 3

    for answer in (said["recognize"], said["recognize buffer"]):
        assert names(answer["result"][0])[0] == "Barack Obama"
        assert answer["result"][0]["subjects"][0]["similarity"] > MATCH
    assert len(said["recognize"]["result"][0]["subjects"]) == 2
    assert said["recognize"]["plugins_versions"].keys() == PLUGINS
    assert said["verify face"]["result"][0]["similarity"] > MATCH
    for name, is_same in (("verify", True), ("verify base64", False), ("verify buffers", True)):
        similarity = said[name]["result"][0]["face_matches"][0]["similarity"]
        assert (similarity > MATCH) is is_same
    (face,) = said["detect"]["result"]
    assert len(face["landmarks"]) == 5
    assert "execution_time" in face
    assert (said["no face"]["status"], said["no face"]["code"]) == (400, 28)

    assert said["delete face"] == said["add face"]
    assert said["delete several"] == [said["add url"]]
    assert said["delete faces"] == {"deleted": 1}
    assert said["delete all faces"] == {"deleted": 0}
    assert said["delete all"] == {"deleted": 0}
    assert said["left"] == {"subjects": []}


def test_people_are_imported_from_a_running_server(running: Running, people: Path) -> None:
    with httpx2.Client(base_url=running.url, headers={"x-api-key": running.key}) as client:
        for name in ("obama", "probe", "collins"):
            subject = "Eileen Collins" if name == "collins" else "Barack Obama"
            answer = client.post(
                "/api/v1/recognition/faces",
                params={"subject": subject},
                files={"file": (people / f"{name}.jpg").read_bytes()},
            )
            assert answer.status_code == 201
    environment = {
        **os.environ,
        "VULTUS_HOME": str(running.home),
        "COMPREFACE_API_KEY": running.key,
    }
    words = ["import", "compreface", running.url, "--gallery", "ours", "--json", "--quality", "off"]
    outcomes = [json.loads(line) for line in vultus(environment, *words).splitlines()]
    assert [each["outcome"] for each in outcomes] == ["enrolled"] * 3
    again = [json.loads(line) for line in vultus(environment, *words).splitlines()]
    assert [each["outcome"] for each in again] == ["already_there"] * 3
    shown = json.loads(vultus(environment, "gallery", "show", "ours", "--json"))
    assert (shown["subjects"], shown["faces"]) == (2, 3)
