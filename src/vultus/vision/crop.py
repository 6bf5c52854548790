"""The part of an image that shows one face, as a small file."""

from io import BytesIO

from PIL import Image as pillow

from vultus.domain.face import Box
from vultus.domain.image import Image

MARGIN = 0.5
"""Kept around a face on each side, as a share of its width and height: enough to find it again."""
JPEG_QUALITY = 92


def crop_jpeg(image: Image, box: Box) -> bytes:
    """Cut `box`, in pixels of the file, with its surroundings out of an image, as JPEG."""
    found = box.scaled(1 / image.shrink)
    across, down = MARGIN * found.width, MARGIN * found.height
    height_px, width_px = image.rgb.shape[:2]
    left, right = max(int(found.x1 - across), 0), min(int(found.x2 + across) + 1, width_px)
    top, bottom = max(int(found.y1 - down), 0), min(int(found.y2 + down) + 1, height_px)
    file = BytesIO()
    pillow.fromarray(image.rgb[top:bottom, left:right]).save(file, "JPEG", quality=JPEG_QUALITY)
    return file.getvalue()
