"""dlib's face network with random weights, and the file that dlib would write for it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

MEAN = (122.782, 117.001, 104.298)
BLOCKS = [(32, 32)] * 3 + [(32, 64)] + [(64, 64)] * 3 + [(64, 128)] + [(128, 128)] * 2
BLOCKS += [(128, 256)] + [(256, 256)] * 3
HALVING = (3, 7, 10, 13)


@dataclass(frozen=True)
class Conv:
    """A convolution and the affine layer behind it."""

    weight: Array
    bias: Array
    gamma: Array
    beta: Array
    stride: int


@dataclass(frozen=True)
class Part:
    """Bytes of the file, and whether they are weights, where any byte may stand."""

    data: bytes
    weights: bool = False


def random_convs(rng: np.random.Generator) -> list[Conv]:
    """The stem, then two convolutions per block; values stay near 1 behind each."""
    shapes = [(32, 3, 7, 2)]
    for number, (width, channels) in enumerate(BLOCKS):
        shapes += [(channels, width, 3, 2 if number in HALVING else 1), (channels, channels, 3, 1)]
    return [_random_conv(rng, *shape) for shape in shapes]


def facenet_parts(convs: list[Conv], dense: Array) -> list[Part]:
    """The file, from its first byte to its last."""
    versions = [3, 2, 2, 2]
    for number in range(len(BLOCKS)):
        versions += [1, 2, 2, 2, 2, 2, *([1, 1, 2] if number in HALVING else []), 2, 2]
    head = integers(1) + name("loss_metric_2") + number_of(0.04) + number_of(0.6)
    head += integers(2, 2, *reversed(versions)) + name("input_rgb_image_sized")
    head += b"".join(number_of(value) for value in MEAN) + integers(150, 150)
    stem, *others = convs
    parts = [Part(head), *_conv(stem, on_input=True)]
    parts += [
        Part(name("relu_") + STATE),
        Part(name("max_pool_2") + integers(3, 3, 2, 2, 0, 0) + STATE),
    ]
    for number in range(len(BLOCKS)):
        first, second = others[2 * number : 2 * number + 2]
        parts += [*_conv(first), Part(name("relu_") + STATE), *_conv(second)]
        if number in HALVING:
            parts.append(Part(name("avg_pool_2") + integers(2, 2, 2, 2, 0, 0) + STATE))
        parts.append(Part(name("add_prev_") + STATE + name("relu_") + STATE))
    parts.append(Part(name("avg_pool_2") + integers(0, 0, 1, 1, 0, 0) + STATE))
    width, channels = dense.shape
    parts += [
        Part(name("fc_2") + integers(channels, width, 2, width, channels, 1, 1)),
        Part(dense.tobytes(), weights=True),
        Part(integers(1, width, channels, 1, 1, 1, 0, 0, 0, 0, 1) + RATES + STATE),
    ]
    return parts


def integers(*values: int) -> bytes:
    """Integers as dlib writes them."""
    return b"".join(_integer(value) for value in values)


def number_of(value: float) -> bytes:
    """A float of 32 bits as dlib writes it."""
    mantissa, exponent = np.frexp(np.float32(value))
    return integers(int(mantissa * 2**24), int(exponent) - 24)


def name(text: str) -> bytes:
    """A string as dlib writes it."""
    return integers(len(text)) + text.encode()


def _integer(value: int) -> bytes:
    data = abs(value).to_bytes(8, "little").rstrip(b"\0") or b"\0"
    return bytes([len(data) | (0x80 if value < 0 else 0)]) + data


STATE = b"110" + integers(2, 0, 0, 0, 0) * 3
RATES = number_of(1) * 3 + number_of(0)


def _conv(conv: Conv, on_input: bool = False) -> list[Part]:
    channels, _, size, _ = shape = conv.weight.shape
    padding = 0 if conv.stride > 1 else size // 2
    count = conv.weight.size + channels
    settings = integers(channels, size, size, conv.stride, conv.stride, padding, padding)
    aliases = integers(1, *shape, 1, 1, channels, 1, 1)
    samples = integers(1) if on_input else b""
    channel = integers(1, 1, channels, 1, 1)
    return [
        Part(name("con_4") + integers(2, count, 1, 1, 1)),
        Part(conv.weight.tobytes() + conv.bias.tobytes(), weights=True),
        Part(settings + aliases + RATES + STATE + samples),
        Part(name("affine_") + integers(2, 2 * channels, 1, 1, 1)),
        Part(conv.gamma.tobytes() + conv.beta.tobytes(), weights=True),
        Part(channel * 2 + integers(0) + STATE),
    ]


def _random_conv(
    rng: np.random.Generator, channels: int, width: int, size: int, stride: int
) -> Conv:
    weight = rng.standard_normal((channels, width, size, size)) / np.sqrt(width * size * size)
    bias, beta = rng.standard_normal((2, channels)) / 10
    gamma = rng.uniform(0.5, 1.5, channels)
    arrays = (values.astype(np.float32) for values in (weight, bias, gamma, beta))
    return Conv(*arrays, stride=stride)
