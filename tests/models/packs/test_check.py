from dataclasses import replace

import numpy as np
import pytest

from fakes import FakeNetwork
from networks import embedder_model, yunet_model
from vultus.errors import NetworkInvalid
from vultus.models.inference.onnx import OnnxNetwork, OnnxOptions
from vultus.models.packs.check.detector import YUNET_OUTPUTS, check_yunet
from vultus.models.packs.check.embedder import check_embedder
from vultus.models.packs.manifest import InputPart

CPU = OnnxOptions(threads=1, provider="CPUExecutionProvider", optimization="all")
SIDE_PX = 16


def chips(layout: str = "nchw") -> InputPart:
    return InputPart(
        width=SIDE_PX,
        height=SIDE_PX,
        colour="rgb",
        layout=layout,
        mean=(127.5,) * 3,
        scale=(1 / 128,) * 3,
    )


def onnx_network(**options) -> OnnxNetwork:
    return OnnxNetwork("embedder", embedder_model(SIDE_PX, **options), CPU)


@pytest.mark.parametrize("batch", ["N", 1])
@pytest.mark.parametrize("layout", ["nchw", "nhwc"])
def test_a_sound_embedder_tells_the_size_of_its_templates(batch, layout):
    assert check_embedder(onnx_network(dim=7, batch=batch, layout=layout), chips(layout)) == 7


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (
            {"layout": "nhwc"},
            r"takes chips, float32 \(N, 16, 16, 3\), not float32 \(N, 3, 16, 16\)",
        ),
        ({"batch": 8}, "batches of 8 only"),
    ],
)
def test_an_embedder_of_other_shapes_is_refused(options, problem):
    with pytest.raises(NetworkInvalid, match=problem):
        check_embedder(onnx_network(**options), chips())


def means(tensor):
    return tensor.mean(axis=(2, 3))


def counting():
    """A network that gives another vector each time."""
    calls = iter(range(1, 100))
    return lambda tensor: means(tensor) + next(calls)


@pytest.mark.parametrize(
    ("compute", "problem"),
    [
        (lambda tensor: np.ones((len(tensor), 4), np.float32), "same vector for every chip"),
        (lambda tensor: np.zeros((len(tensor), 4), np.float32), "same vector for every chip"),
        (lambda tensor: means(tensor) * np.nan, "not finite"),
        (lambda tensor: means(tensor - tensor.mean(axis=0)) + tensor[:, 0, 0, :3], "other chips"),
        (lambda tensor: tensor, "size of a template"),
        (lambda tensor: means(tensor)[:, :1], "size of a template"),
        (counting(), "another vector every time"),
    ],
    ids=["constant", "zero", "nan", "batch", "map", "one number", "changing"],
)
def test_vectors_that_cannot_be_compared_are_refused(compute, problem):
    with pytest.raises(NetworkInvalid, match=problem):
        check_embedder(FakeNetwork(compute, (None, 3, SIDE_PX, SIDE_PX)), chips())


def test_an_embedder_of_bytes_is_refused():
    with pytest.raises(NetworkInvalid, match="uint8"):
        check_embedder(FakeNetwork(means, dtype=np.uint8), chips())


def test_a_yunet_is_known_by_its_outputs():
    check_yunet(OnnxNetwork("detector", yunet_model(sorted(YUNET_OUTPUTS)), CPU))
    with pytest.raises(NetworkInvalid, match="kps_8 missing"):
        check_yunet(OnnxNetwork("detector", yunet_model(sorted(YUNET_OUTPUTS - {"kps_8"})), CPU))


def yunet_taking(shape, dtype=np.float32) -> FakeNetwork:
    network = FakeNetwork(means, shape, dtype)
    (given,) = network.outputs
    network.outputs = tuple(replace(given, name=name) for name in YUNET_OUTPUTS)
    network.inputs = (replace(network.inputs[0], name="input"),)
    return network


@pytest.mark.parametrize("shape", [(1, 3, None, None), (None, 3, None, None), (1, 3, 640, 640)])
def test_a_yunet_takes_any_image_or_one_square(shape):
    check_yunet(yunet_taking(shape))


@pytest.mark.parametrize(
    ("shape", "dtype"),
    [
        ((1, 3, 640, 320), np.float32),
        ((1, 640, 640, 3), np.float32),
        ((4, 3, None, None), np.float32),
        ((1, 3, None, None), np.uint8),
    ],
)
def test_a_yunet_of_another_input_is_refused(shape, dtype):
    with pytest.raises(NetworkInvalid, match=r"not input, float32 \(1, 3, H, W\)"):
        check_yunet(yunet_taking(shape, dtype))


@pytest.mark.data
def test_published_networks_pass(data_dir):
    models = data_dir / "models"
    check_yunet(
        OnnxNetwork("yunet", (models / "face_detection_yunet_2023mar.onnx").read_bytes(), CPU)
    )
    file = models / "mobilefacenet_foamliu.onnx"
    part = chips().model_copy(update={"width": 112, "height": 112})
    assert check_embedder(OnnxNetwork("embedder", file.read_bytes(), CPU), part) == 128
