import json
import shutil
from pathlib import Path

import pytest

from networks import embedder_model
from packs import FILES, NON_COMMERCIAL, manifest, write_pack


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """An empty home of Vultus."""
    monkeypatch.setenv("VULTUS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path / "home"


@pytest.fixture
def home_with_dlib(home, vultus_home) -> Path:
    shutil.copytree(vultus_home, home)
    return home


@pytest.fixture
def vultus(run):
    """Run a command line: its exit code, and what it wrote on stdout and stderr."""
    return run


@pytest.fixture
def mine(tmp_path) -> Path:
    return write_pack(tmp_path / "mine", manifest("mine"))


@pytest.fixture
def restricted(tmp_path) -> Path:
    data = manifest("restricted")
    data["networks"]["embed"]["licence"] = NON_COMMERCIAL
    return write_pack(tmp_path / "restricted", data)


def test_the_list_names_what_can_be_pulled_and_what_is_installed(vultus, mine):
    vultus("packs", "add", str(mine))
    code, out, _ = vultus("packs", "list")
    lines = {line.split()[0]: line for line in out.splitlines()}
    assert code == 0
    assert "can be pulled" in lines["dlib"]
    assert "installed" in lines["mine"]


def test_the_list_is_json_lines_for_programs(vultus, mine):
    vultus("packs", "add", str(mine))
    _, out, _ = vultus("packs", "list", "--json")
    entries = {entry["name"]: entry for entry in map(json.loads, out.splitlines())}
    assert set(entries) == {"dlib", "dlib-fp32", "opencv", "mine"}
    assert (entries["mine"]["installed"], entries["dlib"]["installed"]) == (True, False)
    assert entries["mine"]["commercial_use"] is True


def test_a_broken_manifest_is_listed_and_hides_no_other_pack(vultus, mine, home):
    vultus("packs", "add", str(mine))
    (home / "packs" / "mine" / "manifest.json").write_text("{}")
    code, out, _ = vultus("packs", "list", "--json")
    entries = {entry["name"]: entry for entry in map(json.loads, out.splitlines())}
    assert code == 0
    assert "manifest.json is wrong" in entries["mine"]["state"]
    assert entries["mine"]["version"] is None
    assert "dlib" in entries


def test_show_tells_files_licences_and_origins(vultus):
    code, out, _ = vultus("packs", "show", "dlib")
    assert code == 0
    for word in ("dlib@1", "not installed", "mtcnn", "150x150", "CC0-1.0", "MIT", "Davis King"):
        assert word in out


def test_show_gives_the_manifest_to_programs(vultus, mine):
    vultus("packs", "add", str(mine))
    _, out, _ = vultus("packs", "show", "mine", "--json")
    assert json.loads(out)["networks"] == manifest("mine")["networks"] | json.loads(out)["networks"]
    assert json.loads(out)["schema"] == 1


@pytest.mark.parametrize(
    "words",
    [
        ("show", "absent"),
        ("pull", "absent"),
        ("remove", "absent"),
        ("verify", "absent"),
        ("verify", "dlib"),
        ("add", "."),
        ("add", "no/such/directory"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_1(vultus, words):
    code, out, err = vultus("packs", *words)
    assert (code, out) == (1, "")
    assert err.startswith("vultus: ")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("words", [("pull",), ("list", "dlib"), ("frobnicate",)])
def test_a_wrong_command_line_is_exit_code_2(vultus, words):
    assert vultus("packs", *words)[0] == 2


def test_a_pack_is_added_verified_and_removed(vultus, mine, home):
    assert vultus("packs", "add", str(mine))[0] == 0
    code, out, _ = vultus("packs", "verify")
    assert (code, out) == (0, "mine@1 is intact: 2 networks\n")
    (home / "packs" / "mine" / "embed.onnx").write_bytes(FILES["detect"])
    code, _, err = vultus("packs", "verify", "mine")
    assert (code, "embed.onnx" in err) == (1, True)
    assert vultus("packs", "remove", "mine")[0] == 0
    assert not (home / "packs" / "mine").exists()


def test_every_pack_is_verified_whatever_is_wrong_with_others(vultus, mine, home, tmp_path):
    for name in ("alpha", "beta", "gamma", "delta"):
        assert vultus("packs", "add", str(write_pack(tmp_path / name, manifest(name))))[0] == 0
    packs = home / "packs"
    (packs / "alpha" / "embed.onnx").unlink()
    (packs / "beta" / "manifest.json").write_text("{}")
    (packs / "gamma" / "manifest.json").write_text(json.dumps(manifest("other")))
    code, out, err = vultus("packs", "verify")
    assert (code, out) == (1, "delta@1 is intact: 2 networks\n")
    alpha, beta, gamma = err.splitlines()
    assert "embed.onnx of pack 'alpha'" in alpha
    assert str(packs / "beta" / "manifest.json") in beta
    assert "says 'other' in the directory of 'gamma'" in gamma


def test_a_pack_in_a_directory_of_the_name_that_is_not_known_is_hinted_at(vultus, mine):
    for words in (("packs", "show", "mine"), ("detect", "nobody.jpg", "--pack", "mine")):
        Path("nobody.jpg").touch()
        code, _, err = vultus(*words)
        assert code == 1
        assert err.rstrip().endswith("write ./mine.")
    assert vultus("packs", "show", "./mine")[0] == 0
    assert "./mine" not in vultus("packs", "remove", "mine")[2]


def test_a_licence_that_forbids_commercial_use_is_told_each_time(vultus, restricted):
    for words in (("add", str(restricted)), ("show", "restricted")):
        code, _, err = vultus("packs", *words)
        assert code == 0
        assert err.count("CC-BY-NC-4.0 forbids commercial use of embed") == 1
        assert "Research only." in err


def test_a_free_pack_brings_no_warning(vultus, mine):
    assert "warning" not in vultus("packs", "add", str(mine))[2]


def test_pulling_what_is_here_needs_no_network(vultus, home_with_dlib):
    code, out, _ = vultus("packs", "pull", "dlib")
    assert code == 0
    assert str(home_with_dlib) in out


@pytest.fixture
def embedder(tmp_path) -> Path:
    file = tmp_path / "net.onnx"
    file.write_bytes(embedder_model(112, dim=8, batch=1))
    return file


def new_words(embedder: Path, **options: str) -> list[str]:
    given = {
        "embedder": str(embedder),
        "style": "arcface",
        "licence": "MIT",
        "origin": "us",
    } | options
    return ["packs", "new", "mine", *(f"--{name}={value}" for name, value in given.items())]


def test_a_new_pack_takes_the_detector_of_dlib(vultus, home_with_dlib, embedder, tmp_path):
    code, out, err = vultus(*new_words(embedder))
    assert (code, err) == (0, "")
    written = json.loads((tmp_path / "mine" / "manifest.json").read_text())
    assert (written["embedder"]["dim"], written["detector"]["kind"]) == (8, "mtcnn")
    assert "packs add mine" in out
    assert vultus("packs", "add", "mine")[0] == 0


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"style": "facenet"}, "160"),
        ({"licence": "GPL-3.0-only"}, "commercial use"),
        ({"detector-from": "absent"}, "absent"),
        ({"size": "96x96"}, "points"),
    ],
)
def test_a_new_pack_that_cannot_be_is_not_written(
    vultus, home_with_dlib, embedder, tmp_path, options, problem
):
    code, _, err = vultus(*new_words(embedder, **options))
    assert (code, problem in err) == (1, True)
    assert not (tmp_path / "mine").exists()


