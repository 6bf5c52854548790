from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper

from vultus.errors import ImportFailed
from vultus.models.inference.onnx import OnnxNetwork, OnnxOptions
from vultus.models.packs.importers.yunet import free_yunet

CPU = OnnxOptions(threads=1, provider="CPUExecutionProvider", optimization="all")
FILE = "models/face_detection_yunet_2023mar.onnx"


@pytest.fixture
def published(data_dir: Path) -> bytes:
    return (data_dir / FILE).read_bytes()


def opened(model: bytes) -> OnnxNetwork:
    return OnnxNetwork("detect", model, CPU)


@pytest.mark.data
def test_the_freed_network_computes_the_same(published: bytes) -> None:
    pixels = np.random.default_rng(1).uniform(0, 255, (1, 3, 640, 640)).astype(np.float32)
    freed = opened(free_yunet(published, "yunet.onnx").SerializeToString())
    for name, wanted in opened(published).run({"input": pixels}).items():
        np.testing.assert_allclose(freed.run({"input": pixels})[name], wanted, atol=1e-5)


@pytest.mark.data
def test_the_freed_network_takes_other_sizes(published: bytes) -> None:
    freed = opened(free_yunet(published, "yunet.onnx").SerializeToString())
    assert freed.inputs[0].shape == (1, 3, None, None)
    given = freed.run({"input": np.zeros((1, 3, 96, 160), np.float32)})
    assert given["bbox_8"].shape == (1, 12 * 20, 4)
    assert given["kps_32"].shape == (1, 3 * 5, 10)


def other_network() -> bytes:
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    graph = helper.make_graph([helper.make_node("Relu", ["x"], ["x2"])], "other", [value], [])
    return bytes(helper.make_model(graph).SerializeToString())


@pytest.mark.parametrize("make", [other_network, lambda: b"no network", lambda: b""])
def test_another_file_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(ImportFailed, match="weird"):
        free_yunet(make(), "weird.onnx")


def test_height_and_width_are_free_afterwards() -> None:
    value = helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, 64, 64])
    output = helper.make_tensor_value_info("cls_8", TensorProto.FLOAT, [1, 64, 1])
    nodes = [helper.make_node("Relu", ["input"], ["cls_8"])]
    fixed = helper.make_model(helper.make_graph(nodes, "yunet", [value], [output]))
    freed = free_yunet(fixed.SerializeToString(), "yunet.onnx").graph.input[0]
    sides = freed.type.tensor_type.shape.dim
    assert [side.dim_value or side.dim_param for side in sides] == [1, 3, "H", "W"]
