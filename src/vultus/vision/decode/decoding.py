"""Bytes to pixels, in the order that keeps bad files cheap: weigh, name, measure, decode."""

import io
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import PIL.Image
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from vultus.domain.image import Image, Rgb
from vultus.errors import BrokenImage, ImageRefused
from vultus.vision.decode import avif, bmp, gif, heif, jpeg, png, tiff, webp
from vultus.vision.decode.exif import orientation_of, upright
from vultus.vision.decode.header import Header
from vultus.vision.decode.kinds import kind_of
from vultus.vision.decode.limits import DecodeLimits
from vultus.vision.decode.rgb import to_rgb

LONGEST_PROBLEM = 200


@dataclass(frozen=True, slots=True)
class _Format:
    read_header: Callable[[bytes], Header]
    open: Callable[[IO[bytes]], PIL.Image.Image]


# The classes rather than `PIL.Image.open`: that one tries decoders nobody asked for.
FORMATS = {
    "AVIF": _Format(avif.read_header, AvifImageFile),
    "BMP": _Format(bmp.read_header, BmpImageFile),
    "GIF": _Format(gif.read_header, GifImageFile),
    "HEIC": _Format(heif.read_header, heif.open_heif),
    "JPEG": _Format(jpeg.read_header, JpegImageFile),
    "PNG": _Format(png.read_header, PngImageFile),
    "TIFF": _Format(tiff.read_header, TiffImageFile),
    "WebP": _Format(webp.read_header, WebPImageFile),
}


def decode(data: bytes, limits: DecodeLimits, long_side_px: int | None = None) -> Image:
    """Decode the first picture of a file, upright, on white where it is transparent.

    Args:
        data: the bytes of a JPEG, PNG, WebP, AVIF, HEIC, GIF, BMP or TIFF.
        limits: what is refused before anything is decoded.
        long_side_px: a JPEG may be decoded at 1/2, 1/4 or 1/8 of its size, as long as its longer
            side keeps this many pixels; that is faster than decoding all and shrinking.

    Raises:
        ImageRefused: the subclass says why.
    """
    limits.check_bytes(len(data))
    kind = kind_of(data)
    with _blamed_on(kind):
        header = FORMATS[kind].read_header(data)
        _check(header, limits)
        rgb, shrink, orientation = _pixels(FORMATS[kind], header, limits, long_side_px)
        return Image(upright(rgb, orientation), shrink)


@contextmanager
def _blamed_on(kind: str) -> Iterator[None]:
    """Turn whatever a reader or decoder raises into a refusal: damaged bytes raise anything."""
    try:
        yield
    except ImageRefused:
        raise
    except (IndexError, EOFError, OverflowError, struct.error) as error:
        raise BrokenImage(kind, "it ends too early, or its parts do not fit together") from error
    except Exception as error:
        problem = str(error).strip() or type(error).__name__
        raise BrokenImage(kind, problem[:LONGEST_PROBLEM].rstrip(".")) from error


def _check(header: Header, limits: DecodeLimits) -> None:
    if not header.sizes or any(0 in size for size in header.sizes):
        raise ValueError("it has no pixels")
    for width, height in header.sizes:
        limits.check_size(width, height)
    limits.check_frames(header.frames)


def _pixels(
    form: _Format, header: Header, limits: DecodeLimits, long_side_px: int | None
) -> tuple[Rgb, int, int]:
    """Decode what the header left: pixels as stored, how often they shrank, their orientation."""
    image = form.open(io.BytesIO(header.content))
    limits.check_size(*image.size)
    shrink = 1
    if long_side_px and isinstance(image, JpegImageFile):
        shrink = jpeg.shrink_for(image.size, long_side_px)
        image.draft(None, (image.width // shrink, image.height // shrink))
    image.load()
    if isinstance(image, JpegImageFile):
        jpeg.check_whole(image, header.content)
    exif = image.info.get("exif")
    orientation = orientation_of(exif) if exif else header.orientation
    return to_rgb(image, header.negative), shrink, orientation
