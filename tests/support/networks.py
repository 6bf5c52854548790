"""Small ONNX networks, made as a test needs them."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def embedder_model(
    side_px: int = 112,
    dim: int = 8,
    batch: int | str = "N",
    layout: str = "nchw",
    bias: float = 0,
    *,
    height_px: int | None = None,
    declared: bool = True,
) -> bytes:
    """An embedder: a fixed random projection of the chip, and `bias` on every number.

    Unless `declared`, it does not tell the sizes of the chip and of the template.
    """
    chip = [height_px or side_px, side_px]
    weights = np.random.default_rng(5).normal(size=(3 * chip[0] * chip[1], dim)).astype(np.float32)
    sides = chip if declared else ["H", "W"]
    pixels = [3, *sides] if layout == "nchw" else [*sides, 3]
    numbers = dim if declared else "D"
    graph = helper.make_graph(
        [
            helper.make_node("Flatten", ["chips"], ["flat"]),
            helper.make_node("MatMul", ["flat", "weights"], ["projected"]),
            helper.make_node("Add", ["projected", "bias"], ["vectors"]),
        ],
        "embedder",
        [helper.make_tensor_value_info("chips", TensorProto.FLOAT, [batch, *pixels])],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, [batch, numbers])],
        [
            numpy_helper.from_array(weights, "weights"),
            numpy_helper.from_array(np.array([bias], np.float32), "bias"),
        ],
    )
    return _serialized(graph)


def yunet_model(outputs: list[str]) -> bytes:
    """A network with the outputs of a YuNet, which finds nothing."""
    graph = helper.make_graph(
        [helper.make_node("ReduceMean", ["input"], [name]) for name in outputs],
        "yunet",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, "H", "W"])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
    )
    return _serialized(graph)


def _serialized(graph: onnx.GraphProto) -> bytes:
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    return bytes(model.SerializeToString())
