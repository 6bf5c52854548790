import json

import pytest

from packs import CENTRE, FREE, NON_COMMERCIAL, manifest
from vultus.domain.template import ModelId
from vultus.errors import PackInvalid
from vultus.models.packs.manifest import dump_manifest, parse_manifest

MTCNN = {
    "kind": "mtcnn",
    "networks": {"proposal": "detect", "refine": "detect", "output": "detect"},
}
RATES = {
    "similarities": [0.4, 0.5],
    "fmr": {"value": [1e-2, 1e-3], "low": [1e-3, 1e-4], "high": [1e-1, 1e-2]},
    "fnmr": {"value": [0.1, 0.2], "low": [0.0, 0.1], "high": [0.2, 0.3]},
    "spread": {"shape": 0.5, "power": 0.5},
    "people": 1000,
    "protocol": "lfw",
}
THRESHOLD = {
    "similarity": 0.5,
    "fmr": 0.001,
    "protocol": "lfw",
    "uncertain_from": 0.4,
    "rates": RATES,
}
PAIR = {
    "similarities": [0.1, 0.5, 0.9],
    "probabilities": [0.01, 0.5, 0.99],
    "protocol": "lfw",
    "prior": 0.5,
}
SEARCH = {
    "similarities": [0.1, 0.5, 0.9],
    "log_odds": [-5.0, 0.0, 10.0],
    "growth": 1.0,
    "crowding": 2.0,
    "least": 0.001,
    "most": 0.999,
    "strangers": 0.5,
    "protocol": "lfw",
}
CALIBRATION = {"pair": PAIR, "search": SEARCH}


def parse(data):
    return parse_manifest(json.dumps(data), "manifest.json")


def test_what_is_dumped_is_what_was_parsed():
    whole = parse(manifest(threshold=THRESHOLD, calibration=CALIBRATION))
    assert parse_manifest(dump_manifest(whole), "again") == whole


def test_a_calibration_of_pairs_alone_may_stand_without_their_name():
    assert parse(manifest(calibration=PAIR)) == parse(manifest(calibration={"pair": PAIR}))


def test_the_model_is_name_and_version():
    assert parse(manifest("mine", version="2")).model == ModelId("mine", "2")


def test_networks_that_forbid_commercial_use_are_told():
    data = manifest()
    data["networks"]["detect"]["licence"] = NON_COMMERCIAL
    assert set(parse(data).non_commercial) == {"detect"}


def changed(path: str, value: object) -> dict:
    """A manifest with another value at a path of keys; `...` removes the key."""
    data = json.loads(json.dumps(manifest(threshold=THRESHOLD, calibration=CALIBRATION)))
    *keys, last = (int(key) if key.isdigit() else key for key in path.split("."))
    place = data
    for key in keys:
        place = place[key]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("schema", 2),
        ("schema", ...),
        ("name", "Mine"),
        ("name", ".mine"),
        ("name", "a/b"),
        ("name", "a" * 65),
        ("name", "mine\n"),
        ("version", ""),
        ("surprise", 1),
        ("networks", {}),
        ("networks.embed.file", "../embed.onnx"),
        ("networks.embed.file", "dir/embed.onnx"),
        ("networks.embed.file", ".embed"),
        ("networks.embed.sha256", "ABC"),
        ("networks.embed.size_bytes", 0),
        ("networks.embed.licence", {"spdx": "MIT"}),
        ("detector.kind", "hog"),
        ("embedder.input.width", 0),
        ("embedder.input.colour", "grey"),
        ("embedder.input.mean", [1, 2]),
        ("embedder.points.yunet", CENTRE[:4]),
        ("embedder.points.hog", CENTRE),
        ("embedder.dim", 0),
        ("networks.embed.licence.commercial_use", "yes"),
        ("networks.embed.licence.spdx", ""),
        ("networks.embed.origin", " "),
        ("networks.embed.size_bytes", "7"),
        ("embedder.dim", "4"),
        ("embedder.mirror", 1),
        ("embedder.input.scale", [0, 0, 0]),
        ("embedder.input.scale.1", 0),
        ("embedder.input.scale", ["1", 1, 1]),
        ("embedder.input.mean", [1e999, 0, 0]),
        ("embedder.points.yunet", [[50, 60]] * 5),
        ("embedder.points.yunet.3", [1e30, 80]),
        ("embedder.points.yunet.0", [30, -121]),
        ("threshold.similarity", "0.5"),
        ("threshold.similarity", 2),
        ("threshold.fmr", 0),
        ("threshold.protocol", ""),
    ],
)
def test_a_fault_is_named_by_its_path(path, value):
    with pytest.raises(PackInvalid) as caught:
        parse(changed(path, value))
    assert caught.value.field.startswith(path)


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("detector", MTCNN | {"networks": {"proposal": "detect"}}, "output"),
        ("detector.networks.detect", "absent", "absent"),
        ("embedder.network", "absent", "absent"),
        ("embedder.points", {"mtcnn": CENTRE}, "yunet"),
        ("networks.embed.size_bytes", ..., "come together"),
        ("networks.embed.file", "DETECT.onnx", "file of its own"),
        ("networks.embed.file", "manifest.json", "file of its own"),
        ("networks.embed.build", {"importer": "copy", "artifact": "absent"}, "artifact"),
        ("threshold.uncertain_from", 0.6, "uncertain_from"),
        ("calibration.pair.similarities", [0.1, 0.1, 0.9], "rise"),
        ("calibration.pair.probabilities", [0.5, 0.4, 0.9], "fall"),
        ("calibration.pair.probabilities", [0.5, 0.9], "as many"),
        ("calibration.pair.probabilities", [0.0, 0.5, 0.9], "between"),
        ("calibration.search.log_odds", [1.0, 0.0, 2.0], "fall"),
        ("calibration.search.least", 0.9999, "most"),
        ("threshold.rates.similarities", [0.5, 0.4], "rise"),
        ("threshold.rates.fmr.value", [1e-3, 1e-2], "fall"),
        ("threshold.rates.fmr.low", [1e-3, 0.0], "above 0"),
        ("threshold.rates.fnmr.value", [0.2, 0.1], "fall"),
        ("threshold.rates.fnmr.high", [0.2, 0.3, 0.4], "as many"),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(path, value, problem):
    with pytest.raises(PackInvalid, match=problem) as caught:
        parse(changed(path, value))
    # The part that is at fault, or the field in it.
    assert path.startswith(caught.value.field) or caught.value.field.startswith(path)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", b"\xff\xfe"])
def test_what_is_no_manifest_is_refused(text):
    with pytest.raises(PackInvalid):
        parse_manifest(text, "manifest.json")


def test_licences_are_kept_as_they_were_given():
    assert parse(manifest()).networks["embed"].licence.model_dump() == FREE | {"notice": ""}
