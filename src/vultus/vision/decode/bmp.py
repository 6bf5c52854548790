"""BMP: size."""

import struct

from vultus.vision.decode.header import Header

CORE_HEADER = 12


def read_header(data: bytes) -> Header:
    """Read the header of a BMP; a negative height means that the top row comes first.

    Source: Microsoft, BITMAPCOREHEADER and BITMAPINFOHEADER.
    """
    (length,) = struct.unpack_from("<I", data, 14)
    width, height = struct.unpack_from("<HH" if length == CORE_HEADER else "<ii", data, 18)
    return Header(((width, abs(height)),), data)
