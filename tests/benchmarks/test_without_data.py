"""A benchmark that cannot run says so in a line, and the others run all the same."""

import importlib
import sys
from pathlib import Path

import pytest

from benchmarks import __main__ as everything
from benchmarks import databases
from benchmarks.databases import on_each

ON_LFW = (
    "activation_ranges",
    "all_against_all",
    "calibration",
    "lfw_identification",
    "lfw_report",
    "lfw_view2",
    "open_set",
)


@pytest.mark.parametrize("name", ON_LFW)
def test_without_lfw_it_says_where_it_was_looked_for(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [name, "--data", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        importlib.import_module(f"benchmarks.{name}").main()
    said = f"no LFW at {tmp_path / 'lfw'}; name the evaluation data with --data"
    assert str(ended.value) == said


def test_all_of_them_are_tried_and_those_that_did_not_run_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(everything, "BENCHMARKS", ("lfw_report", "lfw_view2"))
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--data", str(tmp_path)])
    with pytest.raises(SystemExit, match="not measured: lfw_report, lfw_view2"):
        everything.main()
    told = capfd.readouterr()
    assert told.out == "== lfw_report\n== lfw_view2\n"
    assert told.err == 2 * f"no LFW at {tmp_path / 'lfw'}; name the evaluation data with --data\n"


def test_without_postgresql_the_other_database_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(databases, "SERVER", "postgresql://nobody@127.0.0.1:1/postgres")
    results = on_each(["sqlite", "postgresql"], lambda url: url.partition(":")[0])
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("postgresql is not measured: VULTUS_TEST_POSTGRES_URL: ")
    reason = line.removeprefix("postgresql is not measured: ")
    assert results == {"sqlite": "sqlite", "postgresql": {"not_measured": reason}}


def test_without_any_database_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "SERVER", "postgresql://nobody@127.0.0.1:1/postgres")
    with pytest.raises(SystemExit, match="no database"):
        on_each(["postgresql"], lambda url: url)
