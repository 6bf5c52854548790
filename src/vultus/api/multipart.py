"""The parts of a form, as `multipart/form-data` carries them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from vultus.errors import RequestInvalid

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks


def parts_of(body: bytes, boundary: bytes, check: Callable[[str], None]) -> list[tuple[str, bytes]]:
    """Read the parts in their order: name and content.

    Args:
        body: all of it.
        boundary: what stands between parts.
        check: told the name of each part before its content is read; raises to refuse it.

    Raises:
        RequestInvalid: it is no form, or ends within a part.
    """
    parts = _Parts(check)
    try:
        parser = MultipartParser(boundary, parts.callbacks)
        parser.write(body)
        parser.finalize()
    except FormParserError as error:
        raise RequestInvalid("body", f"it is no multipart: {error}") from None
    if parts.is_open:
        raise RequestInvalid("body", "it ends within a part")
    return parts.found


class _Parts:
    """What a parser finds."""

    def __init__(self, check: Callable[[str], None]) -> None:
        self.found: list[tuple[str, bytes]] = []
        self.is_open = False
        self._check = check
        self._field = b""
        self._value = b""
        self._name = ""
        self._content: list[bytes] = []

    @property
    def callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": lambda: self._check(self._name),
            "on_part_data": self._data,
            "on_part_end": self._end,
        }

    def _begin(self) -> None:
        self._name, self._content, self.is_open = "", [], True

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._field.lower() == b"content-disposition":
            name = parse_options_header(self._value)[1].get(b"name", b"")
            self._name = name.decode("utf-8", "replace")
        self._field, self._value = b"", b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._content.append(data[start:end])

    def _end(self) -> None:
        self.is_open = False
        # A single piece, which a body in memory gives, is not copied.
        self.found.append((self._name, b"".join(self._content)))
