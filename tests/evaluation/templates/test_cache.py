import os
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from vultus.errors import TemplateCacheUnavailable
from vultus.evaluation.templates.cache import TemplateCache
from vultus.evaluation.templates.embedded import MEASURES, NOT_MEASURED, NOTHING, Embedded

FACE = Embedded(2, np.array([0.6, 0.8], np.float32), np.arange(len(MEASURES), dtype=np.float32))
NO_FACE = Embedded(0, NOTHING, NOT_MEASURED)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "templates" / "fake@1.sqlite"


def assert_same(found: Embedded, expected: Embedded) -> None:
    assert found.faces == expected.faces
    np.testing.assert_array_equal(found.vector, expected.vector)
    np.testing.assert_array_equal(found.measures, expected.measures)


def test_what_was_kept_comes_back(path: Path) -> None:
    TemplateCache(path).add({"a": FACE, "b": NO_FACE})
    found = TemplateCache(path).get(["a", "b", "c"])
    assert found.keys() == {"a", "b"}
    assert_same(found["a"], FACE)
    assert_same(found["b"], NO_FACE)


def test_more_is_asked_for_than_goes_into_one_query(path: Path) -> None:
    digests = [str(number) for number in range(1_201)]
    cache = TemplateCache(path)
    cache.add(dict.fromkeys(digests, FACE))
    assert cache.get(digests).keys() == set(digests)


def test_templates_are_for_their_owners_eyes_alone(path: Path) -> None:
    TemplateCache(path).add({"a": FACE})
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0
        assert path.parent.stat().st_mode & 0o077 == 0


def test_what_is_forgotten_leaves_no_trace_in_the_file(path: Path) -> None:
    cache = TemplateCache(path)
    cache.add({"a": FACE, "b": NO_FACE})
    assert FACE.vector.tobytes() in path.read_bytes()
    cache.forget({"a"})
    assert cache.get(["a", "b"]).keys() == {"b"}
    assert FACE.vector.tobytes() not in path.read_bytes()


def test_a_row_that_was_changed_counts_as_not_there(path: Path) -> None:
    cache = TemplateCache(path)
    cache.add({"a": FACE, "b": NO_FACE})
    database = sqlite3.connect(path)
    with database:
        database.execute("update templates set faces = 3 where digest = 'a'")
    database.close()
    assert cache.get(["a", "b"]).keys() == {"b"}
    cache.add({"a": FACE})
    assert cache.get(["a"]).keys() == {"a"}


@pytest.mark.parametrize(
    "content", [b"no database at all" * 100, b"SQLite format 3\0" + bytes(5_000)]
)
def test_a_damaged_file_is_made_anew(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    cache = TemplateCache(path)
    assert cache.get(["a"]) == {}
    cache.add({"a": FACE})
    assert cache.get(["a"]).keys() == {"a"}


def test_a_file_that_was_cut_short_is_made_anew(path: Path) -> None:
    cache = TemplateCache(path)
    cache.add({str(number): FACE for number in range(500)})
    path.write_bytes(path.read_bytes()[:-5_000])
    assert cache.get(["7"]) == {}
    cache.add({"a": FACE})
    assert cache.get(["a"]).keys() == {"a"}


def test_a_file_of_another_format_is_made_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    TemplateCache(path).add({"a": FACE})
    monkeypatch.setattr("vultus.evaluation.templates.cache.FORMAT", 99)
    assert TemplateCache(path).get(["a"]) == {}


def test_a_place_that_cannot_be_written_is_an_error_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(TemplateCacheUnavailable, match="cannot be used"):
        TemplateCache(tmp_path / "file" / "x.sqlite").get(["a"])


def test_a_file_that_another_process_writes_for_long_is_an_error_and_stays(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = TemplateCache(path)
    cache.add({"a": FACE})
    monkeypatch.setattr("vultus.evaluation.templates.cache.PATIENCE_S", 0.05)
    other = sqlite3.connect(path)
    other.execute("begin exclusive")
    with pytest.raises(TemplateCacheUnavailable, match="locked"):
        cache.add({"b": FACE})
    other.rollback()
    other.close()
    assert cache.get(["a"]).keys() == {"a"}
