import os
import pickle
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from torch_files import (
    MACHINE,
    MAGIC,
    PROTOCOL_2,
    STOP,
    VERSION,
    assemble,
    ordered,
    storage,
    tensor,
    text,
    torch_file,
)
from vultus.errors import ImportFailed
from vultus.models.packs.importers.torch_pickle import read_torch_pickle

ONE = np.arange(6, dtype=np.float32).reshape(2, 3)
TWO = np.arange(24, dtype=np.float32).reshape(2, 3, 4).transpose(2, 0, 1)
FILE = torch_file({"one.weight": ONE, "two.weight": TWO})


def test_every_tensor_is_read_by_name_and_whatever_its_strides_are() -> None:
    tensors = read_torch_pickle(FILE, "net.pt")
    assert list(tensors) == ["one.weight", "two.weight"]
    np.testing.assert_array_equal(tensors["one.weight"], ONE)
    np.testing.assert_array_equal(tensors["two.weight"], TWO)


def test_the_published_weights_are_read_as_torch_reads_them(
    artifact: Callable[[str], bytes],
) -> None:
    weight = read_torch_pickle(artifact("pnet"), "pnet.pt")["conv1.weight"]
    assert weight.shape == (10, 3, 3, 3)
    # torch.load of torch 2.13.
    np.testing.assert_allclose(weight[2, 1, 0], [0.644140, 0.268567, 0.331961], atol=1e-6)
    np.testing.assert_allclose(weight[2, 1, 2], [0.563415, 0.094966, 0.314662], atol=1e-6)


