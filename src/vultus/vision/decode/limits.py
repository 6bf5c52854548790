"""How large an image may be, and how much memory decoding it may then take."""

from dataclasses import dataclass, fields

from vultus.errors import (
    ImageSideTooLong,
    ImageTooHeavy,
    ImageTooLarge,
    InvalidValue,
    TooManyFrames,
)

MOST_PIXELS = 89_478_485
"""Pillow warns of larger images on its own, whatever limit is asked for here."""

WEBP_TABLES_BYTES = 800 * 2**20
"""Lossless WebP may ask for 65,536 groups of Huffman tables, each of up to 12.4 KB."""

FILE_COPIES = 4
"""The file while it is reduced to one picture, and then inside a decoder."""

PIXEL_BYTES = 20
"""Per pixel: a decoder's planes, Pillow's pixels, and those given back."""


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """What is refused from the header, before any pixel is decoded.

    Attributes:
        max_bytes: of the file.
        max_pixels: width times height, at most 89,478,485.
        max_side_px: of the longer side.
        max_frames: of an animation or a document of several pages.
    """

    max_bytes: int
    max_pixels: int
    max_side_px: int
    max_frames: int

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) < 1:
                raise InvalidValue(field.name, "it must be at least 1")
        if self.max_pixels > MOST_PIXELS:
            raise InvalidValue("max_pixels", f"it must be at most {MOST_PIXELS:,}")

    @property
    def memory_bytes(self) -> int:
        """The most that one decoding may add to the process, whatever the input."""
        return WEBP_TABLES_BYTES + FILE_COPIES * self.max_bytes + PIXEL_BYTES * self.max_pixels

    def check_bytes(self, size_bytes: int) -> None:
        """Refuse a file that is too heavy."""
        if size_bytes > self.max_bytes:
            raise ImageTooHeavy(size_bytes, self.max_bytes)

    def check_size(self, width_px: int, height_px: int) -> None:
        """Refuse a picture with a side that is too long, or with too many pixels."""
        if max(width_px, height_px) > self.max_side_px:
            raise ImageSideTooLong(max(width_px, height_px), self.max_side_px)
        if width_px * height_px > self.max_pixels:
            raise ImageTooLarge(width_px * height_px, self.max_pixels)

    def check_frames(self, frames: int) -> None:
        """Refuse an animation that is too long."""
        if frames > self.max_frames:
            raise TooManyFrames(frames, self.max_frames)
