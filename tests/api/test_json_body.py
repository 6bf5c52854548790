"""JSON of requests takes no more memory than is counted for it, whatever it is."""

import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hostile_bodies import json_bodies
from vultus.api.bodies import JSON_COSTS
from vultus.api.json_body import (
    MOST_NUMBERS,
    MOST_OF_ALL,
    MOST_ROWS,
    MOST_VALUES,
    read_json,
    read_object,
)
from vultus.errors import InvalidValue, RequestInvalid

texts = st.text(st.characters(codec="utf-8"))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=20,
)
finite = st.floats(-1e6, 1e6)


def without_infinity(value: Any) -> bool:
    return "Infinity" not in json.dumps(value)


@given(values.filter(without_infinity), st.booleans())
def test_any_json_is_read_as_it_was_written(value: Any, is_ascii: bool) -> None:
    written = json.dumps(value, ensure_ascii=is_ascii, indent=1).encode()
    assert read_json(written) == value


@given(st.dictionaries(texts, values).filter(without_infinity))
def test_any_object_is_read_as_it_was_written(value: dict[str, Any]) -> None:
    assert read_object(json.dumps(value).encode()) == value


@given(
    st.integers(1, 5).flatmap(
        lambda d: st.lists(st.lists(finite, min_size=d, max_size=d), min_size=1)
    )
)
def test_rows_become_an_array(rows: list[list[float]]) -> None:
    said = {"subject": {"name": '[["]'}, "templates": rows, "source": rows[0]}
    read = read_object(json.dumps(said, indent=2).encode(), "templates", "source")
    assert read["subject"] == said["subject"]
    assert np.array_equal(read["templates"], np.array(rows))
    assert np.array_equal(read["source"], np.array(rows[0]))


@given(st.binary(max_size=40) | st.text('{}[]":,0a\\ \n', max_size=40).map(str.encode))
def test_nothing_but_json_is_taken(body: bytes) -> None:
    try:
        expected = json.loads(body.decode(), parse_constant=int)
    except (ValueError, RecursionError):
        expected = None
    for read in (lambda: read_object(body), lambda: read_object(body, "a", "")):
        try:
            found = read()
        except RequestInvalid:
            assert not isinstance(expected, dict) or "a" in expected or "" in expected
        else:
            assert found == expected or any(isinstance(each, np.ndarray) for each in found.values())


@pytest.mark.parametrize(
    "rows",
    [
        *("[]", "[[]]", "[[1], 2]", '[["1"]]', "[[true]]", "[[null]]", "[[[1]]]", "[[NaN]]"),
        *("[[1}]", "[[1],]", "[[1]", "[[1", "[,[1]]", "[[1][2]]"),
        "[[1" + "0" * 400 + "]]",
        "[[" + "1," * MOST_NUMBERS + "1]]",
        "[" + "[1]," * MOST_ROWS + "[1]]",
    ],
)
def test_what_are_no_rows_is_refused(rows: str) -> None:
    with pytest.raises(RequestInvalid):
        read_object(f'{{"templates": {rows}}}'.encode(), "templates")


def test_rows_of_different_lengths_are_refused() -> None:
    with pytest.raises(InvalidValue, match="equally many"):
        read_object(b'{"templates": [[1, 2], [3]]}', "templates")


def test_only_so_many_values_are_taken() -> None:
    body = json.dumps({"ids": ["a"] * (MOST_VALUES - 4)}).encode()
    assert len(read_object(body)["ids"]) == MOST_VALUES - 4
    with pytest.raises(RequestInvalid, match="values"):
        read_object(json.dumps({"ids": ["a"] * MOST_VALUES}).encode())
    with pytest.raises(RequestInvalid):
        read_json(b"[" * 200_000)


SIZE_BYTES = 16 * 2**20


@pytest.mark.parametrize("name", json_bodies(1_000))
def test_a_hostile_body_takes_few_times_its_bytes(name: str) -> None:
    body = json_bodies(SIZE_BYTES)[name]
    most = JSON_COSTS * len(body) + 8 * MOST_OF_ALL
    assert peak_bytes(lambda: read_object(body, "templates")) < most


def peak_bytes(read: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        read()
    except RequestInvalid:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return peak
