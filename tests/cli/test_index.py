import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from searching import changes, directions
from vultus.cli.app import main
from vultus.domain.changes import NewSubject
from vultus.domain.template import ModelId, Template
from vultus.gallery.search.faiss import FaissIndex
from vultus.gallery.search.opening import GRAPH_FROM
from vultus.gallery.search.snapshot import Snapshots
from vultus.gallery.store.opening import open_store
from vultus.gallery.store.requests import Enrolling, NewFace, NewGallery

MODEL = ModelId("fake", "1")
ROWS = directions(2_000)

Run = Callable[..., tuple[int, str]]


def enroll(home: Path, gallery: str, rows: np.ndarray) -> list[str]:
    """Enroll a subject per row, and give the ids of their faces."""
    store = open_store(f"sqlite:///{home / 'vultus.db'}")
    known = {each.name: each for each in store.galleries()}
    new = NewGallery(gallery, MODEL, ROWS.shape[1])
    opened = known.get(gallery) or store.create_gallery(new, actor="test")
    entries = [Enrolling(NewSubject("somebody"), [NewFace(Template(row, MODEL))]) for row in rows]
    stored = store.enroll(opened.id, entries, actor="test")
    store.close()
    return [each.faces[0].id for each in stored]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a gallery of 2,000 faces and one of three."""
    monkeypatch.setenv("VULTUS_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "120")
    enroll(tmp_path, "staff", ROWS)
    enroll(tmp_path, "visitors", ROWS[:3])
    return tmp_path


@pytest.fixture
def index(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `vultus index …`: its exit code, and what it said."""

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["vultus", "index", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    return run


def as_json(said: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in said.splitlines()]


def test_before_the_first_query_an_index_knows_nothing(index: Run) -> None:
    code, said = index("status", "--json")
    assert code == 0
    (staff, visitors) = as_json(said)
    assert (staff["gallery"], staff["templates"], staff["revision"]) == ("staff", 0, 0)
    assert staff["lag"] == staff["store_revision"]
    assert visitors["gallery"] == "visitors"


def test_a_rebuilt_index_is_there_for_the_next_process(index: Run) -> None:
    assert index("rebuild", "staff")[0] == 0
    (staff,) = as_json(index("status", "staff", "--json")[1])
    assert (staff["templates"], staff["lag"]) == (2_000, 0)


def test_people_see_a_table(index: Run) -> None:
    index("rebuild", "staff")
    _, said = index("status")
    assert said.splitlines()[0].split() == ["gallery", "templates", "revision", "of", "behind"]
    assert said.splitlines()[1].split()[:2] == ["staff", "2,000"]


def test_an_index_that_is_right_is_said_to_agree(index: Run) -> None:
    code, said = index("check")
    assert code == 0
    assert "staff: 2,000 templates" in said
    assert said.count("the index agrees") == 2


def test_every_difference_is_named(index: Run, home: Path) -> None:
    store = open_store(f"sqlite:///{home / 'vultus.db'}")
    gallery = store.gallery("staff")
    (page,) = store.changes(gallery.id, 0)
    (lost,) = store.face_ids_by_key(gallery.id, [1_500]).values()
    store.close()
    wrong = FaissIndex(gallery.dim, graph_from=GRAPH_FROM)
    kept = page.keys != 1_500
    faces = zip(page.keys[kept], page.subjects[kept], strict=True)
    vectors = np.concatenate([page.vectors[kept], ROWS[:1]])
    wrong.apply(changes(page.revision, [*faces, (9_999, 1)], vectors))
    Snapshots(home / "indexes").write(gallery, wrong)

    code, said = index("check", "staff")
    assert code == 1
    assert "Run: vultus index rebuild staff" in said
    assert said.splitlines()[1:] == [f"missing: face {lost}", "extra: face of key 9999"]
    (answer,) = as_json(index("check", "staff", "--json")[1])
    assert (answer["clean"], answer["missing"], answer["extra"]) == (False, [1_500], [9_999])
    index("rebuild", "staff")
    assert index("check", "staff")[0] == 0


def test_a_gallery_that_is_not_there_is_an_error(index: Run) -> None:
    code, said = index("status", "nobody")
    assert code == 1
    assert "There is no gallery 'nobody'" in said


def test_one_wrong_name_is_told_before_anything_is_done(index: Run) -> None:
    assert "staff" not in index("rebuild", "staff", "nobody")[1]


def test_pgvector_needs_a_store_on_postgresql(index: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VULTUS_SEARCH__KIND", "pgvector")
    code, said = index("status")
    assert code == 1
    assert "pgvector needs a store on PostgreSQL" in said


@pytest.mark.parametrize("kind", ["exact", "faiss"])
def test_the_kind_of_index_is_a_setting(
    index: Run, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("VULTUS_SEARCH__KIND", kind)
    assert index("check", "visitors")[0] == 0
