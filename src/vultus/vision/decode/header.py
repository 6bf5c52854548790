"""What a file says about its picture before anything is decoded."""

from dataclasses import dataclass

Size = tuple[int, int]
"""(width, height) in pixels."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a reader found out, and all that the decoder will get to see.

    Attributes:
        sizes: of everything that decoding makes room for: the picture, and where a format has
            them its tiles, its transparency and its previews.
        content: the file reduced to its first picture: no metadata, no further frames.
        frames: pictures in the file.
        orientation: 1 to 8, as EXIF counts: how the stored picture is turned.
        negative: the samples mean the opposite of what the decoder takes them for.
    """

    sizes: tuple[Size, ...]
    content: bytes
    frames: int = 1
    orientation: int = 1
    negative: bool = False
