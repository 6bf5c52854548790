"""Annotated copies of photos: boxes, landmarks and names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vultus.cli.output import whole_file, writing
from vultus.domain.face import Detection
from vultus.domain.image import Image

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from PIL.ImageDraw import ImageDraw

KNOWN, UNSURE, UNKNOWN = "#2e9e5b", "#d98e04", "#c8402f"
PLAIN = "#2f6fc8"
JPEG_QUALITY = 90


@dataclass(frozen=True, slots=True)
class Mark:
    """What to draw at a face, in pixels of the file."""

    detection: Detection
    label: str
    colour: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """A folder of annotated photos; `read` decodes a photo upright."""

    folder: Path
    read: Callable[[Path], Image]

    def write(self, photo: Path, marks: Sequence[Mark]) -> Path:
        """Write a copy of `photo` with its marks, as JPEG under a name that is still free.

        Raises:
            ImageRefused: the photo cannot be read.
            FileUnwritable: the folder takes no picture.
        """
        picture = annotate(self.read(photo), marks)
        with writing(self.folder):
            target = _free_name(self.folder, photo.stem)
        with whole_file(target) as file:
            picture.save(file, format="JPEG", quality=JPEG_QUALITY)
        return target


def annotate(image: Image, marks: Sequence[Mark]) -> "Picture":
    """Draw `marks` on a copy of `image`."""
    from PIL import Image as pillow
    from PIL import ImageDraw

    picture = pillow.fromarray(image.rgb)
    canvas = ImageDraw.Draw(picture)
    stroke_px = max(round(max(picture.size) / 400), 2)
    for mark in marks:
        _draw(canvas, mark, mark.detection.scaled(1 / image.shrink), stroke_px)
    return picture


def _draw(canvas: "ImageDraw", mark: Mark, found: Detection, stroke_px: int) -> None:
    canvas.rectangle(found.box.xyxy, outline=mark.colour, width=stroke_px)
    for x, y in found.landmarks.points:
        canvas.circle((float(x), float(y)), stroke_px, fill=mark.colour)
    if mark.label:
        _write(canvas, mark, found, stroke_px)


def _write(canvas: "ImageDraw", mark: Mark, found: Detection, stroke_px: int) -> None:
    from PIL import ImageFont

    font = ImageFont.load_default(size=8 * stroke_px)
    left, top, right, bottom = canvas.textbbox((0, 0), mark.label, font=font)
    pad_px = 2 * stroke_px
    height_px = bottom - top + 2 * pad_px
    width_px = right - left + 2 * pad_px
    x = max(min(found.box.x1, canvas.im.size[0] - width_px), 0)
    y = found.box.y1 - height_px
    y = y if y >= 0 else min(found.box.y2, canvas.im.size[1] - height_px)
    canvas.rectangle((x, y, x + width_px, y + height_px), fill=mark.colour)
    canvas.text((x + pad_px - left, y + pad_px - top), mark.label, fill="white", font=font)


def _free_name(folder: Path, stem: str) -> Path:
    target, number = folder / f"{stem}.jpg", 1
    while target.exists():
        number += 1
        target = folder / f"{stem}-{number}.jpg"
    return target
