"""PNG: size, orientation, frames, checksums, and the file without its metadata."""

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from vultus.vision.decode.exif import orientation_of
from vultus.vision.decode.header import Header

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY, COLOUR = 0, 2
KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT"})


class _Chunk(NamedTuple):
    kind: bytes
    whole: memoryview

    @property
    def body(self) -> memoryview:
        return self.whole[8:-4]

    def check(self) -> None:
        (checksum,) = struct.unpack(">I", self.whole[-4:])
        if zlib.crc32(self.whole[4:-4]) != checksum:
            raise ValueError(f"the checksum of {self.kind.decode()} is wrong")


def _chunks(data: bytes) -> Iterator[_Chunk]:
    view = memoryview(data)
    position = len(SIGNATURE)
    while position < len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        yield _Chunk(kind, view[position:end])
        if kind == b"IEND":
            return
        position = end


def _written(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(body, zlib.crc32(kind))
    return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", checksum)


def _transparent(depth: int, colour: int, body: bytes) -> bytes:
    """What tRNS holds, with its grey or colour as Pillow has it after it unpacked the pixels."""
    if colour == GREY and depth in (2, 4):
        (grey,) = struct.unpack_from(">H", body)
        return struct.pack(">H", grey * (255 // (2**depth - 1)) & 255)
    if colour == COLOUR and depth == 16:
        return struct.pack(">3H", *(value >> 8 for value in struct.unpack_from(">3H", body)))
    return body


def read_header(data: bytes) -> Header:
    """Read the chunks of a PNG without decoding them.

    An animated PNG is read by its default picture.
    Source: PNG third edition, 5 and 11.
    """
    width, height, depth, colour = struct.unpack_from(">IIBB", data, len(SIGNATURE) + 8)
    content = bytearray(SIGNATURE)
    frames, orientation = 1, 1
    for chunk in _chunks(data):
        if chunk.kind in KEPT:
            chunk.check()
        if chunk.kind == b"tRNS":
            content += _written(b"tRNS", _transparent(depth, colour, bytes(chunk.body)))
        elif chunk.kind in KEPT:
            content += chunk.whole
        elif chunk.kind == b"acTL":
            (frames,) = struct.unpack_from(">I", chunk.body)
        elif chunk.kind == b"eXIf":
            orientation = orientation_of(bytes(chunk.body))
    content += _written(b"IEND", b"")
    return Header(((width, height),), bytes(content), frames, orientation)
