import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlib_files import STATE, integers, name, number_of
from vultus.errors import ImportFailed
from vultus.models.packs.importers.dlib_format import DlibReader


def reader(data: bytes) -> DlibReader:
    return DlibReader(data, "net.dat")


@given(st.lists(st.integers(-(2**63) + 1, 2**63 - 1)))
def test_integers_are_read_as_they_were_written(values: list[int]) -> None:
    whole = reader(integers(*values))
    whole.expect(*values)
    whole.expect_end()


@given(st.floats(width=32, min_value=-(2.0**99), max_value=2.0**99))
def test_floats_are_read_as_they_were_written(value: float) -> None:
    assert reader(number_of(value)).floats(1) == [value]


def test_a_tensor_is_refused_before_its_claimed_size_is_read() -> None:
    claim = name("fc_2") + integers(128, 256, 2, 2**40, 2**20, 1, 1)
    with pytest.raises(ImportFailed, match="values are expected"):
        reader(claim + bytes(100)).dense(256, 128)


def test_a_tensor_may_not_have_negative_sizes() -> None:
    claim = name("fc_2") + integers(2, 2, 2, -2, -2, 1, 1)
    with pytest.raises(ImportFailed, match="values are expected"):
        reader(claim + bytes(16)).dense(2, 2)


def test_a_tensor_may_not_hold_what_is_no_number() -> None:
    claim = name("fc_2") + integers(1, 1, 2, 1, 1, 1, 1)
    with pytest.raises(ImportFailed, match="not finite"):
        reader(claim + b"\xff" * 4).dense(1, 1)


@pytest.mark.parametrize("head", [0x00, 0x09, 0x10, 0x48, 0x8F])
def test_a_byte_that_begins_no_integer_is_refused(head: int) -> None:
    with pytest.raises(ImportFailed, match="begins no integer"):
        reader(bytes([head]) + bytes(16)).expect(0)


def test_an_integer_of_another_value_is_refused() -> None:
    with pytest.raises(ImportFailed, match="3 where 2 is expected, before byte 2"):
        reader(integers(3)).expect(2)


def test_another_name_is_refused() -> None:
    with pytest.raises(ImportFailed, match="'relu_' is expected"):
        reader(name("tanh_") + STATE).layer("relu_")


def test_a_flag_that_is_neither_is_refused() -> None:
    with pytest.raises(ImportFailed, match="flag"):
        reader(name("relu_") + b"112" + STATE[3:]).layer("relu_")


def test_a_number_beyond_32_bits_is_refused() -> None:
    with pytest.raises(ImportFailed, match="exponent"):
        reader(integers(1, 10_000)).floats(1)


def test_bytes_behind_the_end_are_refused() -> None:
    with pytest.raises(ImportFailed, match="follow"):
        reader(b"\0").expect_end()


@pytest.mark.parametrize("size", range(len(name("relu_") + STATE)))
def test_a_layer_cut_anywhere_is_refused(size: int) -> None:
    with pytest.raises(ImportFailed, match="too early"):
        reader((name("relu_") + STATE)[:size]).layer("relu_")
