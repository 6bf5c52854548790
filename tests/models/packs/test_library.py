"""The packs of a machine. Long, because it says of each operation what it owes."""

import hashlib
import json
import multiprocessing
import os
import time
from pathlib import Path

import pytest

from networks import embedder_model
from packs import FILES, manifest, network, pinned, write_pack, write_recipe
from vultus.errors import (
    DigestMismatch,
    LibraryUnwritable,
    NetworkInvalid,
    NotAPack,
    PackDamaged,
    PackExists,
    PackInvalid,
    PackNotFound,
    PackNotInstalled,
    SourceInvalid,
    SourceUnavailable,
)
from vultus.models.inference.onnx import OnnxNetwork, OnnxOptions
from vultus.models.packs.library import PackLibrary
from vultus.models.packs.manifest import CalibrationPart, ThresholdPart
from vultus.models.packs.sources.files import FileSource
from vultus.models.packs.sources.port import Progress, Wanted

CPU = OnnxOptions(threads=1, provider="CPUExecutionProvider", optimization="all")


def no_network(name: str, model: bytes):
    raise AssertionError(f"{name} need not run")


def open_network(name: str, model: bytes) -> OnnxNetwork:
    return OnnxNetwork(name, model, CPU)


@pytest.fixture
def artifacts(tmp_path: Path) -> Path:
    return tmp_path / "artifacts"


@pytest.fixture
def shipped(tmp_path: Path, artifacts: Path) -> Path:
    write_recipe(tmp_path / "shipped", "known", artifacts)
    return tmp_path / "shipped"


@pytest.fixture
def library(tmp_path: Path, shipped: Path) -> PackLibrary:
    return PackLibrary(tmp_path / "home" / "packs", lambda: [FileSource(())], open_network, shipped)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "a directory", manifest("mine"))


def files_below(path: Path) -> set[str]:
    return {str(file.relative_to(path)) for file in path.rglob("*") if file.is_file()}


def test_a_fresh_library_has_nothing_and_knows_what_is_shipped(library):
    assert (library.installed(), library.shipped()) == ([], ["known"])
    assert library.show("known").networks["embed"].sha256 is None


def test_a_pulled_pack_is_whole_and_names_the_digest_of_each_file(library):
    pack = library.pull("known")
    assert library.installed() == ["known"]
    for key, data in FILES.items():
        assert pack.read(key) == data
        part = pack.manifest.networks[key]
        assert (part.sha256, part.size_bytes) == (hashlib.sha256(data).hexdigest(), len(data))
    assert files_below(pack.path) == {"manifest.json", "detect.onnx", "embed.onnx"}
    assert library.show("known") == pack.manifest


def test_nothing_but_the_pack_is_left(library, tmp_path):
    library.pull("known")
    assert {path.name for path in (tmp_path / "home" / "packs").iterdir()} == {"known", ".lock"}


def test_a_pack_that_is_here_is_not_pulled_twice(library, artifacts):
    first = library.pull("known")
    for file in artifacts.iterdir():
        file.unlink()
    assert library.pull("known") == first
    assert library.ensure("known") == first


def test_pulled_again_it_is_made_anew(library):
    pack = library.pull("known")
    (pack.path / "embed.onnx").write_bytes(b"damaged")
    library.pull("known", again=True)
    library.verify("known")


def test_a_pull_that_fails_leaves_the_old_pack(library, artifacts):
    pack = library.pull("known")
    (artifacts / "embed").unlink()
    with pytest.raises(SourceUnavailable):
        library.pull("known", again=True)
    assert library.verify("known") == pack


def test_a_pull_that_fails_keeps_what_arrived_for_the_next(library, artifacts):
    (artifacts / "embed").unlink()
    with pytest.raises(SourceUnavailable):
        library.pull("known")
    assert library.installed() == []
    (artifacts / "detect").unlink()
    (artifacts / "embed").write_bytes(FILES["embed"])
    assert library.pull("known").read("detect") == FILES["detect"]


def test_an_artifact_with_other_bytes_installs_nothing(library, artifacts):
    (artifacts / "embed").write_bytes(b"an impostor")
    with pytest.raises(DigestMismatch):
        library.pull("known")
    assert library.installed() == []


def test_progress_names_every_file(library):
    told = []
    library.pull("known", progress=lambda what, *_: told.append(what))
    assert set(told) == {"detect", "embed", "detect.onnx", "embed.onnx"}


def test_ensure_pulls_what_is_known(library):
    assert library.ensure("known").manifest.name == "known"


def test_ensure_of_an_unknown_pack_lists_the_known_ones(library, mine):
    library.add(mine)
    with pytest.raises(PackNotFound) as caught:
        library.ensure("arcface")
    assert caught.value.known == "known, mine"


