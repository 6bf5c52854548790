import json
import platform
from pathlib import Path

import pytest

from benchmarks.harness import in_turns, summary, write_result


def test_peers_are_asked_in_turns_and_their_first_answers_thrown_away() -> None:
    asked: list[str] = []

    def peer(name: str):
        return lambda: asked.append(name) or {"nth": asked.count(name)}

    answers = in_turns({"a": peer("a"), "b": peer("b")}, warm_up=1, repeats=2)
    assert asked == ["a", "b", "a", "b", "a", "b"]
    assert answers == {"a": [{"nth": 2}, {"nth": 3}], "b": [{"nth": 2}, {"nth": 3}]}


def test_a_summary_tells_median_and_95th_percentile() -> None:
    assert summary(list(range(101))) == {"median": 50, "p95": 95, "least": 0, "samples": 101}


def test_a_result_says_on_which_machine_and_with_what_it_was_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_result(tmp_path / "new", "speed", "How fast?", {"photo": "a.jpg"}, {"ms": 3})
    written = json.loads(path.read_text())
    assert written["results"] == {"ms": 3}
    assert written["settings"] == {"photo": "a.jpg"}
    assert written["environment"]["cores"] >= 1
    assert written["environment"]["python"] == platform.python_version()
    assert {"onnxruntime", "pillow"} <= written["environment"]["libraries"].keys()
    assert str(path) in capsys.readouterr().out
