"""Images inside JSON: as base64, as clients of other systems write it, or as data: URLs."""

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from vultus.errors import ImageTooHeavy, RequestInvalid

DATA_URL = re.compile(r"data:[^,]*,", re.IGNORECASE | re.DOTALL)
WHITE = b" \t\r\n"
STRETCH = 65_536
URL_SAFE = bytes.maketrans(b"-_", b"+/")


def is_data_url(text: str) -> bool:
    """Whether an address carries its content itself."""
    return text[:5].lower() == "data:"


def image_of_base64(text: str, name: str, limit_bytes: int) -> bytes:
    """Decode base64 of either alphabet, with or without padding, or a data: URL.

    Args:
        text: what the client sent.
        name: of the field it was in.
        limit_bytes: most bytes of an image.

    Raises:
        RequestInvalid: it is no base64, or there is none.
        ImageTooHeavy: there is more of it than an image may have, told before decoding.
    """
    if is_data_url(text):
        return image_of_data_url(text, name, limit_bytes)
    return _decoded(text.encode("ascii", "replace"), name, limit_bytes)


def image_of_data_url(url: str, name: str, limit_bytes: int) -> bytes:
    """Take the content out of a data: URL (RFC 2397); arguments and errors as above."""
    head = DATA_URL.match(url)
    if head is None:
        raise RequestInvalid(name, "the data: URL has no comma before its content")
    length = len(url) - head.end()
    if length > 3 * (limit_bytes + 2):
        # A byte is three characters at most.
        raise ImageTooHeavy(length // 3, limit_bytes)
    if head[0].removesuffix(",").lower().endswith(";base64"):
        return _decoded(_unquoted(url, head.end()), name, limit_bytes)
    return bounded(_unquoted(url, head.end()), limit_bytes)


def _unquoted(url: str, start: int) -> bytes:
    """Take back the percent-encoding, a stretch at a time: each `%` makes an object of its own."""
    plain = bytearray()
    while start < len(url):
        end = start + STRETCH
        cut = url.rfind("%", end - 2, end)
        end = cut if cut > start else end
        plain += unquote_to_bytes(url[start:end])
        start = end
    return bytes(plain)


def _decoded(text: bytes, name: str, limit_bytes: int) -> bytes:
    # The name is given anew, so that no more than one copy is held.
    text = text.translate(URL_SAFE, delete=WHITE)
    if text[:1] in (b"", b"="):
        raise RequestInvalid(name, "there is no image")
    size_bytes = len(text.rstrip(b"=")) * 3 // 4
    if size_bytes > limit_bytes:
        raise ImageTooHeavy(size_bytes, limit_bytes)
    if missing := -len(text) % 4:
        text += b"=" * missing
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise RequestInvalid(name, "it is no base64") from error


def bounded(content: bytes, limit_bytes: int) -> bytes:
    """The same bytes, unless there are more than an image may have.

    Raises:
        ImageTooHeavy: there are.
    """
    if len(content) > limit_bytes:
        raise ImageTooHeavy(len(content), limit_bytes)
    return content
