import struct
import zipfile
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from vultus.errors import InvalidValue
from vultus.gallery.archive.arrays import read_arrays, write_arrays

MANY = 10**8


@given(
    arrays.arrays(
        st.sampled_from([np.float32, np.int64, np.uint8, np.dtype("U3")]),
        arrays.array_shapes(min_dims=0, min_side=0),
    )
)
def test_what_is_written_is_read(array: np.ndarray) -> None:
    read = read_arrays(BytesIO(write_arrays({"x": array})), MANY)["x"]
    assert read.dtype == array.dtype
    np.testing.assert_array_equal(read, array)


def test_files_of_numpy_itself_are_read() -> None:
    file = BytesIO()
    columns = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    np.savez_compressed(file, a=columns, b=np.array("text"))
    read = read_arrays(BytesIO(file.getvalue()), MANY)
    np.testing.assert_array_equal(read["a"], columns)
    assert str(read["b"]) == "text"


def npz(header: dict, data: bytes = b"", kind: int = zipfile.ZIP_STORED) -> BytesIO:
    text = repr(header).encode()
    file = BytesIO()
    with zipfile.ZipFile(file, "w", kind) as archive:
        content = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data
        archive.writestr("x.npy", content)
    return file


HEADER = {"descr": "<f4", "fortran_order": False, "shape": (2,)}


@pytest.mark.parametrize(
    "file",
    [
        BytesIO(b"no npz"),
        BytesIO(),
        npz(HEADER | {"descr": "|O"}, b"cos\nsystem\n(S'id'\ntR."),
        npz(HEADER | {"shape": (10**15,)}, bytes(8)),
        npz(HEADER | {"shape": (-1,)}, bytes(8)),
        npz(HEADER, bytes(7)),
        npz(HEADER | {"descr": "nonsense"}, bytes(8)),
        npz({"shape": (2,)}, bytes(8)),
        npz(HEADER, bytes(8), zipfile.ZIP_BZIP2),
    ],
)
def test_what_is_no_array_is_refused(file: BytesIO) -> None:
    with pytest.raises(InvalidValue):
        read_arrays(file, MANY)


def test_arrays_beyond_the_bound_are_not_unpacked() -> None:
    file = BytesIO()
    np.savez_compressed(file, x=np.zeros(10**6))
    assert len(file.getvalue()) < 10_000
    with pytest.raises(InvalidValue, match="more than 1,000,000 bytes"):
        read_arrays(file, 10**6)


@given(st.integers(0, 400), st.integers(1, 255))
def test_no_single_changed_byte_goes_unnoticed(place: int, change: int) -> None:
    whole = bytearray(write_arrays({"x": np.arange(40, dtype=np.float32)}))
    whole[place % len(whole)] ^= change
    try:
        read = read_arrays(BytesIO(bytes(whole)), MANY)
    except InvalidValue:
        return
    # Fields that nobody reads, as a date, may differ.
    np.testing.assert_array_equal(next(iter(read.values())), np.arange(40, dtype=np.float32))
