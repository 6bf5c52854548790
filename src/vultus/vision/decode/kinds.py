"""What a file is, told from its first bytes and never from its name."""

from codecs import getincrementaldecoder

from vultus.errors import UnsupportedImage

LOOK_BYTES = 1024
AVIF_BRANDS = frozenset({b"avif", b"avis"})
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
HEIF_BRANDS = frozenset({b"mif1", b"msf1"})
BMP_HEADERS = frozenset({12, 40, 52, 56, 64, 108, 124})

READ = (
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (0, b"GIF87a", "GIF"),
    (0, b"GIF89a", "GIF"),
    (8, b"WEBPVP8", "WebP"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"II+\0", "TIFF"),
    (0, b"MM\0+", "TIFF"),
)
"""Where which bytes stand in the kinds that are read."""

NOT_READ = (
    (0, b"%PDF-", "a PDF document"),
    (0, b"%!PS", "a PostScript document"),
    (0, b"8BPS", "a Photoshop document"),
    (0, b"\xff\x0a", "a JPEG XL image"),
    (4, b"JXL ", "a JPEG XL image"),
    (4, b"jP  ", "a JPEG 2000 image"),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 image"),
    (0, b"\0\0\1\0", "an icon"),
    (0, b"qoif", "a QOI image"),
    (128, b"DICM", "a DICOM image"),
    (0, b"\x93NUMPY", "a numpy array"),
    (0, b"PK\3\4", "a ZIP archive"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"\x1aE\xdf\xa3", "a Matroska or WebM video"),
    (4, b"ftyp", "an MP4 or QuickTime video"),
    (8, b"AVI ", "an AVI video"),
    (8, b"WAVE", "a sound"),
    (0, b"ID3", "a sound"),
)
"""Where which bytes stand in kinds that are refused by name."""

TEXTS = (
    ("<svg", "an SVG drawing"),
    ("<!doctype html", "an HTML page"),
    ("<html", "an HTML page"),
    ("<?xml", "an XML document"),
    ("data:image/", "a data URL rather than the bytes of an image"),
)


def kind_of(data: bytes) -> str:
    """Name the kind of image: JPEG, PNG, WebP, AVIF, HEIC, GIF, BMP or TIFF.

    Raises:
        UnsupportedImage: it is something else; says what, where that can be told.
    """
    if kind := _match(data, READ) or _branded(data) or _bitmap(data):
        return kind
    raise UnsupportedImage(_match(data, NOT_READ) or _text(data) or "an unknown kind of file")


def _match(data: bytes, table: tuple[tuple[int, bytes, str], ...]) -> str | None:
    return next((kind for start, magic, kind in table if data.startswith(magic, start)), None)


def _branded(data: bytes) -> str | None:
    """AVIF or HEIC: the first brand of the file that is one of theirs, else a general one."""
    if not data.startswith(b"ftyp", 4):
        return None
    end = min(int.from_bytes(data[:4], "big"), LOOK_BYTES)
    brands = [data[start : start + 4] for start in (8, *range(16, end, 4))]
    own = next((brand for brand in brands if brand in AVIF_BRANDS | HEIC_BRANDS), None)
    if own in AVIF_BRANDS:
        return "AVIF"
    return "HEIC" if own or not HEIF_BRANDS.isdisjoint(brands) else None


def _bitmap(data: bytes) -> str | None:
    is_bitmap = data.startswith(b"BM") and int.from_bytes(data[14:18], "little") in BMP_HEADERS
    return "BMP" if is_bitmap else None


def _text(data: bytes) -> str | None:
    if not data:
        return "an empty file"
    try:
        # Step by step, because the look may end inside a letter.
        text = getincrementaldecoder("utf-8-sig")().decode(data[:LOOK_BYTES])
    except UnicodeDecodeError:
        return None
    if not all(letter.isprintable() or letter.isspace() for letter in text):
        return None
    return next((kind for start, kind in TEXTS if start in text.lower()), "text")
