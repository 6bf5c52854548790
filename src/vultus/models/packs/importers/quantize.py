"""Makes the convolutions of a network compute in 8 bits.

Scheme `qdq-u8s8`: weights become signed bytes with a scale per output channel, activations
unsigned bytes with a scale and a zero point per tensor, and every tensor between two convolutions
passes a QuantizeLinear and a DequantizeLinear, which ONNX Runtime merges with its neighbours into
integer kernels. What follows the last map (mean, dense layer) stays in floats.

The ranges of the activations were measured once and come as data, so the result depends on nothing
but the network and them.

Source: Jacob et al., "Quantization and Training of Neural Networks for Efficient
Integer-Arithmetic-Only Inference", CVPR 2018.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from vultus.errors import ImportFailed
from vultus.models.packs.importers.graph import Graph

Ranges = Mapping[str, tuple[float, float]]
"""Lowest and highest value of a tensor, by its name."""

MEASURED = frozenset({"Conv", "Relu", "Add", "AveragePool"})
KEEP_RANGE = frozenset({"MaxPool", "Pad"})
HIGHEST_WEIGHT = 127
# Two products of a byte and a 7-bit weight fit 16 bits, which is where processors without dot
# products add them up.
HIGHEST_REDUCED_WEIGHT = 63


@dataclass(frozen=True, slots=True)
class Steps:
    """How values are written in bytes: `value = scale * (byte - zero)`."""

    scale: np.float32
    zero: np.uint8

    @classmethod
    def covering(cls, low: float, high: float) -> Self:
        """Steps whose first and last byte stand for the ends of a range that holds 0."""
        scale = np.float32((high - low) / 255)
        return cls(scale, np.uint8(round(-low / scale)))


def measurable(model: onnx.ModelProto) -> tuple[str, ...]:
    """Names of the tensors whose ranges `quantize` needs, in the order of the graph."""
    rectified = _rectified(model)
    inputs = (entry.name for entry in model.graph.input)
    maps = (node.output[0] for node in model.graph.node if node.op_type in MEASURED)
    return (*inputs, *(name for name in maps if name not in rectified))


def quantize(model: onnx.ModelProto, ranges: Ranges, reduce_range: bool) -> onnx.ModelProto:
    """Make the 8-bit form of a network of convolutions.

    Args:
        model: in 32-bit floats; its convolutions have biases, and its maps come from no operations
            but those in `MEASURED` and `KEEP_RANGE`.
        ranges: of every tensor that `measurable` names; others are ignored.
        reduce_range: make weights 7 bits wide, for processors that would overflow else.

    Raises:
        ImportFailed: a range is missing or impossible.
    """
    rectified = _rectified(model)
    lowest = {name: 0.0 if name in rectified.values() else -np.inf for name in measurable(model)}
    steps = {name: _steps(name, ranges, low) for name, low in lowest.items()}
    writer = _Writer(model, steps, HIGHEST_REDUCED_WEIGHT if reduce_range else HIGHEST_WEIGHT)
    for entry in model.graph.input:
        writer.add_steps(entry.name)
    for node in model.graph.node:
        if node.output[0] not in rectified.values():  # bytes that begin at 0 rectify already
            writer.add(node, rectified.get(node.output[0], node.output[0]))
    return writer.graph.model_like(model)


def _steps(name: str, ranges: Ranges, lowest: float) -> Steps:
    low, high = ranges.get(name, (0.0, 0.0))
    low, high = max(min(low, 0.0), lowest), max(high, 0.0)
    if not 0 < high - low < np.inf:
        raise ImportFailed(name, "its range is missing or impossible")
    return Steps.covering(low, high)


def _rectified(model: onnx.ModelProto) -> dict[str, str]:
    """Tensors that nothing but a Relu reads, and what it makes of them."""
    readers = Counter(name for node in model.graph.node for name in node.input)
    return {
        node.input[0]: node.output[0]
        for node in model.graph.node
        if node.op_type == "Relu" and readers[node.input[0]] == 1
    }


class _Writer:
    """The new graph while it grows.

    `_steps` has the steps of every tensor in bytes, `_twins` what reads as that tensor.
    """

    def __init__(
        self, model: onnx.ModelProto, steps: Mapping[str, Steps], highest_weight: int
    ) -> None:
        self.graph = Graph()
        self._weights = {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}
        self._steps = dict(steps)
        self._highest_weight = highest_weight
        self._twins: dict[str, str] = {}

    def add(self, node: onnx.NodeProto, output: str) -> None:
        """Add a node of the old graph, and the steps behind it where it makes a map."""
        inputs = [self._twins.get(name, name) for name in node.input]
        if node.op_type == "Conv":
            inputs[1:] = self._add_weights(node)
        else:
            for name in node.input:
                if name in self._weights:
                    self.graph.weight(name, self._weights[name])
        attributes = {item.name: helper.get_attribute_value(item) for item in node.attribute}
        self.graph.node(node.op_type, inputs, output, **attributes)
        if node.op_type in KEEP_RANGE:
            self._steps[output] = self._steps[node.input[0]]
        if output in self._steps:
            self.add_steps(output)

    def add_steps(self, name: str) -> None:
        """Write a tensor in bytes and read it back."""
        steps = self._steps[name]
        factors = [
            self.graph.weight(f"{name}.scale", np.array(steps.scale)),
            self.graph.weight(f"{name}.zero", np.array(steps.zero)),
        ]
        written = self.graph.node("QuantizeLinear", [name, *factors], f"{name}.bytes")
        self._twins[name] = self.graph.node("DequantizeLinear", [written, *factors], f"{name}.read")

    def _add_weights(self, conv: onnx.NodeProto) -> list[str]:
        """Add weight and bias of a convolution as integers, with a scale per output channel."""
        weight, bias = (self._weights[name].astype(np.float64) for name in conv.input[1:])
        largest = np.abs(weight).max(axis=(1, 2, 3))
        scales = (np.where(largest > 0, largest, 1) / self._highest_weight).astype(np.float32)
        integers = np.rint(weight / scales[:, None, None, None]).astype(np.int8)
        sums = (scales * self._steps[conv.input[0]].scale).astype(np.float32)
        return [
            self._add_integers(conv.input[1], integers, scales),
            self._add_integers(conv.input[2], np.rint(bias / sums).astype(np.int32), sums),
        ]

    def _add_integers(self, name: str, integers: NDArray[Any], scales: NDArray[np.float32]) -> str:
        inputs = [
            self.graph.weight(f"{name}.integers", integers),
            self.graph.weight(f"{name}.scales", scales),
            self.graph.weight(f"{name}.zeros", np.zeros_like(integers, shape=len(scales))),
        ]
        return self.graph.node("DequantizeLinear", inputs, name, axis=0)
