from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, numpy_helper

from vultus.errors import ImportFailed
from vultus.models.inference.onnx import OnnxNetwork, OnnxOptions
from vultus.models.packs.importers.convert import convert
from vultus.models.packs.importers.graph import Graph
from vultus.models.packs.importers.probes import prove, read_probes
from vultus.models.packs.importers.processor import has_vnni
from vultus.models.packs.importers.quantize import Ranges, measurable, quantize
from vultus.models.packs.importers.ranges import measure_ranges, read_ranges
from vultus.models.packs.library import SHIPPED

OPTIONS = OnnxOptions(threads=1, provider="CPUExecutionProvider", optimization="all")


@pytest.fixture(scope="module")
def model() -> onnx.ModelProto:
    """A residual block behind a stem, with everything that dlib's network has."""
    rng = np.random.default_rng(1)
    graph = Graph()

    def conv(name: str, x: str, width: int, channels: int, size: int = 3) -> str:
        weight = rng.standard_normal((channels, width, size, size)) / np.sqrt(width * size * size)
        return graph.conv(name, x, weight, rng.standard_normal(channels), pads=[size // 2] * 4)

    x = graph.node("Relu", [conv("stem", "chips", 3, 8)], "stem.relu")
    x = graph.node("MaxPool", [x], "stem.pool", kernel_shape=[2, 2], strides=[2, 2])
    y = graph.node("Relu", [conv("first", x, 8, 16)], "first.relu")
    y = conv("second", y, 16, 16)
    x = graph.node("AveragePool", [x], "skip", kernel_shape=[1, 1])
    ends = graph.weight("skip.ends", np.array([0, 0, 0, 0, 0, 8, 0, 0]))
    x = graph.node("Pad", [x, ends], "skip.padded")
    x = graph.node("Relu", [graph.node("Add", [y, x], "sum")], "block")
    x = graph.node("Flatten", [graph.node("GlobalAveragePool", [x], "mean")], "features")
    graph.dense("embeddings", x, rng.standard_normal((16, 32)))
    return graph.model({"chips": (TensorProto.FLOAT, ["N", 3, 16, 16])}, {"embeddings": ["N", 32]})


@pytest.fixture(scope="module")
def chips() -> NDArray[np.float32]:
    return np.random.default_rng(2).uniform(0, 1, (64, 3, 16, 16)).astype(np.float32)


@pytest.fixture(scope="module")
def ranges(model: onnx.ModelProto, chips: NDArray[np.float32]) -> Ranges:
    return measure_ranges(model, [chips[:32], chips[32:]], open_network)


@pytest.mark.parametrize(("reduce_range", "least"), [(False, 0.999), (True, 0.998)])
def test_the_bytes_compute_nearly_what_the_floats_do(
    reduce_range: bool,
    least: float,
    model: onnx.ModelProto,
    chips: NDArray[np.float32],
    ranges: Ranges,
) -> None:
    expected = run(model, chips)
    given = run(quantize(model, ranges, reduce_range), chips)
    cosines = (given * expected).sum(axis=1)
    cosines /= np.linalg.norm(given, axis=1) * np.linalg.norm(expected, axis=1)
    assert least < cosines.min() < 1


def test_every_convolution_runs_on_bytes(
    model: onnx.ModelProto, ranges: Ranges, tmp_path: Path
) -> None:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(tmp_path / "optimized.onnx")
    quantized = quantize(model, ranges, reduce_range=False)
    onnxruntime.InferenceSession(quantized.SerializeToString(), options)
    kinds = Counter(node.op_type for node in onnx.load(tmp_path / "optimized.onnx").graph.node)
    assert kinds["QLinearConv"] == 3
    assert kinds["QLinearAdd"] == 1
    assert kinds["Conv"] == kinds["Add"] == kinds["Relu"] == 0


@pytest.mark.parametrize(("reduce_range", "highest"), [(False, 127), (True, 63)])
def test_weights_use_their_whole_range(
    reduce_range: bool, highest: int, model: onnx.ModelProto, ranges: Ranges
) -> None:
    weights = [
        numpy_helper.to_array(item)
        for item in quantize(model, ranges, reduce_range).graph.initializer
        if item.name.endswith("weight.integers")
    ]
    assert len(weights) == 3
    for weight in weights:
        largest = np.abs(weight.astype(int)).max(axis=(1, 2, 3))
        np.testing.assert_array_equal(largest, highest)


def test_the_same_network_and_ranges_give_the_same_bytes(
    model: onnx.ModelProto, ranges: Ranges
) -> None:
    once, again = (quantize(model, ranges, False).SerializeToString() for _ in range(2))
    assert once == again


def test_a_channel_of_zeros_stays_zero(chips: NDArray[np.float32]) -> None:
    graph = Graph()
    x = graph.conv("empty", "chips", np.zeros((2, 3, 1, 1)), np.array([0.0, 1.0]))
    graph.node("Flatten", [graph.node("GlobalAveragePool", [x], "mean")], "embeddings")
    shapes = {"chips": (TensorProto.FLOAT, ["N", 3, 16, 16])}, {"embeddings": ["N", 2]}
    small = quantize(graph.model(*shapes), {"chips": (0, 1), "empty": (0, 1)}, False)
    np.testing.assert_allclose(run(small, chips[:1]), [[0, 1]], atol=1e-6)


def test_ranges_are_asked_for_behind_a_relu_not_before_it(model: onnx.ModelProto) -> None:
    assert measurable(model) == ("chips", "stem.relu", "first.relu", "second", "skip", "block")


@pytest.mark.parametrize("bad", [None, (0.0, 0.0), (0.0, np.inf), (np.nan, np.nan), (0.0, np.nan)])
def test_a_missing_or_impossible_range_is_refused(
    bad: tuple[float, float] | None, model: onnx.ModelProto, ranges: Ranges
) -> None:
    changed = {name: pair for name, pair in ranges.items() if name != "second"}
    if bad is not None:
        changed["second"] = bad
    with pytest.raises(ImportFailed, match="second"):
        quantize(model, changed, reduce_range=False)


@pytest.mark.parametrize(("reduce_range", "least"), [(False, 0.999), (True, 0.998)])
def test_the_shipped_ranges_keep_the_published_network_as_it_is(
    reduce_range: bool, least: float, artifact: Callable[[str], bytes]
) -> None:
    if reduce_range is False and not has_vnni():
        pytest.skip("this processor may overflow with weights of 8 bits")
    model = convert("dlib-resnet", "embed", artifact("resnet"), "net.dat")
    shipped = SHIPPED / "dlib"
    small = quantize(model, read_ranges(shipped / "ranges.json"), reduce_range)
    probes = read_probes(shipped / "probes.npz")
    assert prove(open_network("full", model.SerializeToString()), probes) > 0.99999
    assert prove(open_network("small", small.SerializeToString()), probes) > least


def open_network(name: str, model: bytes) -> OnnxNetwork:
    return OnnxNetwork(name, model, OPTIONS)


def run(model: onnx.ModelProto, chips: NDArray[np.float32]) -> NDArray[np.float32]:
    network = open_network("net", model.SerializeToString())
    return network.run({"chips": chips})["embeddings"]
