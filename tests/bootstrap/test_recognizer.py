import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import vultus
from networks import embedder_model
from packs import FILES, manifest, network, write_pack
from vultus.errors import PackInvalid, SettingInvalid, TensorMismatch
from vultus.models.packs.pack import Pack
from vultus.settings import Settings, load_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path / "home", inference={"threads": 1})


def written(tmp_path: Path, model: bytes = FILES["embed"], **changes: Any) -> Path:
    """A pack whose manifest says other things of its embedder."""
    data = manifest("mine")
    data["networks"]["embed"] = network("embed.onnx", model)
    data["embedder"] |= changes
    return write_pack(tmp_path / "mine", data, FILES | {"embed": model})


def test_a_pack_that_is_what_it_says_is_loaded(tmp_path: Path, settings: Settings) -> None:
    assert vultus.load(written(tmp_path), settings=settings).model.pack == "mine"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"dim": 5}, "embedder.dim"), ({"network": "detect"}, "embedder.network")],
)
def test_a_network_that_declares_something_else_is_refused_when_it_is_loaded(
    tmp_path: Path, settings: Settings, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(PackInvalid) as caught:
        vultus.load(written(tmp_path, **changes), settings=settings)
    told = (caught.value.path, caught.value.field)
    assert told == (str(tmp_path / "mine" / "manifest.json"), field)


def test_another_size_of_chips_is_refused_when_it_is_loaded(
    tmp_path: Path, settings: Settings
) -> None:
    part = manifest()["embedder"]["input"] | {"height": 100}
    with pytest.raises(PackInvalid, match=r"wrong at embedder\.input"):
        vultus.load(written(tmp_path, input=part), settings=settings)
    undeclared = embedder_model(100, dim=4, height_px=120, declared=False)
    # It may be the machine that fails: the manifest is not blamed.
    with pytest.raises(TensorMismatch, match="embed"):
        vultus.load(written(tmp_path, undeclared, input=part), settings=settings)


def test_templates_of_another_size_are_refused_even_if_the_network_does_not_declare_any(
    tmp_path: Path, settings: Settings
) -> None:
    model = embedder_model(100, dim=4, height_px=120, declared=False)
    assert vultus.load(written(tmp_path, model), settings=settings)
    with pytest.raises(PackInvalid, match=r"wrong at embedder\.dim"):
        vultus.load(written(tmp_path, model, dim=5), settings=settings)


def test_a_pack_that_takes_everybody_for_one_is_refused_when_it_is_loaded(
    tmp_path: Path, settings: Settings
) -> None:
    part = manifest()["embedder"]["input"] | {"scale": [1e-30] * 3}
    with pytest.raises(PackInvalid, match="one template of chips that are nothing alike"):
        vultus.load(written(tmp_path, input=part), settings=settings)


def detector_of(pack: Path, settings: Settings, **detect: Any) -> Any:
    chosen = settings.model_copy(update={"detect": load_settings(detect=detect).detect})
    return vultus.load(pack, settings=chosen).pipeline.detector


def test_settings_decide_what_mtcnn_takes_for_a_face(settings: Settings, dlib_pack: Pack) -> None:
    own = detector_of(dlib_pack.path, settings)
    stages = (0.5, 0.6, 0.65)
    chosen = detector_of(
        dlib_pack.path, settings, min_face_px=25, min_confidence=0.9, stage_thresholds=stages
    )
    assert (own.thresholds, own.min_confidence) == ((0.6, 0.7, 0.7), 0.8)
    assert (chosen.thresholds, chosen.min_confidence, chosen.min_face_px) == (stages, 0.9, 25)


def test_settings_decide_what_yunet_takes_for_a_face(tmp_path: Path, settings: Settings) -> None:
    pack = written(tmp_path)
    assert detector_of(pack, settings).threshold == 0.7
    assert detector_of(pack, settings, min_confidence=0.9).threshold == 0.9
    with pytest.raises(SettingInvalid, match=r"detect\.stage_thresholds .* yunet has no stages"):
        detector_of(pack, settings, stage_thresholds=(0.5, 0.6, 0.7))


@pytest.mark.parametrize("swapped", [("proposal", "refine"), ("refine", "output")])
def test_swapped_roles_of_a_detector_are_refused_when_it_is_loaded(
    tmp_path: Path, settings: Settings, dlib_pack: Pack, swapped: tuple[str, str]
) -> None:
    directory = tmp_path / "swapped"
    shutil.copytree(dlib_pack.path, directory)
    file = directory / "manifest.json"
    data = json.loads(file.read_text())
    roles = data["detector"]["networks"]
    one, other = swapped
    roles[one], roles[other] = roles[other], roles[one]
    file.write_text(json.dumps(data))
    with pytest.raises(PackInvalid) as caught:
        vultus.load(directory, settings=settings)
    assert caught.value.field in {f"detector.networks.{role}" for role in swapped}


def test_a_detector_of_another_kind_is_refused_when_it_is_loaded(
    tmp_path: Path, settings: Settings, dlib_pack: Pack
) -> None:
    data = manifest("mine")
    data["networks"]["detect"] = network("detect.onnx", dlib_pack.read("output"))
    directory = write_pack(tmp_path / "mine", data, FILES | {"detect": dlib_pack.read("output")})
    with pytest.raises(PackInvalid, match=r"detector\.networks\.detect: it is no YuNet"):
        vultus.load(directory, settings=settings)
