"""The packs that Vultus ships, obtained and built for real."""

import onnx
import pytest

from vultus.models.packs.library import SHIPPED
from vultus.models.packs.manifest import Manifest
from vultus.models.packs.pack import read_manifest
from vultus.models.packs.sources.pypi_address import PypiAddress
from vultus.models.packs.sources.transfer import is_intact

NAMES = ["dlib", "dlib-fp32", "opencv"]


def test_these_packs_are_shipped():
    assert sorted(path.name for path in SHIPPED.iterdir()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_is_named_as_its_directory(name):
    assert read_manifest(SHIPPED / name).name == name


@pytest.fixture(params=NAMES)
def manifest(request: pytest.FixtureRequest) -> Manifest:
    return read_manifest(SHIPPED / request.param)


def test_each_network_is_built_from_a_pinned_artifact_and_allows_commercial_use(manifest):
    assert all(network.build is not None for network in manifest.networks.values())
    assert manifest.non_commercial == {}


def test_each_artifact_is_used_and_has_an_address_that_is_understood(manifest):
    used = {network.build.artifact for network in manifest.networks.values()}
    assert used == set(manifest.artifacts)
    for artifact in manifest.artifacts.values():
        if artifact.source.startswith("pypi:"):
            PypiAddress.parse(artifact.source)
        else:
            assert artifact.source.startswith("https://")


def test_every_point_lies_in_the_chip(manifest):
    chip = manifest.embedder.input
    for points in manifest.embedder.points.values():
        for x, y in points:
            assert 0 < x < chip.width
            assert 0 < y < chip.height


def test_the_eight_bit_pack_differs_from_the_other_in_nothing_else():
    small, large = (read_manifest(SHIPPED / name) for name in ("dlib", "dlib-fp32"))
    assert small.artifacts == large.artifacts
    assert small.embedder == large.embedder
    assert small.detector == large.detector
    assert (large.quantization, small.quantization is None) == (None, False)


def test_the_default_pack_is_built_whole(dlib_pack):
    for key in dlib_pack.manifest.networks:
        onnx.checker.check_model(onnx.load_model_from_string(dlib_pack.read(key)))


def test_the_default_pack_embeds_in_eight_bits(dlib_pack):
    model = onnx.load_model_from_string(dlib_pack.read("embed"))
    assert "QuantizeLinear" in {node.op_type for node in model.graph.node}
    assert dlib_pack.manifest.networks["embed"].size_bytes < 7_000_000


@pytest.mark.data
def test_the_detector_of_the_opencv_pack_is_the_published_file(data_dir):
    artifact = read_manifest(SHIPPED / "opencv").artifacts["yunet"]
    file = data_dir / "models" / "face_detection_yunet_2023mar.onnx"
    assert is_intact(file, artifact.sha256, artifact.size_bytes)
