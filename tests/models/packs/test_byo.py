from dataclasses import replace

import pytest

from networks import embedder_model, yunet_model
from packs import FILES, manifest, write_pack
from vultus.errors import InvalidValue, NetworkInvalid, PackInvalid
from vultus.models.inference.onnx import OnnxNetwork, OnnxOptions
from vultus.models.packs.byo import (
    Brought,
    NewPack,
    detector_of,
    licence_of,
    write_new_pack,
    yunet,
)
from vultus.models.packs.check.detector import YUNET_OUTPUTS
from vultus.models.packs.pack import open_pack
from vultus.models.packs.styles import STYLES

CPU = OnnxOptions(threads=1, provider="CPUExecutionProvider", optimization="all")
MIT = licence_of("MIT")


def open_network(name: str, model: bytes) -> OnnxNetwork:
    return OnnxNetwork(name, model, CPU)


@pytest.fixture
def new(tmp_path) -> NewPack:
    donor = open_pack(write_pack(tmp_path / "donor", manifest("donor")))
    return NewPack(
        name="mine",
        version="1",
        summary="a network of ours",
        style=STYLES["arcface"],
        mirror=True,
        embedder=Brought(embedder_model(dim=8), MIT, "trained here"),
        detector=detector_of(donor),
    )


def test_a_new_pack_says_all_that_was_said_and_measured(new, tmp_path):
    pack = write_new_pack(new, tmp_path / "mine", open_network)
    part = pack.manifest.embedder
    assert (str(pack.manifest.model), pack.manifest.summary) == ("mine@1", "a network of ours")
    assert (part.input, part.dim, part.mirror) == (new.style.input, 8, True)
    assert part.points == new.style.points
    assert pack.manifest.networks["embed"].origin == "trained here"
    assert (pack.manifest.threshold, pack.manifest.calibration) == (None, None)


def test_a_new_pack_holds_the_files_that_were_brought(new, tmp_path):
    pack = write_new_pack(new, tmp_path / "mine", open_network)
    pack.verify()
    assert pack.read("embed") == new.embedder.data
    assert pack.read("detect") == FILES["detect"]
    assert pack.manifest.detector.kind == "yunet"


def test_a_yunet_file_becomes_the_detector(new, tmp_path):
    model = yunet_model(sorted(YUNET_OUTPUTS))
    found = yunet(Brought(model, MIT, "the OpenCV Zoo"), open_network)
    pack = write_new_pack(replace(new, detector=found), tmp_path / "mine", open_network)
    assert pack.read("detect") == model
    assert pack.manifest.networks["detect"].origin == "the OpenCV Zoo"


def test_an_embedder_of_another_style_writes_nothing(new, tmp_path):
    with pytest.raises(NetworkInvalid, match="160"):
        write_new_pack(replace(new, style=STYLES["facenet"]), tmp_path / "mine", open_network)
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize("wrong", [{"name": "Mine!"}, {"name": "../mine"}, {"version": ""}])
def test_what_the_schema_forbids_writes_nothing(new, tmp_path, wrong):
    with pytest.raises(PackInvalid, match=next(iter(wrong))):
        write_new_pack(replace(new, **wrong), tmp_path / "mine", open_network)
    assert not (tmp_path / "mine").exists()


def test_a_directory_that_is_there_is_left_alone(new, tmp_path):
    with pytest.raises(InvalidValue, match="there already"):
        write_new_pack(new, tmp_path, open_network)


@pytest.mark.parametrize(
    ("spdx", "said", "allowed"),
    [
        ("MIT", None, True),
        ("MIT", False, False),
        ("LicenseRef-ours", True, True),
        ("CC-BY-NC-4.0", False, False),
    ],
)
def test_commercial_use_is_what_was_said_or_what_is_known(spdx, said, allowed):
    assert licence_of(spdx, said).commercial_use is allowed


def test_of_an_unknown_licence_it_must_be_said():
    with pytest.raises(InvalidValue, match="commercial use"):
        licence_of("GPL-3.0-only")
