import json
from pathlib import Path

import pytest

from evaluations import comparisons, evaluation
from vultus.errors import EvaluationUnreadable, FileUnwritable
from vultus.evaluation.report.files import dump, read, write


def test_a_result_is_read_back_as_it_was_but_for_its_pictures(tmp_path: Path) -> None:
    result = evaluation(compared=comparisons())
    write(tmp_path / "new" / "result.json", dump(result))
    assert read(tmp_path / "new" / "result.json") == result.without_pictures()


def test_a_result_of_before_splits_were_named_is_still_read(tmp_path: Path) -> None:
    old = json.loads(dump(evaluation()))
    for newer in ("content", "split", "unreadable"):
        del old["studied"][newer]
    (tmp_path / "old.json").write_text(json.dumps(old))
    assert read(tmp_path / "old.json").studied.content == ""


def test_json_holds_no_picture() -> None:
    images = json.loads(dump(evaluation()))["parts"][0]["cases"][0]["cases"][0]["images"]
    assert [image["jpeg"] for image in images] == ["", ""]


@pytest.mark.parametrize(
    ("text", "problem"),
    [("no JSON", "Invalid JSON"), ("{}", "made_at"), ('{"schema": 2}', "Input should be 1")],
)
def test_a_file_that_is_no_result_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "result.json"
    whole = json.loads(dump(evaluation())) | json.loads(text) if "schema" in text else None
    path.write_text(json.dumps(whole) if whole else text)
    with pytest.raises(EvaluationUnreadable, match=problem):
        read(path)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(EvaluationUnreadable, match="No such file"):
        read(tmp_path / "nowhere.json")


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()
    with pytest.raises(FileUnwritable, match="report"):
        write(tmp_path / "report.html", "text")
    assert list(tmp_path.iterdir()) == [tmp_path / "report.html"]