def test_a_new_pack_that_fails_on_a_photo_is_not_written(
    vultus, home_with_dlib, embedder, tmp_path
):
    (tmp_path / "empty.jpg").touch()
    code, _, err = vultus(*new_words(embedder), "--try", "empty.jpg")
    assert (code, err.startswith("vultus: empty.jpg: ")) == (1, True)
    assert not (tmp_path / "mine").exists()


def test_points_that_cannot_be_read_are_said_to_be_so(vultus, home_with_dlib, embedder, tmp_path):
    code, _, err = vultus(*new_words(embedder, points="nope.json"))
    assert (code, "nope.json cannot be read" in err) == (1, True)


@pytest.mark.parametrize(
    "options", [{"size": "112"}, {"mean": "1,2"}, {"scale": "x"}, {"style": "other"}]
)
def test_a_malformed_option_of_a_new_pack_is_exit_code_2(vultus, home_with_dlib, embedder, options):
    assert vultus(*new_words(embedder, **options))[0] == 2


@pytest.mark.data
def test_a_published_embedder_is_tried_on_photos(
    vultus, home_with_dlib, data_dir, samples_dir, tmp_path
):
    embedder = data_dir / "models" / "mobilefacenet_foamliu.onnx"
    photos = [
        f"--try={samples_dir / f'{name}.jpg'}"
        for name in ("roger_federer_1", "roger_federer_2", "lionel_messi_1")
    ]
    words = new_words(embedder, style="imagenet", licence="Apache-2.0", origin="foamliu")
    code, out, _ = vultus(*words, *photos)
    assert code == 0
    similarity = {
        tuple(line.split()[:2]): float(line.split()[2])
        for line in out.splitlines()
        if line.count(".jpg ") == 2
    }
    same = similarity["roger_federer_1.jpg", "roger_federer_2.jpg"]
    assert same > 0.4
    assert same > 2 * max(value for pair, value in similarity.items() if "messi" in pair[1])


@pytest.mark.data
def test_a_detector_file_can_be_brought_too(vultus, data_dir, embedder, tmp_path):
    yunet = data_dir / "models" / "face_detection_yunet_2023mar.onnx"
    code, _, err = vultus(*new_words(embedder, detector=str(yunet)))
    assert (code, err) == (0, "")
    written = json.loads((tmp_path / "mine" / "manifest.json").read_text())
    assert written["networks"]["detect"]["licence"]["spdx"] == "MIT"
    assert written["networks"]["detect"]["sha256"].startswith("8f2383e4")
