"""GIF: size, frames, and the file cut down to its first frame."""

import struct

from vultus.vision.decode.header import Header, Size

EXTENSION, IMAGE, END = 0x21, 0x2C, 0x3B
GRAPHIC_CONTROL = 0xF9


def _palette_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, position: int) -> int:
    while length := data[position]:
        position += length + 1
    return position + 1


class _Walk:
    """The blocks of a GIF, one after another.

    Source: GIF89a specification, 17 to 27.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        width, height, flags = struct.unpack_from("<HHB", data, 6)
        self.size: Size = (width, height)
        self.body = 13 + _palette_bytes(flags)
        self.control = b""
        self.first = b""
        self.frames = 0
        position = self.body
        try:
            while data[position] != END:
                position = self._block(position)
        except IndexError:
            if not self.frames:
                raise

    def _block(self, position: int) -> int:
        if self.data[position] == IMAGE:
            return self._image(position)
        if self.data[position] != EXTENSION:
            return position + 1
        end = _after_blocks(self.data, position + 2)
        if self.data[position + 1] == GRAPHIC_CONTROL and not self.frames:
            self.control = self.data[position:end]
        return end

    def _image(self, position: int) -> int:
        left, top, width, height, flags = struct.unpack_from("<4HB", self.data, position + 1)
        self.frames += 1
        if self.frames == 1:
            self.size = max(self.size[0], left + width), max(self.size[1], top + height)
            self.first = self.data[position:]
        end = _after_blocks(self.data, position + 11 + _palette_bytes(flags))
        if self.frames == 1:
            self.first = self.data[position:end]
        return end


def read_header(data: bytes) -> Header:
    """Read the blocks of a GIF without decoding them; its first frame is what is kept."""
    walk = _Walk(data)
    if not walk.frames:
        raise ValueError("it has no picture")
    content = data[: walk.body] + walk.control + walk.first + bytes([END])
    return Header((walk.size,), content, walk.frames)
