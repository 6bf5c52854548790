"""The commands and the code of the README and the quick start run as they stand."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.live_service import home_with_packs

CHECKOUT = Path(__file__).parents[1]
PAGES = ("README.md", "docs/quickstart.md")

pytestmark = pytest.mark.slow


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (CHECKOUT / page).read_text(), re.DOTALL)


COMMANDS = {
    line
    for page in PAGES
    for block in blocks(page, "sh")
    for line in block.splitlines()
    if line.startswith("vultus ")
}


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, shell=True, cwd=folder, env=environment(folder), capture_output=True, text=True
    )


def environment(folder: Path) -> dict[str, str]:
    """The environment of a user whose home is in `folder`."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("VULTUS_")}
    return inherited | {"PATH": path, "VULTUS_HOME": str(folder / "home")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, vultus_home: Path, portraits: Path) -> Path:
    """What the pages take for granted: photos, and a folder of people, from the demo."""
    folder = tmp_path_factory.mktemp("readme")
    home_with_packs(folder / "home", vultus_home)
    shutil.copytree(portraits, folder / "demo")
    done = run("vultus demo", folder)
    assert done.returncode == 0, done.stderr
    shutil.copytree(folder / "demo" / "people", folder / "people")
    shutil.copy(folder / "demo" / "people" / "Barack Obama" / "official.jpg", folder / "a.jpg")
    shutil.copy(folder / "demo" / "photos" / "address.jpg", folder / "b.jpg")
    shutil.copy(folder / "demo" / "photos" / "blue_room.jpg", folder / "party.jpg")
    return folder


def test_the_demo_writes_an_annotated_picture_of_every_photo(folder: Path) -> None:
    names = {path.stem for path in (folder / "demo" / "photos").iterdir()}
    assert {path.stem for path in (folder / "demo" / "pictures").iterdir()} == names


@pytest.mark.parametrize("page", PAGES)
def test_the_python_of_a_page_runs(page: str, folder: Path) -> None:
    (code,) = blocks(page, "python")
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_command_of_the_pages_runs(command: str, folder: Path) -> None:
    done = run(command, folder)
    assert done.returncode == 0, done.stderr


def test_the_example_of_an_answer_has_the_fields_of_an_answer(folder: Path) -> None:
    (example,) = blocks("README.md", "json")
    (command,) = (line for line in COMMANDS if line.endswith("--json"))
    (photo,) = map(json.loads, run(command, folder).stdout.splitlines())
    assert fields(json.loads(example)) == fields(photo["faces"][0])


def fields(value: object) -> object:
    """The keys of nested objects; a list counts by its first element."""
    if isinstance(value, dict):
        return {key: fields(each) for key, each in value.items()}
    return [fields(value[0])] if isinstance(value, list) and value else None