class Attack:
    """Pickles into a call."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self.call


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
@pytest.mark.parametrize("function", [os.mkdir, os.system, eval, exec])
def test_a_pickle_that_calls_a_function_is_refused_and_nothing_is_called(
    function: Callable[..., Any], protocol: int, place: int, tmp_path: Path
) -> None:
    canary = tmp_path / "called"
    argument = {
        os.mkdir: str(canary),
        os.system: f"touch {canary}",
        eval: f"__import__('os').mkdir({str(canary)!r})",
        exec: f"open({str(canary)!r}, 'w')",
    }[function]
    pickles = [MAGIC, VERSION, MACHINE, PROTOCOL_2 + ordered(b"") + STOP, pickle.dumps([], 2)]
    nested = {"a": [Attack(function, argument)]}
    pickles[place] = pickle.dumps(nested, protocol)
    with pytest.raises(ImportFailed):
        read_torch_pickle(b"".join(pickles), "net.pt")
    assert not canary.exists()


A = tensor("key0", 6, (6,), (1,))


def test_the_programs_below_are_right_but_for_what_they_test() -> None:
    program = ordered(text("a") + A)
    tensors = read_torch_pickle(assemble(program, ["key0"], [storage(ONE)]), "net.pt")
    np.testing.assert_array_equal(tensors["a"], ONE.ravel())


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (b"cos\nsystem\n", "asks for 'os system'"),
        (b"cbuiltins\neval\n", "asks for 'builtins eval'"),
        (b"ctorch\nload\n", "asks for 'torch load'"),
        (b"cposix\nsystem\n" + text("true") + b"\x85R", "asks for 'posix system'"),
        (text("os") + text("system") + b"\x93", "uses STACK_GLOBAL"),
        (b"(" + text("true") + b"ios\nsystem\n", "uses INST"),
        (b"\x82\x01", "uses EXT1"),
        (b"ccollections\nOrderedDict\n)\x81", "uses NEWOBJ"),
        (b"\x95" + b"\xff" * 8, "uses FRAME"),
        (b"Nr\xff\xff\xff\x7f", "uses LONG_BINPUT"),
        (b"\x8e" + b"\xff" * 7 + b"\x7f", "bytes8"),
        (b"N" + b"\x85" * 20_000, "too large"),
        (b"}" + b"N" + b"\x85" * 10_000 + b"Ns", "has no name"),
        (b"\x85", "describes no weights"),
        (b"Q", "describes no weights"),
        (b"NQ", "describes no weights"),
        (b"NNR", "describes no weights"),
        (b"]", "describes no weights"),
        (ordered(b"NN"), "has no name"),
        (ordered(text("a") + b"N"), "describes no weights"),
        (ordered(text("a") + A.replace(b"FloatStorage", b"LongStorage")), "asks for"),
        (ordered(text("a") + A.replace(b"ctorch\nFloatStorage\n", text("float64"))), "32-bit"),
    ],
)
def test_a_pickle_that_does_more_than_describe_weights_is_refused(
    program: bytes, reason: str
) -> None:
    with pytest.raises(ImportFailed, match=reason):
        read_torch_pickle(assemble(program, ["key0"], [storage(ONE)]), "net.pt")


@pytest.mark.parametrize("target", ["collections\nOrderedDict", "torch._utils\n_rebuild_tensor_v2"])
@pytest.mark.parametrize("slots", [b"N", b""])
def test_a_pickle_cannot_change_the_classes_that_it_names(target: str, slots: bytes) -> None:
    before = dict(vars(OrderedDict))
    state = b"}(" + text("items") + text("changed") + b"u"
    build = f"c{target}\n".encode() + slots + state + (b"\x86" if slots else b"") + b"b"
    with pytest.raises(ImportFailed):
        read_torch_pickle(assemble(build, ["key0"], [storage(ONE)]), "net.pt")
    assert dict(vars(OrderedDict)) == before
    assert list(read_torch_pickle(FILE, "net.pt")) == ["one.weight", "two.weight"]


@pytest.mark.parametrize(
    ("shape", "strides", "offset"),
    [
        ((7,), (1,), 0),
        ((6,), (1,), 1),
        ((2,), (6,), 0),
        ((2,), (-1,), 0),
        ((6,), (1,), -1),
        ((-2, -3), (3, 1), 0),
        ((2, 3), (1,), 0),
        ((10**12,), (0,), 0),
        ((2,), (2**62,), 0),
        ((1,), (1,), 2**62),
        ((1,) * 100, (1,) * 100, 0),
    ],
)
def test_a_tensor_that_reaches_beyond_its_storage_is_refused(
    shape: tuple[int, ...], strides: tuple[int, ...], offset: int
) -> None:
    program = ordered(text("a") + tensor("key0", 6, shape, strides, offset))
    with pytest.raises(ImportFailed):
        read_torch_pickle(assemble(program, ["key0"], [storage(ONE)]), "net.pt")


@pytest.mark.parametrize("count", [0, -1, 5, 7, 2**40, 2**62])
def test_a_storage_that_claims_another_size_is_refused(count: int) -> None:
    program = ordered(text("a") + A)
    lying = count.to_bytes(8, "little", signed=True) + storage(ONE)[8:]
    with pytest.raises(ImportFailed):
        read_torch_pickle(assemble(program, ["key0"], [lying]), "net.pt")


def test_a_tensor_without_its_storage_is_refused() -> None:
    with pytest.raises(ImportFailed):
        read_torch_pickle(assemble(ordered(text("a") + A), [], []), "net.pt")


def test_a_file_cut_anywhere_is_refused() -> None:
    for size in range(len(FILE)):
        with pytest.raises(ImportFailed):
            read_torch_pickle(FILE[:size], "net.pt")


def test_a_file_with_more_behind_it_is_refused() -> None:
    with pytest.raises(ImportFailed, match="follow"):
        read_torch_pickle(FILE + b"\0", "net.pt")


@given(st.data())
def test_a_damaged_file_gives_float_arrays_or_is_refused(data: st.DataObject) -> None:
    damaged = bytearray(FILE)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(FILE) - 1))] = data.draw(st.integers(0, 255))
    try:
        tensors = read_torch_pickle(bytes(damaged), "net.pt")
    except ImportFailed:
        return
    assert all(tensor.dtype == np.float32 for tensor in tensors.values())


@given(st.binary(max_size=200))
def test_noise_is_refused(data: bytes) -> None:
    with pytest.raises(ImportFailed):
        read_torch_pickle(data, "net.pt")
