"""Pixels of any mode that Pillow knows to RGB of 8 bits."""

from collections.abc import Callable

import numpy as np
import PIL.Image
from numpy.typing import NDArray
from PIL import ImageChops

from vultus.domain.image import Rgb
from vultus.errors import UnsupportedImage

BAND_PX = 2**17
"""Converted at a time: small enough that what is in between costs no memory to speak of."""

OPAQUE = frozenset({"1", "L", "P", "RGB", "CMYK", "YCbCr"})
TRANSLUCENT = frozenset({"LA", "La", "PA", "RGBA", "RGBa"})
DEEP = frozenset({"I;16", "I;16B", "I;16L", "I;16N"})
WHITE = (255, 255, 255)


def to_rgb(image: PIL.Image.Image, negative: bool) -> Rgb:
    """Give (H, W, 3) uint8 of a decoded image.

    What is transparent shows white. 16 bits are scaled to 8, not cut off. Colour profiles are left
    alone: the numbers in the file are taken for sRGB.

    Args:
        image: of any mode.
        negative: its samples mean the opposite of what Pillow takes them for.

    Raises:
        UnsupportedImage: a mode whose range of values is not known.
    """
    width, height = image.size
    convert = _conversion(image)
    rgb = np.empty((height, width, 3), np.uint8)
    rows = max(1, BAND_PX // width)
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        band = image.crop((0, top, width, bottom))
        rgb[top:bottom] = convert(band, negative)
    return rgb


def _conversion(image: PIL.Image.Image) -> Callable[[PIL.Image.Image, bool], NDArray[np.uint8]]:
    if image.mode in DEEP:
        return _scaled
    if image.mode in TRANSLUCENT or (image.mode in OPAQUE and image.has_transparency_data):
        return _on_white
    if image.mode in OPAQUE:
        return _plain
    raise UnsupportedImage(f"an image in colour mode {image.mode}")


def _plain(band: PIL.Image.Image, negative: bool) -> NDArray[np.uint8]:
    if negative:
        band = ImageChops.invert(band)
    return np.asarray(band if band.mode == "RGB" else band.convert("RGB"))


def _on_white(band: PIL.Image.Image, negative: bool) -> NDArray[np.uint8]:
    if band.mode == "La":
        band = band.convert("LA")
    band = band.convert("RGBA")
    under = PIL.Image.new("RGB", band.size, WHITE)
    under.paste(band, mask=band)
    return np.asarray(under)


def _scaled(band: PIL.Image.Image, negative: bool) -> NDArray[np.uint8]:
    samples = np.asarray(band)
    grey = (samples >> 8).astype(np.uint8)
    if negative:
        grey = ~grey
    if "transparency" in band.info:
        grey[samples == band.info["transparency"]] = 255
    return grey[..., np.newaxis]
