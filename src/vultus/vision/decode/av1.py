"""AV1: how large the frames of a picture may become.

Source: AV1 Bitstream & Decoding Process Specification, 5.3 to 5.5.
"""

from collections.abc import Iterator

from vultus.errors import UnsupportedImage
from vultus.vision.decode.header import Size

SEQUENCE_HEADER, FRAME_HEADER, FRAME = 1, 3, 6
LONGEST_HEADER_BYTES = 512
MOST_UNITS = 10_000


class Bits:
    """Reads bits one after another, the highest first."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = 8 * len(data)

    def take(self, count: int) -> int:
        """The next `count` bits as a number.

        Raises:
            IndexError: there are no more.
        """
        self._left -= count
        if self._left < 0:
            raise IndexError
        return self._value >> self._left & ((1 << count) - 1)

    def take_exponential(self) -> None:
        """Pass over a number with as many leading zeros as it has bits (uvlc)."""
        zeros = 0
        while not self.take(1):
            zeros += 1
        self.take(zeros)


def frame_sizes(payload: bytes) -> set[Size]:
    """The largest size of a frame in the bytes of a picture, for each of its headers."""
    units = list(_units(payload))
    if sum(kind in (FRAME_HEADER, FRAME) for kind, _ in units) > 1:
        raise UnsupportedImage("an AVIF file of several layers")
    sizes = {_sequence_size(Bits(body)) for kind, body in units if kind == SEQUENCE_HEADER}
    if not sizes:
        raise ValueError("its stream has no header")
    return sizes


def _units(payload: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    for _ in range(MOST_UNITS):
        if position >= len(payload):
            return
        head = payload[position]
        position += 2 if head & 4 else 1
        length = len(payload) - position
        if head & 2:
            length, position = _leb128(payload, position)
        yield head >> 3 & 15, payload[position : position + min(length, LONGEST_HEADER_BYTES)]
        position += length
    raise ValueError(f"it has more than {MOST_UNITS:,} units")


def _leb128(payload: bytes, position: int) -> tuple[int, int]:
    value = 0
    for index in range(8):
        byte = payload[position + index]
        value |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return value, position + index + 1
    raise ValueError("a number in it has no end")


def _sequence_size(bits: Bits) -> Size:
    bits.take(4)
    reduced = bits.take(1)
    if reduced:
        bits.take(5)
    else:
        _pass_operating_points(bits)
    width_bits, height_bits = bits.take(4) + 1, bits.take(4) + 1
    width, height = bits.take(width_bits) + 1, bits.take(height_bits) + 1
    # A frame of a film may state its own size, and only the bits for it hold that down.
    if not reduced and (1 << width_bits > 2 * width or 1 << height_bits > 2 * height):
        raise ValueError("its frames could be larger than it says")
    return width, height


def _pass_operating_points(bits: Bits) -> None:
    delay_bits = _pass_timing(bits) if bits.take(1) else 0
    has_delays = bits.take(1)
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        if bits.take(5) > 7:
            bits.take(1)
        if delay_bits and bits.take(1):
            bits.take(2 * delay_bits + 1)
        if has_delays and bits.take(1):
            bits.take(4)


def _pass_timing(bits: Bits) -> int:
    """Pass over the timing, and give the bits of a buffer's delay; 0 where it has none."""
    bits.take(64)
    if bits.take(1):
        bits.take_exponential()
    if not bits.take(1):
        return 0
    delay_bits = bits.take(5) + 1
    bits.take(32 + 5 + 5)
    return delay_bits
