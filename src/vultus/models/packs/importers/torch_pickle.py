"""Reads the weights in a torch file of the kind written before 2020, without torch.

Such a file is five pickles, one after the other (a magic number, a version, facts about the machine
that wrote it, a dictionary of tensors, the names of the storages), then the raw storages. A pickle
is a program, so each is read in full before it is run: only opcodes that build dictionaries,
tuples, numbers and strings are admitted, only three names may be mentioned, and none of them leads
to code of torch or of the file's choosing.
"""

import io
import math
import pickle
import pickletools
import struct
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vultus.errors import ImportFailed

MAGIC = 0x1950A86A20F9469CFC6C
VERSION = 1001
FLOAT_BYTES = 4
# Real ones have 3 kB. The limit keeps nesting too shallow to exhaust the stack.
MAX_PICKLE_BYTES = 16 * 1024
OPCODES = (
    {"PROTO", "STOP", "MARK", "NONE", "NEWTRUE", "NEWFALSE"}
    | {"BININT", "BININT1", "BININT2", "LONG1", "BINUNICODE"}
    | {"EMPTY_TUPLE", "TUPLE", "TUPLE1", "TUPLE2", "TUPLE3"}
    | {"EMPTY_LIST", "APPEND", "APPENDS", "EMPTY_DICT", "SETITEM", "SETITEMS"}
    | {"BINPUT", "BINGET", "GLOBAL", "REDUCE", "BUILD", "BINPERSID"}
)


def read_torch_pickle(data: bytes, file: str) -> dict[str, NDArray[np.float32]]:
    """Read every tensor of a legacy torch file by name.

    Args:
        data: the whole file.
        file: its name, for the error.

    Raises:
        ImportFailed: it is no such file, is damaged, or holds anything but 32-bit float tensors.
    """
    try:
        return _read(io.BytesIO(data))
    except ValueError as error:
        raise ImportFailed(file, str(error)) from error
    except Exception as error:  # the pickle decides what an unpickler raises
        raise ImportFailed(file, "the pickle in it describes no weights") from error


def _read(stream: io.BytesIO) -> dict[str, NDArray[np.float32]]:
    magic, version, _, tensors, keys = (_unpickle(stream) for _ in range(5))
    if (magic, version) != (MAGIC, VERSION):
        raise ValueError("it is no torch file of the legacy format")
    storages = {key: _read_storage(stream) for key in keys}
    if stream.read(1):
        raise ValueError("bytes follow the last storage")
    if not all(isinstance(name, str) for name in tensors):
        raise ValueError("a tensor has no name")
    return {name: view.array(storages) for name, view in tensors.items()}


@dataclass(frozen=True, slots=True)
class _Storage:
    """A run of floats further down the file, by its key."""

    key: str


@dataclass(frozen=True, slots=True)
class _View:
    """A tensor: where its elements lie in a storage, counted in elements."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    requires_grad: bool
    hooks: Mapping[str, Any]

    def array(self, storages: Mapping[str, bytes]) -> NDArray[np.float32]:
        """Cut the tensor out of its storage; numpy refuses to reach beyond it."""
        floats = storages[self.storage.key]
        if math.prod(self.shape) > len(floats) // FLOAT_BYTES:
            raise ValueError("a tensor is larger than its storage")
        strides = [stride * FLOAT_BYTES for stride in self.strides]
        view = np.ndarray(self.shape, "<f4", floats, self.offset * FLOAT_BYTES, strides)
        return np.ascontiguousarray(view, dtype=np.float32)


class _Unpickler(pickle.Unpickler):
    """Knows dictionaries and float tensors, and nothing else."""

    NAMES: Mapping[str, Any] = {
        "collections OrderedDict": OrderedDict,
        "torch._utils _rebuild_tensor_v2": _View,
        "torch FloatStorage": "float32",
    }

    def find_class(self, module: str, name: str) -> Any:
        return self.NAMES[f"{module} {name}"]

    def persistent_load(self, pid: Any) -> _Storage:
        """Stand for a storage by its key; the floats come after the pickles."""
        kind, dtype, key, _device, _count, view = pid
        if (kind, dtype, view) != ("storage", "float32", None):
            raise ValueError("a storage is not of plain 32-bit floats")
        return _Storage(key)


def _unpickle(stream: io.BytesIO) -> Any:
    """Check one pickle from its first opcode to its last, then load it."""
    start = stream.tell()
    for opcode, argument, _ in pickletools.genops(stream):
        if opcode.name not in OPCODES:
            raise ValueError(f"the pickle uses {opcode.name}, which weights do not need")
        if opcode.name == "GLOBAL" and argument not in _Unpickler.NAMES:
            raise ValueError(f"the pickle asks for {argument!r}, which is no part of weights")
        if stream.tell() - start > MAX_PICKLE_BYTES:
            raise ValueError("the pickle is too large to describe only weights")
    return _Unpickler(io.BytesIO(stream.getbuffer()[start : stream.tell()])).load()


def _read_storage(stream: io.BytesIO) -> bytes:
    """Read a count and that many floats."""
    (count,) = struct.unpack("<q", stream.read(8))
    if not 0 < count <= stream.getbuffer().nbytes // FLOAT_BYTES:
        raise ValueError("a storage does not fit the file")
    floats = stream.read(count * FLOAT_BYTES)
    if len(floats) != count * FLOAT_BYTES:
        raise ValueError("the file ends within a storage")
    return floats
