"""Builds dlib's face network, a ResNet of 29 convolutions, from its `.dat` file.

The network takes `chips`, (N, 3, 150, 150) float32 RGB, raw values in [0, 255], and gives
`embeddings`, (N, 128) float32, as the network computes them: their norm is not 1.

Normalisation and the affine layers are folded into the convolutions, which is exact: the first
convolution has no padding, so it sees real pixels only.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto

from vultus.models.packs.importers.dlib_format import DlibReader
from vultus.models.packs.importers.graph import Graph

Floats = NDArray[np.float64]

SIDE_PX = 150
DIM = 128
SCALE = 1 / 256
STEM_CHANNELS = 32
STEM_SIDE = 35  # of its square map, in cells
# Channels and number of blocks; the first block of every level but the first halves the map.
LEVELS = ((32, 3), (64, 4), (128, 3), (256, 3), (256, 1))


@dataclass(frozen=True, slots=True)
class Conv:
    """A convolution with the affine layer behind it folded in; `weight` is (out, in, h, w)."""

    weight: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class Block:
    """Two convolutions beside a skip; `halves` says that both halve the map."""

    first: Conv
    second: Conv
    halves: bool


@dataclass(frozen=True, slots=True)
class FaceNet:
    """The weights of the network; `dense` is (256, 128)."""

    stem: Conv
    blocks: tuple[Block, ...]
    dense: Floats


def plan() -> Iterator[tuple[int, int, bool]]:
    """Channels in and out of every block, and whether it halves the map."""
    width = STEM_CHANNELS
    for level, (channels, count) in enumerate(LEVELS):
        for index in range(count):
            yield width, channels, level > 0 and index == 0
            width = channels


def read_facenet(data: bytes, file: str) -> FaceNet:
    """Read the weights of the network from a dlib file.

    Raises:
        ImportFailed: the file holds another network, or is damaged.
    """
    reader = DlibReader(data, file)
    mean = _read_header(reader)
    stem = _read_conv(reader, 3, STEM_CHANNELS, size=7, stride=2, on_input=True)
    reader.layer("relu_")
    reader.layer("max_pool_2", 3, 3, 2, 2, 0, 0)
    blocks = tuple(_read_block(reader, *block) for block in plan())
    reader.layer("avg_pool_2", 0, 0, 1, 1, 0, 0)
    dense = reader.dense(LEVELS[-1][0], DIM)
    reader.expect_end()
    weight = stem.weight * SCALE
    bias = stem.bias - np.einsum("oihw,i->o", weight, mean)
    return FaceNet(Conv(weight, bias), blocks, dense)


def _read_header(reader: DlibReader) -> Floats:
    """Read what precedes the layers, and return the mean colour."""
    reader.expect(1)
    reader.expect_name("loss_metric_2")
    reader.floats(2)  # margin and distance of the loss
    reader.expect(*reversed(list(_versions())))
    reader.expect_name("input_rgb_image_sized")
    mean = reader.floats(3)
    reader.expect(SIDE_PX, SIDE_PX)
    return np.array(mean)


def _versions() -> Iterator[int]:
    """The version of every layer from the input on: 3 on the input, 2 else, 1 for tag and skip."""
    yield from (3, 2, 2, 2)
    for _, _, halves in plan():
        yield from (1, 2, 2, 2, 2, 2)
        yield from (1, 1, 2, 2, 2) if halves else (2, 2)
    yield from (2, 2)


def _read_conv(
    reader: DlibReader, width: int, channels: int, size: int, stride: int, on_input: bool = False
) -> Conv:
    """Read a convolution and the affine layer behind it."""
    weight, bias = reader.conv(width, channels, size, stride)
    reader.training_state()
    if on_input:
        reader.expect(1)  # samples per image
    gamma, beta = reader.affine(channels)
    return Conv(weight * gamma[:, None, None, None], bias * gamma + beta)


def _read_block(reader: DlibReader, width: int, channels: int, halves: bool) -> Block:
    first = _read_conv(reader, width, channels, size=3, stride=2 if halves else 1)
    reader.layer("relu_")
    second = _read_conv(reader, channels, channels, size=3, stride=1)
    if halves:
        reader.layer("avg_pool_2", 2, 2, 2, 2, 0, 0)
    reader.layer("add_prev_")
    reader.layer("relu_")
    return Block(first, second, halves)


def build_facenet(facenet: FaceNet) -> onnx.ModelProto:
    """Build the network."""
    graph = Graph()
    x = graph.conv("stem", "chips", facenet.stem.weight, facenet.stem.bias, strides=[2, 2])
    x = graph.node("Relu", [x], "stem.relu")
    x = graph.node("MaxPool", [x], "stem.pool", kernel_shape=[3, 3], strides=[2, 2])
    side = STEM_SIDE
    for number, block in enumerate(facenet.blocks):
        x = _add_block(graph, f"block{number:02}", x, block, side)
        side = side // 2 if block.halves else side
    x = graph.node("GlobalAveragePool", [x], "mean")
    x = graph.node("Flatten", [x], "features")
    graph.dense("embeddings", x, facenet.dense)
    return graph.model(
        {"chips": (TensorProto.FLOAT, ["N", 3, SIDE_PX, SIDE_PX])}, {"embeddings": ["N", DIM]}
    )


def _add_block(graph: Graph, name: str, x: str, block: Block, side: int) -> str:
    """Add a residual block over a map of `side` cells a side."""
    first, second = block.first, block.second
    stride, padding = (2, 0) if block.halves else (1, 1)
    y = graph.conv(
        f"{name}.first", x, first.weight, first.bias, strides=[stride] * 2, pads=[padding] * 4
    )
    y = graph.node("Relu", [y], f"{name}.first.relu")
    y = graph.conv(f"{name}.second", y, second.weight, second.bias, pads=[1] * 4)
    if block.halves:
        out, width = first.weight.shape[:2]
        x = graph.node("AveragePool", [x], f"{name}.skip", kernel_shape=[2, 2], strides=[2, 2])
        x = _add_zeros(graph, f"{name}.skip", x, channels=out - width, cells=0)
        y = _add_zeros(graph, f"{name}.second", y, channels=0, cells=side // 2 - (side - 1) // 2)
    total = graph.node("Add", [y, x], f"{name}.sum")
    return graph.node("Relu", [total], name)


def _add_zeros(graph: Graph, name: str, x: str, channels: int, cells: int) -> str:
    """Extend a map by channels at the end, and by cells at the right and the bottom."""
    if not (channels or cells):
        return x
    ends = np.array([0, 0, 0, 0, 0, channels, cells, cells])
    return graph.node("Pad", [x, graph.weight(f"{name}.ends", ends)], f"{name}.padded")
