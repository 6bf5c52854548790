"""Bytes that do not become an image."""

from dataclasses import dataclass

from vultus.errors.base import VultusError


class ImageRefused(VultusError):
    """Bytes that do not become an image."""

    code = "image_refused"


@dataclass(eq=False)
class ImageTooHeavy(ImageRefused):
    """More bytes than allowed."""

    code = "image_too_heavy"
    sentence = (
        "The image has {size_bytes:,} bytes; the limit is {limit_bytes:,}. "
        "Send a smaller file, or raise decode.max_bytes."
    )
    size_bytes: int
    limit_bytes: int


@dataclass(eq=False)
class ImageTooLarge(ImageRefused):
    """More pixels than allowed, told from the header before decoding."""

    code = "image_too_large"
    sentence = (
        "The image has {pixels:,} pixels; the limit is {limit:,}. "
        "Shrink it, or raise decode.max_pixels."
    )
    pixels: int
    limit: int


@dataclass(eq=False)
class ImageSideTooLong(ImageRefused):
    """One side longer than allowed, told from the header before decoding."""

    code = "image_side_too_long"
    sentence = (
        "One side of the image has {side_px:,} pixels; the limit is {limit_px:,}. "
        "Shrink it, or raise decode.max_side_px."
    )
    side_px: int
    limit_px: int


@dataclass(eq=False)
class TooManyFrames(ImageRefused):
    """An animation with more frames than allowed."""

    code = "too_many_frames"
    sentence = (
        "The image has {frames:,} frames; the limit is {limit:,}. "
        "Send a still picture, or raise decode.max_frames."
    )
    frames: int
    limit: int


@dataclass(eq=False)
class UnsupportedImage(ImageRefused):
    """Content that is not one of the kinds that are read."""

    code = "unsupported_image"
    sentence = (
        "This is {kind}, which is not read. Send JPEG, PNG, WebP, AVIF, HEIC, GIF, BMP or TIFF."
    )
    kind: str


@dataclass(eq=False)
class BrokenImage(ImageRefused):
    """An image of a known kind that is damaged."""

    code = "broken_image"
    sentence = "The {kind} image is damaged: {problem}. Save it again from its source."
    kind: str
    problem: str


@dataclass(eq=False)
class ImageNotFound(ImageRefused):
    """A path at which no file can be read."""

    code = "image_not_found"
    sentence = "No image can be read at {path}: {problem}."
    path: str
    problem: str
