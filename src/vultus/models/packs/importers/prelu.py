"""Convolution and PReLU in the form that ONNX Runtime computes fast.

Its convolutions keep channels in blocks. A PRelu node knows no blocks, so each one costs two
changes of layout and a slow loop: half of the time that MTCNN's networks take. But

    prelu(x) = x + relu((a - 1) * x)        for a slope a <= 1
    prelu(x) = -(y + relu((a - 1) * y))     for a slope a > 1, where y = -x

needs only what blocks can do: a convolution of 1x1 for the factors, a Relu and a sum. The minus
signs go into the weights of the layers before and behind.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.models.packs.importers.graph import Graph

Floats = NDArray[np.float64]

# Channels in one block with AVX-512; other processors have a divisor of it.
BLOCK = 16


@dataclass(frozen=True, slots=True)
class Features:
    """A feature map in the graph.

    `signs` has a number per channel: 1, -1 where the map holds the negated value, and 0 where the
    channel only fills a block.
    """

    name: str
    signs: Floats

    def absorbed(self, weight: Floats) -> Floats:
        """What the (out, in, height, width) weight of a layer becomes when it takes this map."""
        missing = len(self.signs) - weight.shape[1]
        return np.pad(weight, ((0, 0), (0, missing), (0, 0), (0, 0))) * self.signs[:, None, None]


@dataclass(frozen=True, slots=True)
class PreluConv:
    """A convolution followed by PReLU: weight (out, in, height, width), bias and slopes (out,)."""

    weight: Floats
    bias: Floats
    slopes: Floats

    @property
    def signs(self) -> Floats:
        """-1 for the channels that are computed negated."""
        return np.where(self.slopes > 1, -1.0, 1.0)

    def rows(self, channels: NDArray[np.intp], factors: Floats) -> tuple[Floats, Floats]:
        """Weight and bias of some of the channels, scaled, in whole blocks."""
        weight = self.weight[channels] * factors[:, None, None, None]
        return _in_blocks(weight), _in_blocks(self.bias[channels] * factors)


def add_prelu_conv(graph: Graph, name: str, x: Features, conv: PreluConv) -> Features:
    """Add a convolution and its PReLU."""
    weight, bias = conv.rows(np.arange(len(conv.slopes)), conv.signs)
    y = graph.conv(name, x.name, x.absorbed(weight), bias)
    factors = _in_blocks(conv.slopes - 1)[:, None, None, None]
    lift = graph.conv(f"{name}.lift", y, factors, group=len(factors))
    return _lifted(graph, name, y, lift, conv)


def add_prelu_conv_pool(
    graph: Graph, name: str, x: Features, conv: PreluConv, size: int
) -> Features:
    """Add a convolution, its PReLU and a max-pool; a negated channel has no maximum."""
    if (conv.slopes > 1).any():
        return _add_pooled_first(graph, name, x, conv, size)
    y = add_prelu_conv(graph, name, x, conv)
    return Features(_add_pool(graph, name, y.name, size), y.signs)


def _add_pooled_first(graph: Graph, name: str, x: Features, conv: PreluConv, size: int) -> Features:
    """Pool the convolution, then activate what is left.

    The order makes no difference to a slope a >= 0, under which PReLU never falls. With a < 0,
    PReLU is the larger of x and a * x, so its maximum is the larger of their maxima: such a channel
    is computed a second time, scaled by a, and max(x, ax) = x + relu(ax - x).
    """
    falling, count = np.flatnonzero(conv.slopes < 0), len(conv.slopes)
    own, second = np.arange(count), count + np.arange(len(falling))
    factors = np.concatenate([np.ones(count), conv.slopes[falling]])
    weight, bias = conv.rows(np.concatenate([own, falling]), factors)
    y = graph.conv(name, x.name, x.absorbed(weight), bias)
    y = _add_pool(graph, name, y, size)

    straight, lift = np.zeros((2, count, len(weight)))
    straight[own, own] = conv.signs
    lift[own, own] = np.where(conv.slopes < 0, -1.0, (conv.slopes - 1) * conv.signs)
    lift[falling, second] = 1.0
    return _lifted(
        graph,
        name,
        graph.conv(f"{name}.straight", y, _in_blocks(straight)[:, :, None, None]),
        graph.conv(f"{name}.lift", y, _in_blocks(lift)[:, :, None, None]),
        conv,
    )


def _lifted(graph: Graph, name: str, straight: str, lift: str, conv: PreluConv) -> Features:
    """Add `straight + relu(lift)`."""
    lift = graph.node("Relu", [lift], f"{name}.lift.relu")
    return Features(graph.node("Add", [straight, lift], f"{name}.prelu"), _in_blocks(conv.signs))


def _add_pool(graph: Graph, name: str, x: str, size: int) -> str:
    """Add a max-pool of stride 2, whose last windows may reach beyond the map."""
    return graph.node(
        "MaxPool", [x], f"{name}.pool", kernel_shape=[size, size], strides=[2, 2], ceil_mode=1
    )


def _in_blocks(values: Floats) -> Floats:
    """Fill the first axis with zeros up to whole blocks."""
    missing = -len(values) % BLOCK
    return np.pad(values, [(0, missing)] + [(0, 0)] * (values.ndim - 1))