@pytest.mark.parametrize("operation", ["open", "verify", "remove"])
def test_a_known_pack_that_is_not_here_is_said_to_be_so(library, operation):
    with pytest.raises(PackNotInstalled, match="packs pull known"):
        getattr(library, operation)("known")


@pytest.mark.parametrize("operation", ["open", "verify", "remove", "show", "pull", "ensure"])
def test_an_unknown_pack_is_not_found(library, operation):
    with pytest.raises(PackNotFound, match="known"):
        getattr(library, operation)("arcface")


@pytest.mark.parametrize("name", ["..", ".", "", ".lock", "known\n", "KNOWN", "known "])
@pytest.mark.parametrize("operation", ["open", "remove", "show", "pull"])
def test_what_is_no_name_is_no_pack(library, operation, name):
    library.pull("known")
    with pytest.raises(PackNotFound):
        getattr(library, operation)(name)
    assert library.installed() == ["known"]


def ship(shipped: Path, **changes: object) -> None:
    """A newer Vultus, whose manifest of the pack `known` says something else."""
    file = shipped / "known" / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


def test_a_pack_whose_networks_are_built_otherwise_by_now_is_not_current(library, shipped, mine):
    library.pull("known")
    library.add(mine)
    assert library.is_current("known")
    assert library.is_current("mine")
    ship(shipped, version="2")
    assert not library.is_current("known")
    assert library.open("known").manifest.version == "1"
    library.pull("known", again=True)
    assert library.is_current("known")
    assert library.open("known").manifest.version == "2"


def test_an_installed_pack_carries_what_a_newer_vultus_knows_of_its_networks(library, shipped):
    older = library.pull("known").manifest
    threshold = {"similarity": 0.6, "fmr": 1e-3, "protocol": "more people", "uncertain_from": 0.5}
    ship(shipped, threshold=threshold)
    pack = library.open("known")
    assert pack.manifest == library.show("known")
    assert pack.manifest.threshold == ThresholdPart(**threshold)
    assert pack.manifest.networks == older.networks
    assert library.is_current("known")
    pack.verify()


def test_what_was_measured_here_outlives_what_a_newer_vultus_knows(library, shipped):
    library.pull("known")
    library.measured("known", THRESHOLD, CALIBRATION, "staff")
    ship(shipped, summary="a better pack", threshold=None)
    manifest = library.open("known").manifest
    assert (manifest.threshold, manifest.measured_here) == (THRESHOLD, "staff")
    assert manifest.summary == "a better pack"


def test_an_added_pack_is_a_copy(library, mine):
    pack = library.add(mine)
    for file in mine.iterdir():
        file.unlink()
    assert library.open("mine").read("embed") == FILES["embed"]
    assert pack.manifest == library.show("mine")


def test_an_added_pack_may_be_built_from_files_beside_its_manifest(library, tmp_path):
    data = manifest("built")
    data["artifacts"] = {"net": {"source": "file:raw/net é.onnx"} | pinned(FILES["embed"])}
    data["networks"]["embed"] = {
        "file": "embed.onnx",
        "licence": data["networks"]["embed"]["licence"],
        "origin": "here",
        "build": {"importer": "copy", "artifact": "net"},
    }
    directory = write_pack(tmp_path / "built", data)
    (directory / "raw").mkdir()
    (directory / "raw" / "net é.onnx").write_bytes(FILES["embed"])
    assert library.add(directory).read("embed") == FILES["embed"]


def test_a_name_is_taken_once(library, mine):
    library.add(mine)
    with pytest.raises(PackExists):
        library.add(mine)


def test_a_pulled_pack_can_be_carried_to_another_machine(library, tmp_path, shipped, artifacts):
    carried = library.pull("known").path
    elsewhere = PackLibrary(tmp_path / "elsewhere", lambda: [FileSource(())], open_network, shipped)
    for file in artifacts.iterdir():
        file.unlink()
    assert elsewhere.add(carried).manifest == library.show("known")


def test_the_name_of_a_shipped_pack_is_not_for_another(library, tmp_path):
    directory = write_pack(tmp_path / "impostor", manifest("known", version="9"))
    with pytest.raises(PackInvalid, match="choose another"):
        library.add(directory)


