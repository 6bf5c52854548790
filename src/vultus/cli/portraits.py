"""Portraits in the public domain, for the first minutes with Vultus.

They travel inside packages: the tests of face_recognition hold works of the US government, and
scikit-image a portrait that NASA took.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from vultus.cli.output import writing
from vultus.models.packs.sources.port import PackSource, Progress, Wanted

PRESIDENTS = "pypi:face_recognition==1.3.0/sdist#face_recognition-1.3.0/tests/test_images/"
NASA = "pypi:scikit-image==0.26.0/wheel#skimage/data/"


@dataclass(frozen=True, slots=True)
class Portrait:
    """A photo, and the place in the demo's folder where it belongs."""

    place: str
    wanted: Wanted


def _portrait(place: str, source: str, sha256: str, size_bytes: int) -> Portrait:
    return Portrait(place, Wanted(source, sha256, size_bytes))


PORTRAITS = (
    _portrait(
        "people/Barack Obama/official.jpg",
        PRESIDENTS + "obama.jpg",
        "0930e3aa8cae5920329c0c8cbc6a2ab70f47b0e67b432875beaa95cbf7e741f6",
        279_922,
    ),
    _portrait(
        "people/Eileen Collins/astronaut.png",
        NASA + "astronaut.png",
        "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
        791_555,
    ),
    _portrait(
        "photos/address.jpg",
        PRESIDENTS + "obama2.jpg",
        "a7efcc907375274796f39646510704aa86672d59f6d5469d69af3c85590976a6",
        184_455,
    ),
    _portrait(
        "photos/blue_room.jpg",
        PRESIDENTS + "obama3.jpg",
        "76ac6bf97c36dc2da0ad16a537d6a5ac1b10f48d49aac29a0cca9a17cdbc3ca3",
        595_944,
    ),
    _portrait(
        "photos/half_a_face.jpg",
        PRESIDENTS + "obama_partial_face2.jpg",
        "9a812347f97633542b8cd9992de22def11b74f79d82056bc3ee830f13878e028",
        478_346,
    ),
    _portrait(
        "photos/stranger.jpg",
        PRESIDENTS + "biden.jpg",
        "3c17508bb91554c637a2eabddfae790e5bb1caba93130814fc2ac50be9760c4c",
        353_723,
    ),
    _portrait(
        "photos/transparent.png",
        PRESIDENTS + "32bit.png",
        "44dca895a7d635a4aedddd91a4f37af9a8a5b44e66154282a24645a757b5f627",
        887_446,
    ),
)


def obtain_portraits(source: PackSource, folder: Path, progress: Progress) -> None:
    """Put every portrait that is missing in its place below `folder`.

    Raises:
        SourceError: one cannot be obtained.
        FileUnwritable: the folder takes none.
    """
    missing = [portrait for portrait in PORTRAITS if not (folder / portrait.place).exists()]
    if not missing:
        return
    arriving = folder / ".arriving"
    with writing(folder):
        arriving.mkdir(parents=True, exist_ok=True)
        for portrait in missing:
            place = folder / portrait.place
            fetched = arriving / place.name
            source.fetch(portrait.wanted, fetched, progress)
            place.parent.mkdir(parents=True, exist_ok=True)
            os.replace(fetched, place)
        shutil.rmtree(arriving)
