"""How large the frames of an AV1 stream may become."""

from collections.abc import Callable

import pytest

from image_files import encoded, film, quarters
from vultus.errors import UnsupportedImage
from vultus.vision.decode.av1 import frame_sizes
from vultus.vision.decode.container import Container

TEMPORAL_DELIMITER = b"\x12\0"
FRAME = b"\x32\x02\0\0"


def sequence_header(*fields: tuple[int, int]) -> bytes:
    """A sequence header of numbers, each with the bits it takes."""
    bits = "".join(f"{value:0{count}b}" for value, count in fields)
    body = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    return bytes([0x0A, len(body)]) + body


def size(width: int, height: int, *bits: int) -> list[tuple[int, int]]:
    """The fields of a size; by itself it takes no more bits than it must."""
    wide, high = bits or ((width - 1).bit_length(), (height - 1).bit_length())
    return [(wide - 1, 4), (high - 1, 4), (width - 1, wide), (height - 1, high)]


STILL = [(0, 3), (1, 1), (1, 1), (0, 5)]
PLAIN_FILM = [(0, 3), (0, 1), (0, 1), (0, 1), (0, 1), (0, 5), (0, 12), (0, 5)]
TIMED_FILM = [
    *[(0, 3), (0, 1), (0, 1)],
    *[(1, 1), (1, 32), (25, 32), (1, 1), (0b00111, 5)],  # timing, with an exponential number
    *[(1, 1), (9, 5), (1, 32), (9, 5), (9, 5)],  # a model of the decoder, delays of 10 bits
    *[(1, 1), (1, 5)],  # delays, two operating points
    *[(0, 12), (8, 5), (1, 1), (1, 1), (7, 10), (7, 10), (0, 1), (1, 1), (5, 4)],
    *[(0, 12), (7, 5), (0, 1), (0, 1)],
]


@pytest.mark.parametrize(
    "head", [STILL, PLAIN_FILM, TIMED_FILM], ids=["still", "film", "timed film"]
)
def test_the_size_is_found_behind_whatever_stands_before_it(head: list[tuple[int, int]]) -> None:
    payload = TEMPORAL_DELIMITER + sequence_header(*head, *size(640, 480)) + FRAME

    assert frame_sizes(payload) == {(640, 480)}


@pytest.mark.parametrize(
    "make", [lambda: encoded(quarters(90, 70), "AVIF"), lambda: film("AVIF", 2)]
)
def test_the_size_in_the_stream_of_a_real_file_is_that_of_its_boxes(
    make: Callable[[], bytes],
) -> None:
    (item,) = Container(make(), b"av01").items.values()

    assert frame_sizes(item.payload) == item.sizes


def test_frames_that_may_grow_are_refused() -> None:
    payload = sequence_header(*PLAIN_FILM, *size(640, 480, 16, 9)) + FRAME

    with pytest.raises(ValueError, match="larger"):
        frame_sizes(payload)


def test_every_sequence_header_counts() -> None:
    headers = sequence_header(*STILL, *size(64, 64)) + sequence_header(*STILL, *size(8, 9))

    assert frame_sizes(headers + FRAME) == {(64, 64), (8, 9)}


def test_several_frames_in_one_picture_are_refused() -> None:
    with pytest.raises(UnsupportedImage, match="layers"):
        frame_sizes(sequence_header(*STILL, *size(64, 64)) + FRAME * 2)


def test_a_stream_without_a_sequence_header_is_refused() -> None:
    with pytest.raises(ValueError, match="no header"):
        frame_sizes(TEMPORAL_DELIMITER + FRAME)
