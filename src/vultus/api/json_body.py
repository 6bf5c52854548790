"""JSON of requests, read in bounded memory.

Two bytes of JSON, as in `[[],[]]`, become an object of sixty. So the signs that make objects are
counted before anything is read, which takes no memory.
"""

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

Numbers = NDArray[np.float64]


def read_object(body: bytes, *rows: str) -> dict[str, Any]:
    """Read a JSON object; the values of the names in `rows` are given as arrays of numbers.

    Such an array is (N, D) for a list of rows and (N,) for a plain list. Of a name that comes twice
    the last is meant.

    Raises:
        RequestInvalid: it is no JSON object, or too much of one.
        InvalidValue: rows have not equally many numbers.
    """
    read = _read(body, MOST_ROWS if rows else 0, MOST_OF_ALL if rows else 0)
    if not isinstance(read, dict):
        raise RequestInvalid("body", "a JSON object is needed")
    arrays = {name: _numbers(name, read[name]) for name in rows if isinstance(read.get(name), list)}
    return read | arrays


def read_json(body: bytes) -> Any:
    """Read JSON of any kind; errors as for `read_object`."""
    return _read(body, 0, 0)


def _read(body: bytes, lists: int, numbers: int) -> Any:
    """Read JSON that has so many lists and numbers at most, beside MOST_VALUES of any kind."""
    if _made_of(body) > MOST_VALUES + lists or body.count(b",") > MOST_VALUES + lists + numbers:
        raise RequestInvalid("body", f"it has more than {MOST_VALUES} values")
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError:
        raise RequestInvalid("body", "it is no JSON") from None


def _made_of(body: bytes) -> int:
    """How many lists, objects and texts are in it at most."""
    return body.count(b"[") + body.count(b"{") + body.count(b'"') // 2


def _numbers(name: str, said: list[Any]) -> Numbers:
    if not said or not isinstance(said[0], list):
        return np.frombuffer(_row(name, said))
    if len(said) > MOST_ROWS:
        raise RequestInvalid(name, f"at most {MOST_ROWS} rows are taken")
    numbers = array("d")
    for each in said:
        row = _row(name, each)
        if len(row) != len(said[0]):
            raise InvalidValue(name, "they are no rows of equally many numbers")
        numbers += row
    if len(numbers) > MOST_OF_ALL:
        raise RequestInvalid(name, f"at most {MOST_OF_ALL} numbers are taken")
    return np.frombuffer(numbers).reshape(len(said), -1)


def _row(name: str, said: Any) -> "array[float]":
    if not isinstance(said, list) or not 0 < len(said) <= MOST_NUMBERS:
        raise RequestInvalid(name, f"rows of 1 to {MOST_NUMBERS} numbers are needed")
    if not {*map(type, said)} <= {int, float}:
        raise RequestInvalid(name, "numbers are needed")
    try:
        return array("d", said)
    except OverflowError:
        raise RequestInvalid(name, "a number is too large") from None
