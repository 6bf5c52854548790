"""What every Network promises, whatever engine runs it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from networks import embedder_model
from vultus.errors import InvalidValue, NetworkInvalid, ProviderUnavailable, TensorMismatch
from vultus.models.inference.onnx import OnnxNetwork, OnnxOptions
from vultus.models.inference.port import Network

CPU = OnnxOptions(threads=1, provider="CPUExecutionProvider", optimization="all")


def affine_model() -> bytes:
    """y = 2x + 1 over rows of three, of any number."""
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 3])
    two = helper.make_tensor("two", TensorProto.FLOAT, [1], [2.0])
    one = helper.make_tensor("one", TensorProto.FLOAT, [1], [1.0])
    nodes = [
        helper.make_node("Mul", ["x", "two"], ["twice"]),
        helper.make_node("Add", ["twice", "one"], ["y"]),
    ]
    graph = helper.make_graph(nodes, "affine", [x], [y], [two, one])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


@pytest.fixture(params=["onnx-1-thread", "onnx-2-threads"])
def network(request: pytest.FixtureRequest) -> Network:
    threads = 1 if request.param == "onnx-1-thread" else 2
    options = OnnxOptions(threads=threads, provider=CPU.provider, optimization="all")
    return OnnxNetwork("affine", affine_model(), options)


def rows(count: int) -> np.ndarray:
    return np.arange(count * 3, dtype=np.float32).reshape(count, 3)


@pytest.mark.parametrize("count", [0, 1, 7])
def test_it_computes_any_number_of_rows(network: Network, count: int) -> None:
    np.testing.assert_array_equal(network.run({"x": rows(count)})["y"], rows(count) * 2 + 1)


def test_it_says_what_it_takes_and_gives(network: Network) -> None:
    (taken,), (given,) = network.inputs, network.outputs
    assert (taken.name, taken.dtype, taken.shape) == ("x", np.float32, (None, 3))
    assert (given.name, given.dtype, given.shape) == ("y", np.float32, (None, 3))


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"z": rows(1)},
        {"x": rows(1), "z": rows(1)},
        {"x": rows(1).astype(np.float64)},
        {"x": rows(1).ravel()},
        {"x": np.zeros((1, 4), np.float32)},
    ],
)
def test_an_input_it_cannot_take_is_refused(network: Network, wrong: dict[str, Any]) -> None:
    with pytest.raises(TensorMismatch, match="affine"):
        network.run(wrong)


def test_an_input_that_fails_inside_the_network_is_refused_too() -> None:
    model = embedder_model(16, dim=4, declared=False)
    with pytest.raises(TensorMismatch, match="embedder"):
        OnnxNetwork("embedder", model, CPU).run({"chips": np.zeros((1, 3, 9, 9), np.float32)})


def test_threads_may_share_it(network: Network) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: network.run({"x": rows(n)})["y"], [1, 2, 3, 4] * 25))
    for count, answer in zip([1, 2, 3, 4] * 25, answers, strict=True):
        np.testing.assert_array_equal(answer, rows(count) * 2 + 1)


def test_a_missing_provider_is_an_error_and_never_replaced() -> None:
    wanted = OnnxOptions(threads=1, provider="CUDAExecutionProvider", optimization="all")
    with pytest.raises(ProviderUnavailable, match="CPUExecutionProvider"):
        OnnxNetwork("affine", affine_model(), wanted)


@pytest.mark.parametrize("model", [b"", b"<html>", affine_model()[:-20]])
def test_bytes_that_are_no_network_are_refused(model: bytes) -> None:
    with pytest.raises(NetworkInvalid, match="affine"):
        OnnxNetwork("affine", model, CPU)


@pytest.mark.parametrize(("threads", "optimization"), [(-1, "all"), (1, "most")])
def test_options_that_mean_nothing_are_refused(threads: int, optimization: str) -> None:
    with pytest.raises(InvalidValue):
        OnnxOptions(threads=threads, provider=CPU.provider, optimization=optimization)


@pytest.mark.parametrize("level", ["off", "basic", "extended", "all"])
def test_every_level_of_optimisation_computes_the_same(level: str) -> None:
    options = OnnxOptions(threads=1, provider=CPU.provider, optimization=level)
    answer = OnnxNetwork("affine", affine_model(), options).run({"x": rows(2)})["y"]
    np.testing.assert_array_equal(answer, rows(2) * 2 + 1)
