"""A small builder of ONNX graphs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 8
Shape = Sequence[int | str]


class Graph:
    """Nodes and weights in the order in which they are added; every tensor is named by who adds it.

    Weights are named after the node that they belong to (`conv1.weight`), so that names of tensors
    stay the same as long as the network does.
    """

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []

    def weight(self, name: str, values: NDArray[Any]) -> str:
        """Add a constant tensor and return its name; floats are stored as 32 bits."""
        kind = np.float32 if values.dtype.kind == "f" else values.dtype
        self._weights.append(numpy_helper.from_array(np.asarray(values, kind, order="C"), name))
        return name

    def node(self, op: str, inputs: Sequence[str], *outputs: str, **attributes: Any) -> str:
        """Add a node and return the name of its first output."""
        self._nodes.append(helper.make_node(op, inputs, outputs, name=outputs[0], **attributes))
        return outputs[0]

    def conv(
        self,
        name: str,
        x: str,
        weight: NDArray[Any],
        bias: NDArray[Any] | None = None,
        **attributes: Any,
    ) -> str:
        """Add a convolution of `x` by an (out, in, height, width) weight."""
        inputs = [x, self.weight(f"{name}.weight", weight)]
        if bias is not None:
            inputs.append(self.weight(f"{name}.bias", bias))
        return self.node("Conv", inputs, name, **attributes)

    def dense(
        self, name: str, x: str, weight: NDArray[Any], bias: NDArray[Any] | None = None
    ) -> str:
        """Add a product of `x` (N, in) with an (in, out) weight."""
        inputs = [x, self.weight(f"{name}.weight", weight)]
        if bias is not None:
            inputs.append(self.weight(f"{name}.bias", bias))
        return self.node("Gemm", inputs, name)

    def model(
        self, inputs: Mapping[str, tuple[int, Shape]], outputs: Mapping[str, Shape]
    ) -> onnx.ModelProto:
        """Close the graph.

        Args:
            inputs: by name, element type (`TensorProto.UINT8` …) and shape.
            outputs: by name, shape; all are 32-bit floats.
        """
        takes = [helper.make_tensor_value_info(name, *spec) for name, spec in inputs.items()]
        gives = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name, shape in outputs.items()
        ]
        opset = helper.make_opsetid("", OPSET)
        return self.model_like(
            helper.make_model(
                helper.make_graph([], "vultus", takes, gives),
                opset_imports=[opset],
                ir_version=IR_VERSION,
            )
        )

    def model_like(self, model: onnx.ModelProto) -> onnx.ModelProto:
        """Close the graph with the inputs and outputs of another."""
        closed = onnx.ModelProto()
        closed.CopyFrom(model)
        closed.graph.ClearField("node")
        closed.graph.ClearField("initializer")
        closed.graph.node.extend(self._nodes)
        closed.graph.initializer.extend(self._weights)
        onnx.checker.check_model(closed, full_check=True)
        return closed
