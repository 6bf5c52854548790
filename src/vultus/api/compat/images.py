"""Images inside JSON: as base64, as clients of other systems write it, or as data: URLs."""

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from vultus.errors import ImageTooHeavy, RequestInvalid

DATA_URL = re.compile(r"data:[^,]*,", re.IGNORECASE | re.DOTALL)
WHITE = re.compile(r"[ \t\r\n]+")
URL_SAFE = str.maketrans("-_", "+/")


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
    return _decoded(text.encode("ascii", "replace").decode(), name, limit_bytes)


def image_of_data_url(url: str, name: str, limit_bytes: int) -> bytes:
    """Take the content out of a data: URL (RFC 2397); arguments and errors as above."""
    head = DATA_URL.match(url)
    if head is None:
        raise RequestInvalid(name, "the data: URL has no comma before its content")
    content = url[head.end() :]
    if len(content) > 3 * (limit_bytes + 2):
        # A byte is three characters at most.
        raise ImageTooHeavy(len(content) // 3, limit_bytes)
    plain = unquote_to_bytes(content)
    if head[0].removesuffix(",").lower().endswith(";base64"):
        return _decoded(plain.decode("ascii", "replace"), name, limit_bytes)
    return bounded(plain, limit_bytes)


def _decoded(text: str, name: str, limit_bytes: int) -> bytes:
    packed = WHITE.sub("", text).translate(URL_SAFE).rstrip("=")
    if not packed:
        raise RequestInvalid(name, "there is no image")
    if len(packed) * 3 // 4 > limit_bytes:
        raise ImageTooHeavy(len(packed) * 3 // 4, limit_bytes)
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
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
