"""Galleries on real photos, with the real default pack, from the library and the command line."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import vultus
from vultus.settings import Settings

PHOTOS = {
    "address.jpg": "Barack Obama",
    "blue_room.jpg": "Barack Obama",
    "half_a_face.jpg": "Barack Obama",
    "stranger.jpg": None,
    "transparent.png": "Barack Obama",
}


@pytest.fixture
def kept(settings: Settings, tmp_path: Path) -> Settings:
    """Settings of a machine with the default pack, and a store of its own."""
    own = {
        "store": {"url": f"sqlite:///{tmp_path}/store.db"},
        "blobs": {"url": str(tmp_path / "b")},
    }
    return vultus.load_settings(**settings.model_dump(include={"home", "inference"}), **own)


@pytest.fixture
def gallery(kept: Settings) -> Iterator[vultus.OpenGallery]:
    with vultus.open_gallery("staff", settings=kept) as gallery:
        yield gallery


def test_people_are_enrolled_once_and_named_by_another_process_later(
    kept: Settings, gallery: vultus.OpenGallery, portraits: Path
) -> None:
    first = gallery.enroll_from(portraits / "people")
    again = gallery.enroll_from(portraits / "people")
    assert [type(outcome) for outcome in first] == [vultus.Enrolled] * 2
    assert [type(outcome) for outcome in again] == [vultus.AlreadyThere] * 2
    with vultus.open_gallery("staff", settings=kept) as later:
        for photo, name in PHOTOS.items():
            (answer,) = later.identify(portraits / "photos" / photo)
            assert (answer.subject.name if answer.subject else None) == name


def test_a_photo_of_an_enrolled_person_under_another_name_is_noticed(
    gallery: vultus.OpenGallery, portraits: Path
) -> None:
    gallery.enroll_from(portraits / "people")
    (outcome,) = gallery.enroll("Somebody", portraits / "photos" / "blue_room.jpg")
    assert isinstance(outcome, vultus.Enrolled)
    assert outcome.looks_like is not None
    assert outcome.looks_like.subject.name == "Barack Obama"
    (pair,) = gallery.duplicates()
    assert {pair.first.name, pair.second.name} == {"Barack Obama", "Somebody"}


def test_several_photos_make_a_match_more_certain(
    gallery: vultus.OpenGallery, portraits: Path
) -> None:
    gallery.enroll_from(portraits / "people")
    probe = portraits / "photos" / "blue_room.jpg"
    before = gallery.verify(probe, "Barack Obama").similarity
    gallery.update_template("Barack Obama", [portraits / "photos" / "address.jpg"])
    assert gallery.verify(probe, "Barack Obama").similarity > before


def run(home: Path, folder: Path, *words: str, **environment: str) -> Any:
    return subprocess.run(
        [sys.executable, "-c", "from vultus.cli.app import main; main()", *words],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"VULTUS_HOME": str(home)} | environment,
        check=False,
    )


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.service)])
def store_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


def test_the_same_commands_work_on_either_store(
    vultus_home: Path, portraits: Path, store_url: str, tmp_path: Path
) -> None:
    def vultus(*words: str) -> Any:
        return run(vultus_home, tmp_path, *words, VULTUS_STORE__URL=store_url)

    with zipfile.ZipFile(tmp_path / "people.zip", "w") as archive:
        for photo in (portraits / "people").rglob("*.*"):
            archive.write(photo, photo.relative_to(portraits))
    enrolled = vultus("enroll", "--zip", "people.zip", "-g", "staff", "--json")
    assert enrolled.returncode == 0, enrolled.stderr
    assert [json.loads(line)["outcome"] for line in enrolled.stdout.splitlines()] == [
        "enrolled"
    ] * 2
    photos = [str(portraits / "photos" / photo) for photo in PHOTOS]
    identified = vultus("identify", *photos, "-g", "staff", "--json")
    lines = [json.loads(line) for line in identified.stdout.splitlines()]
    named = [(line["faces"][0]["subject"] or {"name": None})["name"] for line in lines]
    assert named == list(PHOTOS.values())
    claim = "verify", photos[0], "-g", "staff", "--subject"
    assert vultus(*claim, "Barack Obama").returncode == 0
    assert vultus(*claim, "Eileen Collins").returncode == 4
    nothing = vultus("enroll", photos[0], "-g", "staff", "--subject", "X", "--lookalikes", "refuse")
    assert nothing.returncode == 1
    assert "looks like the subject 'Barack Obama'" in nothing.stderr
    assert vultus("index", "check", "staff").returncode == 0


def test_the_demo_keeps_its_gallery_between_runs(
    vultus_home: Path, portraits: Path, tmp_path: Path
) -> None:
    for part in ("people", "photos"):
        shutil.copytree(portraits / part, tmp_path / "demo" / part)
    first, second = (run(vultus_home, tmp_path, "demo") for _ in range(2))
    assert first.returncode == second.returncode == 0
    assert first.stdout.count(" enrolled ") == second.stdout.count(" already there ") == 2
    for photo, name in PHOTOS.items():
        (line,) = [line for line in second.stdout.splitlines() if line.startswith(photo)]
        assert (name or "unknown") in line
