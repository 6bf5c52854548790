"""What a file is, is told from its content."""

import io
import zipfile

import numpy as np
import pytest

from image_files import encoded, quarters
from vultus.errors import UnsupportedImage
from vultus.vision.decode import DecodeLimits, decode
from vultus.vision.decode.kinds import kind_of

LIMITS = DecodeLimits(2**20, 2_000_000, 4096, 10)


def brands(*names: bytes) -> bytes:
    return (
        (12 + 4 * len(names)).to_bytes(4, "big")
        + b"ftyp"
        + names[0]
        + bytes(4)
        + b"".join(names[1:])
    )


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("face.jpg", encoded(quarters(), "JPEG"))
    return buffer.getvalue()


def saved_array() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.zeros(3))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("JPEG", "JPEG"),
        ("PNG", "PNG"),
        ("WEBP", "WebP"),
        ("AVIF", "AVIF"),
        ("HEIC", "HEIC"),
        ("GIF", "GIF"),
        ("BMP", "BMP"),
        ("TIFF", "TIFF"),
    ],
)
def test_every_kind_that_is_read_is_known_by_its_first_bytes(form: str, kind: str) -> None:
    assert kind_of(encoded(quarters(), form)) == kind


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ([b"mif1", b"mif1", b"heic"], "HEIC"),
        ([b"mif1", b"mif1", b"avif"], "AVIF"),
        ([b"mif1", b"miaf"], "HEIC"),
        ([b"heic", b"mif1", b"avif"], "HEIC"),
        ([b"avis", b"msf1"], "AVIF"),
    ],
)
def test_heic_and_avif_are_told_apart_by_their_brands(names: list[bytes], kind: str) -> None:
    assert kind_of(brands(*names)) == kind


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "an empty file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a drawing -->\n<svg/>", "an SVG drawing"),
        (b"<?xml version='1.0'?><rss/>", "an XML document"),
        (b"\n\n<!DOCTYPE HTML><title>404</title>", "an HTML page"),
        (b"<html><img src='face.jpg'></html>", "an HTML page"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF document"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "a PostScript document"),
        (b"data:image/jpeg;base64,/9j/4AAQ", "a data URL rather than the bytes of an image"),
        (b"/9j/4AAQSkZJRgABAQ", "text"),
        ("Ä face, ".encode() * 200, "text"),
        (b"BMW is a maker of cars", "text"),
        (zipped(), "a ZIP archive"),
        (saved_array(), "a numpy array"),
        (brands(b"isom", b"mp42"), "an MP4 or QuickTime video"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "a sound"),
        (bytes(range(256)), "an unknown kind of file"),
        (b"\xff\xd8", "an unknown kind of file"),
        (bytes(1000), "an unknown kind of file"),
    ],
)
def test_what_is_no_image_is_refused_by_its_name(data: bytes, kind: str) -> None:
    with pytest.raises(UnsupportedImage) as refusal:
        decode(data, LIMITS)

    assert refusal.value.kind == kind


def test_a_picture_with_something_else_behind_it_is_that_picture() -> None:
    plain = encoded(quarters(), "JPEG")

    both = decode(plain + zipped(), LIMITS).rgb

    assert np.array_equal(both, decode(plain, LIMITS).rgb)
