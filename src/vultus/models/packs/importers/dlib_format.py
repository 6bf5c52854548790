"""Reads the values and layers that dlib serialises.

An integer is a byte that counts the little-endian ones after it, with the sign in its top bit. A
float is a mantissa and an exponent, both integers. A tensor is four sizes, then 32-bit floats. A
layer is its name, what its kind needs, and what only training needs: three flags, three tensors.
The file names no structure: who reads it says what is expected, as dlib's own types do.
"""

import math
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from vultus.errors import ImportFailed

Floats = NDArray[np.float64]

SIGN, COUNT = 0x80, 0x0F
MAX_INTEGER_BYTES = 8
MAX_EXPONENT = 256
FLOAT_BYTES = 4
TENSOR_VERSION, ALIAS_VERSION = 2, 1
CONV_MODE = 0
NO_BIAS = 1


class DlibReader:
    """Walks once through the bytes of a file.

    Every method raises ImportFailed, with the place, where the file is not as expected. Sizes are
    known before a tensor is read, and none can claim more than the file holds.
    """

    def __init__(self, data: bytes, file: str) -> None:
        self._data = data
        self._file = file
        self._at = 0

    def expect(self, *values: int) -> None:
        """Read integers that must have these values."""
        for value in values:
            actual = self._integer()
            if actual != value:
                self._fail(f"{actual} where {value} is expected")

    def expect_name(self, name: str) -> None:
        """Read a string that must be this one."""
        self.expect(len(name))
        if self._take(len(name)) != name.encode():
            self._fail(f"{name!r} is expected")

    def expect_end(self) -> None:
        """Refuse bytes after the last one read."""
        if self._at != len(self._data):
            self._fail("bytes follow the network")

    def floats(self, count: int) -> list[float]:
        """Read numbers."""
        return [self._float() for _ in range(count)]

    def layer(self, name: str, *settings: int) -> None:
        """Read a layer without weights."""
        self.expect_name(name)
        self.expect(*settings)
        self.training_state()

    def conv(self, width: int, channels: int, size: int, stride: int) -> tuple[Floats, Floats]:
        """Read a square convolution: its (channels, width, size, size) weight and its bias."""
        shape = channels, width, size, size
        padding = 0 if stride > 1 else size // 2
        self.expect_name("con_4")
        params = self._tensor(math.prod(shape) + channels)
        self.expect(channels, size, size, stride, stride, padding, padding)
        self.expect(ALIAS_VERSION, *shape, ALIAS_VERSION, 1, channels, 1, 1)
        self.floats(4)  # rates of learning and decay
        weight, bias = np.split(params, [-channels])
        return weight.reshape(shape), bias

    def affine(self, channels: int) -> tuple[Floats, Floats]:
        """Read a scale and a shift per channel."""
        self.expect_name("affine_")
        params = self._tensor(2 * channels)
        self.expect(*(ALIAS_VERSION, 1, channels, 1, 1) * 2, CONV_MODE)
        self.training_state()
        gamma, beta = np.split(params, 2)
        return gamma, beta

    def dense(self, width: int, channels: int) -> Floats:
        """Read a fully connected layer without bias: its (width, channels) weight."""
        self.expect_name("fc_2")
        self.expect(channels, width)
        params = self._tensor(width * channels)
        self.expect(ALIAS_VERSION, width, channels, 1, 1, ALIAS_VERSION, 0, 0, 0, 0, NO_BIAS)
        self.floats(4)
        self.training_state()
        return params.reshape(width, channels)

    def training_state(self) -> None:
        """Read what ends every layer: three flags, and tensors that are empty in a saved model."""
        if not set(self._take(3)) <= set(b"01"):
            self._fail("a flag is neither 0 nor 1")
        for _ in range(3):
            self.expect(TENSOR_VERSION, 0, 0, 0, 0)

    def _tensor(self, size: int) -> Floats:
        """Read as many finite values as expected, whatever their shape is."""
        self.expect(TENSOR_VERSION)
        sizes = [self._integer() for _ in range(4)]
        if min(sizes) < 0 or math.prod(sizes) != size:
            self._fail(f"a tensor of sizes {sizes} where {size:,} values are expected")
        values = np.frombuffer(self._take(size * FLOAT_BYTES), "<f4").astype(np.float64)
        if not np.isfinite(values).all():
            self._fail("a tensor has values that are not finite")
        return values

    def _float(self) -> float:
        mantissa, exponent = self._integer(), self._integer()
        if abs(exponent) > MAX_EXPONENT:
            self._fail("a number has an impossible exponent")
        return math.ldexp(mantissa, exponent)

    def _integer(self) -> int:
        head = self._take(1)[0]
        count = head & COUNT
        if head & ~(SIGN | COUNT) or not 0 < count <= MAX_INTEGER_BYTES:
            self._fail("this begins no integer")
        value = int.from_bytes(self._take(count), "little")
        return -value if head & SIGN else value

    def _take(self, size_bytes: int) -> bytes:
        if size_bytes > len(self._data) - self._at:
            self._fail("the file ends too early")
        self._at += size_bytes
        return self._data[self._at - size_bytes : self._at]

    def _fail(self, problem: str) -> NoReturn:
        raise ImportFailed(self._file, f"{problem}, before byte {self._at:,}")
