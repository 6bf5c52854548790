"""JSON of requests, read in little more memory than it has bytes.

Two bytes of JSON, as in `[0,0,0]`, become an object of thirty. So rows of numbers are read one by
one into an array, and of everything else only so many values are taken.
"""

import re
from array import array
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic_core import from_json

from vultus.errors import InvalidValue, RequestInvalid

MOST_VALUES = 20_000
"""Most values of a body, beside rows of numbers."""
MOST_ROWS = 10_000
MOST_NUMBERS = 4_096
"""Most numbers of a row."""
MOST_OF_ALL = 2 * 1024 * 1024
"""Most numbers of all rows together: 4,096 templates of 512, or 10,000 of 200."""
LARGE_BYTES = 1024 * 1024
"""A value of more bytes is base64: it has no letters that take more memory than bytes."""
ROW_BYTES = 32 * MOST_NUMBERS

WHITE = re.compile(rb"[ \t\r\n]*+")
STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
PLAIN = re.compile(rb'[^"\[\]{},: \t\r\n]++')
"""A number, true, false or null."""
TOKEN = re.compile(b"(" + STRING.pattern + b")|" + PLAIN.pattern + rb"|([\[{])|([\]}])", re.DOTALL)
WIDE = re.compile(rb"\\u(?!00)")

Numbers = NDArray[np.float64]


def read_object(body: bytes, *rows: str) -> dict[str, Any]:
    """Read a JSON object; the values of the names in `rows` are given as arrays of numbers.

    Such an array is (N, D) for a list of rows and (N,) for a plain list. Of a name that comes twice
    the last is meant.

    Raises:
        RequestInvalid: it is no JSON object, or too much of one.
        InvalidValue: rows have not equally many numbers.
    """
    reader = _Reader(body)
    read = reader.fields(rows)
    reader.check_end()
    return read


def read_json(body: bytes) -> Any:
    """Read JSON of any kind; errors as for `read_object`."""
    reader = _Reader(body)
    read = reader.value("body")
    reader.check_end()
    return read


class _Reader:
    """Reads a body from its beginning to its end."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0
        self._values = 0

    def fields(self, rows: tuple[str, ...]) -> dict[str, Any]:
        self._take(b"{", "body", "a JSON object is needed")
        read: dict[str, Any] = {}
        while not self._has(b"}"):
            if read:
                self._take(b",")
            name = self.value("body")
            if not isinstance(name, str):
                raise _no_json()
            self._take(b":")
            numbers = name in rows and self._comes(b"[")
            read[name] = self._numbers(name) if numbers else self.value(name[:100])
        return read

    def value(self, name: str) -> Any:
        """Whatever comes next."""
        end = self._end(name)
        value = self._body[self._at : end]
        if len(value) > LARGE_BYTES and (not value.isascii() or _has_wide_letters(value)):
            raise RequestInvalid(name, "it is too much text")
        self._at = end
        return _read(value)

    def check_end(self) -> None:
        """See that nothing follows."""
        self._skip()
        if self._at != len(self._body):
            raise _no_json()

    def _end(self, name: str) -> int:
        """Where the next value ends; what has no end is told when it is read."""
        if self._comes(b'"'):
            end = self._body.find(b'"', self._at + 1)
            if self._body[end - 1 : end] != b"\\":
                # As a photo in base64 does: many times faster than the way below.
                self._count(name)
                return end + 1 or len(self._body)
        depth = 0
        for token in TOKEN.finditer(self._body, self._at):
            self._count(name)
            depth += (token[2] is not None) - (token[3] is not None)
            if depth <= 0:
                return token.end()
        return len(self._body)

    def _count(self, name: str) -> None:
        self._values += 1
        if self._values > MOST_VALUES:
            raise RequestInvalid(name, f"it has more than {MOST_VALUES} values")

    def _numbers(self, name: str) -> Numbers:
        start = self._at
        self._take(b"[")
        if not self._comes(b"["):
            self._at = start
            return np.frombuffer(self._row(name))
        numbers, count, width = array("d"), 0, 0
        while not self._has(b"]"):
            if count:
                self._take(b",")
            row = self._row(name)
            count, width = count + 1, width or len(row)
            if len(row) != width:
                raise InvalidValue(name, "they are no rows of equally many numbers")
            numbers += row
            if count > MOST_ROWS or len(numbers) > MOST_OF_ALL:
                problem = f"at most {MOST_ROWS} rows, and {MOST_OF_ALL} numbers, are taken"
                raise RequestInvalid(name, problem)
        return np.frombuffer(numbers).reshape(count, width)

    def _row(self, name: str) -> "array[float]":
        is_list = self._comes(b"[")
        end = self._body.find(b"]", self._at, self._at + ROW_BYTES) if is_list else -1
        numbers = _read(self._body[self._at : end + 1]) if end >= 0 else None
        if not isinstance(numbers, list) or not 0 < len(numbers) <= MOST_NUMBERS:
            raise RequestInvalid(name, f"rows of 1 to {MOST_NUMBERS} numbers are needed")
        if not {*map(type, numbers)} <= {int, float}:
            raise RequestInvalid(name, "numbers are needed")
        self._at = end + 1
        try:
            return array("d", numbers)
        except OverflowError:
            raise RequestInvalid(name, "a number is too large") from None

    def _skip(self) -> None:
        found = WHITE.match(self._body, self._at)
        self._at = found.end() if found else self._at

    def _comes(self, sign: bytes) -> bool:
        self._skip()
        return self._body.startswith(sign, self._at)

    def _has(self, sign: bytes) -> bool:
        """Take a sign if it is the next."""
        comes = self._comes(sign)
        self._at += comes
        return comes

    def _take(self, sign: bytes, where: str = "body", problem: str = "it is no JSON") -> None:
        if not self._has(sign):
            raise RequestInvalid(where, problem)


def _read(value: bytes) -> Any:
    try:
        return from_json(value, allow_inf_nan=False)
    except ValueError:
        raise _no_json() from None


def _has_wide_letters(value: bytes) -> bool:
    return b"\\u" in value and WIDE.search(value) is not None


def _no_json() -> RequestInvalid:
    return RequestInvalid("body", "it is no JSON")
