"""Torch files of the legacy format, written opcode by opcode as a test needs them."""

import pickle
import struct
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

PROTOCOL_2, STOP = b"\x80\x02", b"."
MAGIC = pickle.dumps(0x1950A86A20F9469CFC6C, 2)
VERSION = pickle.dumps(1001, 2)
MACHINE = pickle.dumps({"little_endian": True}, 2)


def torch_file(tensors: Mapping[str, NDArray[np.float32]]) -> bytes:
    """A file that holds these tensors, each in its own storage, strided as they are."""
    entries = b"".join(
        text(name) + tensor(f"key{number}", values.size, values.shape, strides_of(values))
        for number, (name, values) in enumerate(tensors.items())
    )
    keys = [f"key{number}" for number in range(len(tensors))]
    storages = [storage(values.ravel(order="K")) for values in tensors.values()]
    return assemble(ordered(entries), keys, storages)


def assemble(program: bytes, keys: list[str], storages: list[bytes]) -> bytes:
    """The five pickles, of which `program` is the body of the fourth, and the storages."""
    tensors = PROTOCOL_2 + program + STOP
    return b"".join([MAGIC, VERSION, MACHINE, tensors, pickle.dumps(keys, 2), *storages])


def ordered(entries: bytes) -> bytes:
    """An OrderedDict with these keys and values."""
    return b"ccollections\nOrderedDict\n)R(" + entries + b"u"


def tensor(
    key: str, count: int, shape: tuple[int, ...], strides: tuple[int, ...], offset: int = 0
) -> bytes:
    """A tensor over the storage `key`."""
    persistent = (
        b"(" + text("storage") + b"ctorch\nFloatStorage\n" + text(key) + text("cpu")
        + integer(count) + b"NtQ"
    )  # fmt: skip
    sizes = b"".join(b"(" + b"".join(map(integer, items)) + b"t" for items in (shape, strides))
    hooks = b"\x89ccollections\nOrderedDict\n)R"
    arguments = b"(" + persistent + integer(offset) + sizes + hooks + b"t"
    return b"ctorch._utils\n_rebuild_tensor_v2\n" + arguments + b"R"


def strides_of(values: NDArray[np.float32]) -> tuple[int, ...]:
    """Strides in elements."""
    return tuple(stride // values.itemsize for stride in values.strides)


def storage(values: NDArray[np.float32]) -> bytes:
    """A count and that many floats."""
    return struct.pack("<q", values.size) + values.astype("<f4").tobytes()


def text(value: str) -> bytes:
    """Push a string."""
    return b"X" + struct.pack("<I", len(value)) + value.encode()


def integer(value: int) -> bytes:
    """Push an integer of any size."""
    data = value.to_bytes(9, "little", signed=True)
    return b"\x8a" + bytes([len(data)]) + data
