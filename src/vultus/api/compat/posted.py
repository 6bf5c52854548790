"""Images that clients of other systems post: in parts of a form, or in fields of JSON."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from vultus.api.compat.images import image_of_base64
from vultus.errors import ImageTooHeavy, RequestInvalid

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

FIRST_LINE = re.compile(rb"(?:\r\n)*--([^\r\n]{1,70})\r\n")
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
            return [_bounded(_wanted(parts, name), self.limit_bytes) for name in names]
        if kind != JSON:
            raise RequestInvalid(
                "content-type", "multipart/form-data or application/json is needed"
            )
        fields = object_of(self.body)
        return [image_of_base64(text_of(fields, name), name, self.limit_bytes) for name in names]

    def _boundary(self) -> bytes:
        """That of the body itself: the JavaScript client does not name it for a Buffer."""
        first = FIRST_LINE.match(self.body)
        if first is None:
            raise RequestInvalid("content-type", "it names no boundary")
        return first[1]

    def _parts(self, boundary: bytes) -> dict[str, bytes]:
        parts = _Parts()
        try:
            parser = MultipartParser(boundary, parts.callbacks)
            parser.write(self.body)
            parser.finalize()
        except MultipartParseError as error:
            raise RequestInvalid("body", f"it is no form: {error}") from None
        return parts.found


def object_of(body: bytes) -> Mapping[str, Any]:
    """A body that is an object of JSON.

    Raises:
        RequestInvalid: it is none.
    """
    read = json_of(body)
    if not isinstance(read, dict):
        raise RequestInvalid("body", "a JSON object is needed")
    return read


def json_of(body: bytes) -> Any:
    """A body that is JSON; errors as for `object_of`."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RequestInvalid("body", "it is no JSON") from error


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


def _bounded(image: bytes, limit_bytes: int) -> bytes:
    if len(image) > limit_bytes:
        raise ImageTooHeavy(len(image), limit_bytes)
    return image


@dataclass(slots=True)
class _Parts:
    """What a parser finds, by name; a part that does not end is not found."""

    found: dict[str, bytes] = field(default_factory=dict)
    _field: bytes = b""
    _value: bytes = b""
    _name: str = ""
    _content: bytearray = field(default_factory=bytearray)

    @property
    def callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
        }

    def _begin(self) -> None:
        self._name, self._content = "", bytearray()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._field.lower() == b"content-disposition":
            self._name = parse_options_header(self._value)[1].get(b"name", b"").decode("latin-1")
        self._field, self._value = b"", b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._content += data[start:end]

    def _end(self) -> None:
        self.found.setdefault(self._name, bytes(self._content))
