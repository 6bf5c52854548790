"""Which way up: the one thing that is read from EXIF."""

import struct

import numpy as np

from vultus.domain.image import Rgb

ORIENTATION = 0x0112
SHORT = 3
PREFIX = b"Exif\0\0"


def orientation_of(exif: bytes) -> int:
    """The orientation, 1 to 8, in a block of EXIF; 1 where it says none or is damaged.

    Source: CIPA DC-008 (EXIF 2.32), 4.5.2 and 4.6.4.
    """
    block = exif.removeprefix(PREFIX)
    try:
        return _orientation(block, "<" if block[:2] == b"II" else ">")
    except struct.error:
        return 1


def _orientation(block: bytes, order: str) -> int:
    (start,) = struct.unpack_from(f"{order}I", block, 4)
    (entries,) = struct.unpack_from(f"{order}H", block, start)
    for entry in range(entries):
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", block, start + 2 + 12 * entry)
        if tag == ORIENTATION:
            return value if kind == SHORT and 1 <= value <= 8 else 1
    return 1


def upright(rgb: Rgb, orientation: int) -> Rgb:
    """The picture turned as it was seen, as (H, W, 3) or for 5 to 8 (W, H, 3), contiguous."""
    if orientation >= 5:
        rgb = rgb.transpose(1, 0, 2)
    if orientation in (3, 4, 7, 8):
        rgb = rgb[::-1]
    if orientation in (2, 3, 6, 7):
        rgb = rgb[:, ::-1]
    return np.ascontiguousarray(rgb)
