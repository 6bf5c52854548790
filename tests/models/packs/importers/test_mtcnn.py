from collections.abc import Callable

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray

from plain_networks import Weights, mtcnn
from vultus.errors import ImportFailed
from vultus.models.packs.importers.mtcnn import build_mtcnn
from vultus.models.packs.importers.mtcnn_layout import LAYOUTS
from vultus.models.packs.importers.torch_pickle import read_torch_pickle

FILES = {"proposal": "pnet", "refine": "rnet", "output": "onet"}
SHAPES = [
    ("proposal", (1, 12, 12, 3)),
    ("proposal", (2, 13, 40, 3)),
    ("proposal", (1, 50, 37, 3)),
    ("refine", (3, 24, 24, 3)),
    ("output", (3, 48, 48, 3)),
]


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


@pytest.mark.parametrize(("role", "shape"), SHAPES)
def test_a_built_network_computes_what_the_paper_says(
    role: str, shape: tuple[int, ...], rng: np.random.Generator
) -> None:
    weights = random_weights(role, rng)
    assert_equal_to_plain(role, weights, rng.integers(0, 256, shape, np.uint8))


@pytest.mark.parametrize(("role", "shape"), SHAPES)
def test_the_published_networks_compute_what_the_paper_says(
    role: str, shape: tuple[int, ...], rng: np.random.Generator, artifact: Callable[[str], bytes]
) -> None:
    weights = read_torch_pickle(artifact(FILES[role]), role)
    assert_equal_to_plain(role, weights, rng.integers(0, 256, shape, np.uint8))


# What facenet-pytorch 2.6.0 on torch 2.13 gives for `pattern`.
@pytest.mark.parametrize(
    ("role", "shape", "output", "expected"),
    [
        ("proposal", (14, 18), "scores", [0.022004, 0.012614, 0.008350, 0.036890, 0.018977]),
        ("proposal", (14, 18), "offsets", [0.042242, 0.026121, -0.002906, 0.026300, -0.001712]),
        ("refine", (24, 24), "scores", [0.000675]),
        ("refine", (24, 24), "offsets", [0.022864, 0.015794, 0.024480, 0.257729]),
        ("output", (48, 48), "scores", [0.001019]),
        ("output", (48, 48), "offsets", [-0.080810, -0.025364, 0.003986, 0.201109]),
        ("output", (48, 48), "landmarks", [0.316825, 0.349032, 0.599351, 0.351630, 0.374202]),
    ],
)
def test_the_published_networks_give_what_their_publisher_gets(
    role: str,
    shape: tuple[int, int],
    output: str,
    expected: list[float],
    artifact: Callable[[str], bytes],
) -> None:
    model = build_mtcnn(read_torch_pickle(artifact(FILES[role]), role), role, role)
    given = run(model, pattern(*shape)[None])[output].ravel()
    np.testing.assert_allclose(given[: len(expected)], expected, rtol=0, atol=2e-6)


@pytest.mark.parametrize(("role", "side"), [("refine", 24), ("output", 48)])
def test_no_crop_gives_no_score(role: str, side: int, rng: np.random.Generator) -> None:
    model = build_mtcnn(random_weights(role, rng), role, "net.pt")
    outputs = run(model, np.empty((0, side, side, 3), np.uint8))
    assert all(len(values) == 0 for values in outputs.values())


def test_a_file_is_not_taken_for_another_network(rng: np.random.Generator) -> None:
    with pytest.raises(ImportFailed, match="shape"):
        build_mtcnn(random_weights("refine", rng), "proposal", "rnet.pt")


def test_an_unknown_role_is_refused(rng: np.random.Generator) -> None:
    with pytest.raises(ImportFailed, match="embed"):
        build_mtcnn(random_weights("refine", rng), "embed", "rnet.pt")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_no_numbers_are_refused(value: float, rng: np.random.Generator) -> None:
    weights = random_weights("proposal", rng)
    weights["conv2.weight"][0, 0, 0, 0] = value
    with pytest.raises(ImportFailed, match=r"conv2\.weight"):
        build_mtcnn(weights, "proposal", "pnet.pt")


def random_weights(role: str, rng: np.random.Generator) -> dict[str, NDArray[np.float32]]:
    """Weights that keep values near 1, with slopes below 0, between, and above 1."""
    weights = {}
    for name, shape in LAYOUTS[role].shapes.items():
        if name.startswith("prelu"):
            above = 1.5 if name.startswith("prelu1") else 1.0
            weights[name] = np.linspace(-0.7, above, shape[0], dtype=np.float32)
        else:
            fan_in = np.prod(shape[1:]) if name.endswith("weight") else 10
            weights[name] = (rng.standard_normal(shape) / np.sqrt(fan_in)).astype(np.float32)
    return weights


def assert_equal_to_plain(role: str, weights: Weights, rgb: NDArray[np.uint8]) -> None:
    layout = LAYOUTS[role]
    outputs = run(build_mtcnn(weights, role, "net.pt"), rgb)
    expected = mtcnn(weights, rgb, tuple(conv.pool for conv in layout.convs))
    probabilities, offsets, *landmarks = expected
    np.testing.assert_allclose(outputs["scores"], probabilities[:, 1], rtol=0, atol=1e-5)
    np.testing.assert_allclose(outputs["offsets"], offsets, rtol=0, atol=1e-5)
    for points in landmarks:
        x_and_y = points.reshape(-1, 2, 5).transpose(0, 2, 1)
        np.testing.assert_allclose(outputs["landmarks"], x_and_y, rtol=0, atol=1e-5)


def run(model: onnx.ModelProto, rgb: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
    session = onnxruntime.InferenceSession(model.SerializeToString())
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {"rgb": rgb}), strict=True))


def pattern(height: int, width: int) -> NDArray[np.uint8]:
    """The same picture everywhere: gradients that wrap around."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return ((x * 7 + y * 13 + x * y // 5 + c * 50) % 256).astype(np.uint8)