@pytest.mark.parametrize(
    ("networks", "error"),
    [
        ({"embed": network("embed.onnx", b"other")}, PackDamaged),
        ({"embed": network("absent.onnx", FILES["embed"])}, PackDamaged),
        ({"embed": {"file": "embed.onnx", "licence": {"spdx": "MIT", "commercial_use": True},
                    "origin": "here"}}, PackInvalid),
    ],
    ids=["other bytes", "absent", "no digest"],
)  # fmt: skip
def test_a_directory_without_every_promised_file_is_not_added(library, tmp_path, networks, error):
    data = manifest("mine")
    data["networks"] |= networks
    with pytest.raises(error):
        library.add(write_pack(tmp_path / "pack", data))
    assert library.installed() == []


@pytest.mark.parametrize(
    ("change", "field", "problem"),
    [
        ({"dim": 5}, "embedder.dim", r"gives vectors, float32 \(N, 4\)"),
        ({"input.width": 101}, "embedder.input", r"not float32 \(N, 3, 120, 101\)"),
        ({"input.layout": "nhwc"}, "embedder.input", r"not float32 \(N, 120, 100, 3\)"),
        ({"input.scale": [1e-30] * 3}, "embedder", "same vector for every chip"),
        ({"input.mean": [1e30] * 3}, "embedder", "same vector for every chip"),
        ({"network": "detect"}, "embedder.network", r"\(1, 1, 1, 1\)"),
    ],
)
def test_a_manifest_that_says_of_a_network_what_it_is_not_is_not_added(
    library, tmp_path, change, field, problem
):
    with pytest.raises(PackInvalid, match=problem) as caught:
        library.add(write_pack(tmp_path / "pack", with_embedder(**change)))
    told = caught.value
    assert (told.path, told.field) == (str(tmp_path / "pack" / "manifest.json"), field)
    assert library.installed() == []


@pytest.mark.parametrize("change", [{"dim": 5}, {"input.width": 101}])
def test_what_a_network_does_not_declare_is_found_out_by_running_it(library, tmp_path, change):
    model = embedder_model(100, dim=4, height_px=120, declared=False)
    data = with_embedder(**change)
    data["networks"]["embed"] = network("embed.onnx", model)
    with pytest.raises(PackInvalid) as caught:
        library.add(write_pack(tmp_path / "pack", data, FILES | {"embed": model}))
    assert f"embedder.{next(iter(change))}".startswith(caught.value.field)


def test_a_file_that_is_no_network_is_not_added(library, tmp_path):
    data = manifest("mine")
    data["networks"]["embed"] = network("embed.onnx", b"no network")
    with pytest.raises(NetworkInvalid, match="embed"):
        library.add(write_pack(tmp_path / "pack", data, FILES | {"embed": b"no network"}))
    assert library.installed() == []


def with_embedder(**changes: object) -> dict:
    """A manifest whose embedder has other values at these paths of keys."""
    data = manifest("mine")
    for path, value in changes.items():
        *keys, last = path.split(".")
        place = data["embedder"]
        for key in keys:
            place = place[key]
        place[last] = value
    return data


def test_a_directory_without_a_manifest_is_no_pack(library, tmp_path):
    with pytest.raises(NotAPack):
        library.add(tmp_path)
    with pytest.raises(NotAPack):
        library.open(tmp_path)


def test_an_artifact_from_a_scheme_that_nobody_serves_is_refused(library, tmp_path, artifacts):
    recipe = write_recipe(tmp_path, "recipe", artifacts)
    data = json.loads((recipe / "manifest.json").read_text())
    data["artifacts"]["embed"]["source"] = "http://example.org/embed.onnx"
    (recipe / "manifest.json").write_text(json.dumps(data))
    with pytest.raises(SourceInvalid, match="file:"):
        library.add(recipe)


@pytest.mark.parametrize("form", [Path, str])
def test_a_pack_is_opened_by_its_path_without_being_installed(library, mine, form):
    assert library.open(form(mine)).read("embed") == FILES["embed"]
    assert library.installed() == []


def test_the_manifest_is_that_of_a_name_or_of_a_path(library, mine):
    assert library.manifest("known") == library.show("known")
    assert library.manifest(mine) == library.manifest(str(mine)) == library.open(mine).manifest
    with pytest.raises(PackNotFound):
        library.manifest("nobody")
    with pytest.raises(NotAPack):
        library.manifest(mine / "nothing")


def test_a_pack_opened_by_its_path_needs_digests(library, tmp_path):
    data = manifest("mine")
    for digest in ("sha256", "size_bytes"):
        del data["networks"]["embed"][digest]
    with pytest.raises(PackInvalid, match=r"networks\.embed"):
        library.open(write_pack(tmp_path / "pack", data))


@pytest.mark.parametrize("operation", ["open", "show", "verify"])
def test_an_installed_directory_is_called_as_its_manifest_says(library, operation):
    library.pull("known").path.rename(library.pull("known").path.parent / "copy")
    with pytest.raises(PackInvalid, match="says 'known' in the directory of 'copy'") as caught:
        getattr(library, operation)("copy")
    assert caught.value.field == "name"
    library.remove("copy")
    assert library.installed() == []


