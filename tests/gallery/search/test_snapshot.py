import json
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from searching import changes, directions, gallery, near
from vultus.domain.template import ModelId
from vultus.errors import SnapshotUnusable
from vultus.gallery.search.faiss import FaissIndex
from vultus.gallery.search.graph import GraphOptions
from vultus.gallery.search.holding_files import YOUNG, read_holding
from vultus.gallery.search.snapshot import Snapshots

OPTIONS = GraphOptions(links=8, build_width=40, search_width=64)
GALLERY = gallery()
ROWS = directions(200)


def filled(graph_from: int | None = None) -> FaissIndex:
    """An index of 200 faces, of which 10 are gone, and with a graph 20 are young."""
    index = FaissIndex(16, graph_from=graph_from, options=OPTIONS)
    index.apply(changes(1, [(face, face // 2) for face in range(180)], ROWS[:180]))
    index.tend()
    index.apply(changes(2, [(face, face // 2) for face in range(180, 200)], ROWS[180:]))
    index.apply(changes(3, removed=list(range(10))))
    return index


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    return Snapshots(tmp_path / "snapshots")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "snapshots" / GALLERY.id


@pytest.mark.parametrize("graph_from", [None, 100], ids=["without graph", "with graph"])
def test_what_was_saved_answers_as_before(snapshots: Snapshots, graph_from: int | None) -> None:
    index, again = filled(graph_from), FaissIndex(16, graph_from=graph_from, options=OPTIONS)
    snapshots.write(GALLERY, index)
    assert snapshots.load(GALLERY, again)
    assert (again.revision, again.keys().tolist()) == (3, index.keys().tolist())
    probes = near(ROWS)
    assert np.array_equal(again.search(probes, 5).faces, index.search(probes, 5).faces)


@pytest.mark.parametrize("graph_from", [None, 100], ids=["without graph", "with graph"])
def test_what_was_loaded_goes_on_from_there(snapshots: Snapshots, graph_from: int | None) -> None:
    snapshots.write(GALLERY, filled(graph_from))
    again = FaissIndex(16, graph_from=graph_from, options=OPTIONS)
    snapshots.load(GALLERY, again)
    again.apply(changes(4, [(15, 999)], ROWS[:1], removed=[50, 190]))
    assert again.search(ROWS[:1], 1).subjects.tolist() == [[999]]
    assert {15, 50, 190} & set(again.keys().tolist()) == {15}


def test_faces_that_changed_after_they_were_linked_are_saved_as_they_are(
    snapshots: Snapshots,
) -> None:
    index = filled(graph_from=100)
    index.apply(changes(4, [(face, 7) for face in range(20, 60)], near(ROWS[20:60])))
    assert index.tend()
    snapshots.write(GALLERY, index)
    again = FaissIndex(16, graph_from=100, options=OPTIONS)
    assert snapshots.load(GALLERY, again)
    again.apply(changes(5, removed=list(range(20, 50))))
    assert again.keys().tolist() == [*range(10, 20), *range(50, 200)]


@pytest.mark.parametrize("graph_from", [None, 100], ids=["without graph", "with graph"])
def test_of_a_template_that_was_removed_nothing_is_saved(
    snapshots: Snapshots, home: Path, graph_from: int | None
) -> None:
    snapshots.write(GALLERY, filled(graph_from))
    saved = b"".join(path.read_bytes() for path in home.rglob("*.*"))
    held = [row.tobytes() in saved for row in ROWS]
    assert held == [False] * 10 + [True] * 190


def test_where_nothing_was_saved_there_is_nothing(snapshots: Snapshots) -> None:
    index = FaissIndex(16)
    assert not snapshots.load(GALLERY, index)
    assert len(index) == 0


def test_a_new_snapshot_takes_the_place_of_the_old(snapshots: Snapshots, home: Path) -> None:
    index = filled()
    snapshots.write(GALLERY, index)
    index.apply(changes(4, removed=[50]))
    snapshots.write(GALLERY, index)
    assert len(list(home.iterdir())) == 2
    again = FaissIndex(16)
    snapshots.load(GALLERY, again)
    assert again.revision == 4


def test_nobody_else_can_read_it(snapshots: Snapshots, home: Path) -> None:
    snapshots.write(GALLERY, filled())
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_a_snapshot_that_cannot_be_written_leaves_the_one_before(
    snapshots: Snapshots, home: Path
) -> None:
    class Full(FaissIndex):
        def save(self, folder: Path) -> int:
            (folder / "young.npz").write_bytes(b"half of it")
            raise OSError(28, "No space left on device")

    snapshots.write(GALLERY, filled())
    before = sorted(home.rglob("*"))
    with pytest.raises(OSError, match="No space"):
        snapshots.write(GALLERY, Full(16))
    assert sorted(home.rglob("*")) == before


def test_forgetting_leaves_nothing(snapshots: Snapshots, home: Path) -> None:
    snapshots.write(GALLERY, filled())
    snapshots.forget(GALLERY.id)
    assert not home.exists()
    snapshots.forget(GALLERY.id)


def files_of(home: Path) -> dict[str, Path]:
    return {path.name: path for path in home.rglob("*.*")}


def flip(name: str) -> Callable[[Path], None]:
    def act(home: Path) -> None:
        path = files_of(home)[name]
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)

    return act


def cut(name: str) -> Callable[[Path], None]:
    def act(home: Path) -> None:
        path = files_of(home)[name]
        path.write_bytes(path.read_bytes()[:-1])

    return act


def remove(name: str) -> Callable[[Path], None]:
    return lambda home: files_of(home)[name].unlink()


def say(**content: object) -> Callable[[Path], None]:
    def act(home: Path) -> None:
        path = home / "manifest.json"
        manifest = json.loads(path.read_text())
        manifest["content"] |= content
        path.write_text(json.dumps(manifest))

    return act


def put(text: str) -> Callable[[Path], None]:
    return lambda home: (home / "manifest.json").write_text(text) and None


FAULTS = {
    "a flipped bit in the templates": flip("young.npz"),
    "a flipped bit in the graph": flip("graph.faiss"),
    "a flipped bit in the faces of the graph": flip("graph.npz"),
    "a cut end": cut("graph.faiss"),
    "a missing file": remove("graph.npz"),
    "a manifest that says another revision": say(revision=2),
    "a manifest of another schema": say(schema_version=2),
    "a manifest that leads elsewhere": say(folder="../elsewhere"),
    "an empty manifest": put(""),
    "no JSON": put("not JSON"),
    "a manifest without end": put(" " * 1_000_000 + "{}"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_broken_snapshot_is_refused(snapshots: Snapshots, home: Path, fault) -> None:
    snapshots.write(GALLERY, filled(graph_from=100))
    fault(home)
    index = FaissIndex(16, graph_from=100, options=OPTIONS)
    with pytest.raises(SnapshotUnusable):
        snapshots.load(GALLERY, index)
    assert (index.revision, len(index)) == (0, 0)


def test_a_snapshot_of_another_gallery_is_refused(snapshots: Snapshots, home: Path) -> None:
    other = gallery("f" * 32)
    snapshots.write(GALLERY, filled())
    home.rename(home.with_name(other.id))
    with pytest.raises(SnapshotUnusable, match="its gallery is 0000"):
        snapshots.load(other, FaissIndex(16))


def test_a_snapshot_of_another_model_is_refused(snapshots: Snapshots) -> None:
    snapshots.write(GALLERY, filled())
    with pytest.raises(SnapshotUnusable, match="its model is fake@1, not fake@2"):
        snapshots.load(gallery(model=ModelId("fake", "2")), FaissIndex(16))


@pytest.mark.parametrize(
    ("graph_from", "options"),
    [(None, OPTIONS), (7, OPTIONS), (100, replace(OPTIONS, links=9))],
    ids=["without a graph", "a graph from elsewhere on", "other links"],
)
def test_a_snapshot_that_was_made_in_another_way_is_refused(
    snapshots: Snapshots, graph_from: int | None, options: GraphOptions
) -> None:
    snapshots.write(GALLERY, filled(graph_from=100))
    with pytest.raises(SnapshotUnusable, match="its recipe is graph from 100, 8 links"):
        snapshots.load(GALLERY, FaissIndex(16, graph_from=graph_from, options=options))


def test_how_it_is_searched_may_change_between_runs(snapshots: Snapshots) -> None:
    snapshots.write(GALLERY, filled(graph_from=100))
    wider = replace(OPTIONS, search_width=500)
    assert snapshots.load(GALLERY, FaissIndex(16, graph_from=100, options=wider))


def test_files_are_read_as_arrays_and_nothing_else(tmp_path: Path) -> None:
    objects = np.array([{"no": "array"}], dtype=object)
    np.savez(tmp_path / YOUNG, keys=objects, subjects=objects, vectors=objects)
    with pytest.raises(ValueError, match="allow_pickle=False"):
        read_holding(tmp_path, 16)


@pytest.mark.parametrize(
    "young",
    [
        {"keys": np.arange(3), "subjects": np.arange(2), "vectors": ROWS[:3]},
        {"keys": np.arange(3), "subjects": np.arange(3), "vectors": ROWS[:3, :8]},
        {"keys": np.array([1, 2, 2]), "subjects": np.arange(3), "vectors": ROWS[:3]},
        {"keys": np.arange(3.0), "subjects": np.arange(3), "vectors": ROWS[:3]},
        {"keys": np.arange(3), "subjects": np.arange(3), "vectors": ROWS[:3].astype(np.float64)},
    ],
    ids=["lengths", "size of templates", "a key twice", "keys", "vectors"],
)
def test_arrays_that_do_not_fit_together_are_refused(tmp_path: Path, young) -> None:
    np.savez(tmp_path / YOUNG, **young)
    with pytest.raises(ValueError, match=r"young templates|a face stands there twice"):
        read_holding(tmp_path, 16)
