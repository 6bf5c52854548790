"""What a HEIF file holds, and what of it a decoder gets to see."""

import struct
from collections.abc import Callable

import pytest

from image_files import encoded, film, quarters, turned
from vultus.vision.decode.container import Container

HEIC = turned(quarters(128, 64), "HEIC", 6)
EXTENTS = 20
SECOND_ITEM = 10 + 21 + 12
"""Where the first picture's extents are counted behind `iloc`, and an item numbered in `iinf`."""


def changed(mark: bytes, offset: int, letters: str, *numbers: int) -> bytes:
    """The file with other numbers at a place behind a mark."""
    data = bytearray(HEIC)
    struct.pack_into(letters, data, data.index(mark) + offset, *numbers)
    return bytes(data)


def test_the_pictures_are_found_with_their_sizes_and_bytes() -> None:
    tiles = Container(encoded(quarters(256, 256), "HEIC", tile_size=128), b"hvc1")

    found = [(item.coding, *item.sizes) for item in tiles.items.values()]
    assert found == [(b"grid", (256, 256)), *[(b"hvc1", (128, 128))] * 4]
    assert all(item.payload for item in tiles.items.values())


def test_metadata_is_hidden_from_the_decoder() -> None:
    content = Container(HEIC, b"hvc1").content

    assert content[HEIC.index(b"Exif") :].startswith(b"free")
    assert len(content) == len(HEIC)


def test_a_film_is_hidden_behind_its_still_picture() -> None:
    data = film("AVIF", 3)
    assert b"avis" in data
    assert b"moov" in data

    content = Container(data, b"av01").content

    assert b"avis" not in content
    assert b"moov" not in content


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda: changed(b"iloc", EXTENTS, ">H", 0xFFFF), "plenty"),
        (lambda: changed(b"iloc", EXTENTS + 6, ">I", len(HEIC) + 1), "overlap"),
        (lambda: changed(b"iloc", EXTENTS + 6, ">I", 0), "not read"),
        (lambda: changed(b"iinf", SECOND_ITEM, ">H", 1), "twice"),
        (lambda: changed(b"ipma", 8, ">I", 0xFFFFFFFF), "plenty"),
        (lambda: changed(b"ipco", 0, ">4s", b"free"), "how large"),
        (lambda: changed(b"pitm", 0, ">4s", b"free"), "no pitm box"),
    ],
)
def test_what_could_be_understood_in_two_ways_is_refused(
    damage: Callable[[], bytes], problem: str
) -> None:
    with pytest.raises((ValueError, IndexError), match=problem):
        Container(damage(), b"hvc1")