@pytest.mark.parametrize("damage", [FILES["embed"].swapcase(), b"shorter", b"", None])
def test_a_damaged_file_is_named(library, damage):
    pack = library.pull("known")
    file = pack.path / "embed.onnx"
    if damage is None:
        file.unlink()
    else:
        file.write_bytes(damage)
    for look in (lambda: library.verify("known"), lambda: library.open("known").read("embed")):
        with pytest.raises(PackDamaged) as caught:
            look()
        assert (caught.value.name, caught.value.file) == ("known", "embed.onnx")


def test_a_removed_pack_is_gone(library, tmp_path):
    library.pull("known")
    library.remove("known")
    assert library.installed() == []
    assert files_below(tmp_path / "home") == {"packs/.lock"}


def test_removing_a_pack_does_not_follow_a_link(library, tmp_path, mine):
    library.pull("known")
    (tmp_path / "home" / "packs" / "mine").symlink_to(mine)
    library.remove("mine")
    assert library.installed() == ["known"]
    assert files_below(mine) == {"manifest.json", "detect.onnx", "embed.onnx"}


def test_what_a_crash_left_is_cleared_and_never_a_pack(library, tmp_path):
    left = tmp_path / "home" / "packs" / ".passing-crashed" / "new"
    write_pack(left, manifest("new"))
    assert library.installed() == []
    library.pull("known")
    assert not left.exists()


def test_a_place_that_cannot_be_written_is_said(library, tmp_path):
    (tmp_path / "home").write_text("a file")
    with pytest.raises(LibraryUnwritable, match="VULTUS_HOME"):
        library.pull("known")


class Slow:
    """A source that takes its time and counts, over processes, how often it was asked."""

    scheme = "file"

    def __init__(self, count: Path) -> None:
        self._count = count

    def fetch(self, wanted: Wanted, target: Path, progress: Progress) -> None:
        with self._count.open("a") as file:
            file.write("x")
        time.sleep(0.05)
        FileSource(()).fetch(wanted, target, progress)


def _pull(root: Path, shipped: Path, count: Path) -> None:
    PackLibrary(root, lambda: [Slow(count)], no_network, shipped).pull("known")


def test_processes_that_pull_at_once_pull_once(tmp_path, shipped):
    count, root = tmp_path / "count", tmp_path / "packs"
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_pull, args=(root, shipped, count)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert len(count.read_text()) == len(FILES)


def _pull_and_die(root: Path, shipped: Path) -> None:
    class Deadly(Slow):
        def fetch(self, wanted: Wanted, target: Path, progress: Progress) -> None:
            FileSource(()).fetch(wanted, target, progress)
            if wanted.source.endswith("embed"):
                os._exit(9)

    PackLibrary(root, lambda: [Deadly(root)], no_network, shipped).pull("known")


def test_a_process_that_dies_midway_installs_nothing_and_hinders_nobody(library, tmp_path, shipped):
    root = tmp_path / "home" / "packs"
    process = multiprocessing.get_context("spawn").Process(
        target=_pull_and_die, args=(root, shipped)
    )
    process.start()
    process.join()
    assert process.exitcode == 9
    assert library.installed() == []
    library.pull("known")
    library.verify("known")


THRESHOLD = ThresholdPart(similarity=0.4, fmr=1e-3, protocol="staff", uncertain_from=0.3)
PAIR = {"similarities": (0.1, 0.9), "probabilities": (0.1, 0.9), "protocol": "staff", "prior": 0.5}
CALIBRATION = CalibrationPart.model_validate({"pair": PAIR})


def test_what_was_measured_here_decides_and_is_no_outdated_pack(library):
    library.pull("known")
    pack = library.measured("known", THRESHOLD, CALIBRATION, "staff")
    assert pack.manifest == library.show("known")
    assert pack.manifest.threshold == THRESHOLD
    assert pack.manifest.calibration == CALIBRATION
    assert pack.manifest.measured_here == "staff"
    assert library.is_current("known")
    library.verify("known")


def test_pulling_again_brings_back_what_a_pack_came_with(library):
    came_with = library.pull("known").manifest
    library.measured("known", THRESHOLD, CALIBRATION, "staff")
    assert library.pull("known", again=True).manifest == came_with


def test_a_pack_that_is_not_here_cannot_be_measured(library):
    with pytest.raises(PackNotInstalled):
        library.measured("known", THRESHOLD, CALIBRATION, "staff")
