"""Images that clients of other systems post: in parts of a form, or in fields of JSON."""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from python_multipart.multipart import parse_options_header

from vultus.api.compat.images import bounded, image_of_base64
from vultus.api.json_body import read_object
from vultus.api.multipart import parts_of
from vultus.errors import RequestInvalid

FIRST_LINE = re.compile(rb"(?:\r\n)*--([^\r\n]{1,70})\r\n")
MOST_PARTS = 16
"""No client sends more than a few."""
FORM, JSON = b"multipart/form-data", b"application/json"


@dataclass(frozen=True, slots=True, eq=False)
class PostedImages:
    """The body of a request as it came, and what it says it is."""

    body: bytes
    content_type: str
    limit_bytes: int

    def images(self, *names: str) -> list[bytes]:
        """The images of the parts or fields with these names; for a thread, as it may take long.

        Raises:
            RequestInvalid: it is neither a form nor JSON, or one of them is missing.
            ImageTooHeavy: one has more bytes than allowed.
        """
        kind, options = parse_options_header(self.content_type)
        if kind == FORM:
            parts = self._parts(options.get(b"boundary") or self._boundary())
            return [bounded(_wanted(parts, name), self.limit_bytes) for name in names]
        if kind != JSON:
            raise RequestInvalid(
                "content-type", "multipart/form-data or application/json is needed"
            )
        fields = read_object(self.body)
        return [image_of_base64(text_of(fields, name), name, self.limit_bytes) for name in names]

    def _boundary(self) -> bytes:
        """That of the body itself: the JavaScript client does not name it for a Buffer."""
        first = FIRST_LINE.match(self.body)
        if first is None:
            raise RequestInvalid("content-type", "it names no boundary")
        return first[1]

    def _parts(self, boundary: bytes) -> dict[str, bytes]:
        count = itertools.count(1)

        def check(name: str) -> None:
            if next(count) > MOST_PARTS:
                raise RequestInvalid(name[:100] or "part", "there are too many parts")

        # The first of a name counts.
        return dict(reversed(parts_of(self.body, boundary, check)))


def text_of(fields: Mapping[str, Any], name: str) -> str:
    """A field that is text.

    Raises:
        RequestInvalid: it is missing, or something else.
    """
    value = fields.get(name)
    if not isinstance(value, str):
        raise RequestInvalid(name, "it is missing" if value is None else "text is needed")
    return value


def _wanted(parts: Mapping[str, bytes], name: str) -> bytes:
    if not parts.get(name):
        raise RequestInvalid(name, "it is missing, or empty")
    return parts[name]
