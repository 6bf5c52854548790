"""JPEG: frame size, orientation, scans, and the file without its metadata."""

import io
import re
import struct

from PIL.JpegImagePlugin import JpegImageFile

from vultus.errors import UnsupportedImage
from vultus.vision.decode.exif import PREFIX, orientation_of
from vultus.vision.decode.header import Header, Size

MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd8\x01])")
START, END, SCAN = b"\xff\xd8", b"\xff\xd9", b"\xff\xda"
FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
JFIF, EXIF, ADOBE, COMMENT = 0xE0, 0xE1, 0xEE, 0xFE
METADATA = frozenset({*range(0xE0, 0xF0), COMMENT})
SEQUENTIAL = frozenset({0xC0, 0xC1})
PADDING = bytes(16)
"""The decoder looks that far ahead of what it decodes."""

UNDECODED = frozenset({127, 128})
"""What is left in every channel where nothing was decoded."""

MOST_SCANS = 100
"""A progressive photo has about ten. Each costs a pass over the whole picture, however short."""


class _Walk:
    """The segments of a JPEG, one after another, up to the end of its first picture.

    Source: ITU-T T.81, annex B.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.head = bytearray(START)
        self.seen: set[int] = set()
        self.exif = b""
        self.size: Size | None = None
        self.channels = 0
        self.scans = 0
        self.first_scan = self.end = len(data)
        self._walk()

    def _walk(self) -> None:
        position = len(START)
        while match := MARKER.search(self.data, position):
            marker, start = match[1][0], match.start()
            if match[0] == END:
                self.end = match.end()
                return
            (length,) = struct.unpack_from(">H", self.data, start + 2)
            position = start + 2 + length
            if match[0] == SCAN:
                self._scan(start)
            elif not self.scans:
                self._segment(marker, start, position)

    def _scan(self, start: int) -> None:
        self.first_scan = min(start, self.first_scan)
        self.scans += 1
        if self.scans > MOST_SCANS:
            raise ValueError(f"it has more than {MOST_SCANS} scans")

    def _segment(self, marker: int, start: int, end: int) -> None:
        if marker in FRAMES:
            self._frame(start)
        elif marker == EXIF and not self.exif and self.data.startswith(PREFIX, start + 4):
            self.exif = self.data[start + 4 : end]
        if marker not in METADATA or (marker in (JFIF, ADOBE) and marker not in self.seen):
            self.head += self.data[start:end]
        self.seen.add(marker)

    def _frame(self, start: int) -> None:
        bits, height, width, channels = struct.unpack_from(">BHHB", self.data, start + 4)
        if self.size is not None:
            raise ValueError("it has two frame headers")
        if bits != 8:
            raise UnsupportedImage(f"a JPEG of {bits}-bit samples")
        self.size, self.channels = (width, height), channels


def read_header(data: bytes) -> Header:
    """Read a JPEG up to the end of its first picture, without decoding it."""
    walk = _Walk(data)
    if walk.size is None or not walk.scans:
        raise ValueError("it has no picture")
    return Header(
        sizes=(walk.size,),
        content=bytes(walk.head) + data[walk.first_scan : walk.end],
        orientation=orientation_of(walk.exif),
        # Adobe stores inks inverted, and Pillow takes every file of four channels for Adobe's.
        negative=walk.channels == 4 and ADOBE not in walk.seen,
    )


def shrink_for(size: Size, long_side_px: int) -> int:
    """The most (1, 2, 4 or 8) that keeps the longer side at `long_side_px` or more."""
    longer, shorter = max(size), min(size)
    factors = (f for f in (8, 4, 2) if shorter >= f and longer >= f * long_side_px)
    return next(factors, 1)


def check_whole(image: JpegImageFile, content: bytes) -> None:
    """Refuse a decoded picture whose data stop early, although the file ends as it should.

    libjpeg paints what is missing grey and only warns, which Pillow does not pass on. Where the
    last row is that grey, the data are decoded again without the mark of their end: the decoder
    then waits for what is missing. In files of several scans, as progressive ones are, it would
    wait in any case; there the later scans only refine the whole picture.

    Raises:
        ValueError: the data stop early.
    """
    if not _ends_grey(image) or not _has_one_scan(content):
        return
    again = JpegImageFile(io.BytesIO(content.removesuffix(END) + PADDING))
    again.draft(None, (max(again.width // 8, 1), max(again.height // 8, 1)))
    try:
        again.load()
    except OSError as error:
        raise ValueError("its data stop before the picture is whole") from error


def _ends_grey(image: JpegImageFile) -> bool:
    last = image.crop((0, image.height - 1, *image.size))
    return all(UNDECODED.issuperset(band.getextrema()) for band in last.split())


def _has_one_scan(content: bytes) -> bool:
    walk = _Walk(content)
    return walk.scans == 1 and not SEQUENTIAL.isdisjoint(walk.seen)
