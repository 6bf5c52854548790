"""The commands as a person types them, on real photos."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vultus.cli.exit_codes import ExitCode

ADDRESS, BLUE_ROOM, STRANGER = (
    f"photos/{name}.jpg" for name in ("address", "blue_room", "stranger")
)


@pytest.fixture
def vultus(vultus_home: Path, portraits: Path) -> Any:
    """Run a command in the folder of the portraits."""
    environment = os.environ | {"VULTUS_HOME": str(vultus_home), "COLUMNS": "120"}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from vultus.cli.app import main; main()", *words]
        return subprocess.run(
            command, capture_output=True, text=True, cwd=portraits, env=environment, check=False
        )

    return run


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_verify_succeeds_only_for_a_match(vultus: Any) -> None:
    assert vultus("verify", ADDRESS, BLUE_ROOM).returncode == 0
    other = vultus("verify", ADDRESS, STRANGER)
    assert other.returncode == ExitCode.UNKNOWN
    assert other.stdout.startswith("unknown")


def test_verify_answers_programs_in_json(vultus: Any) -> None:
    (answer,) = lines(vultus("verify", ADDRESS, BLUE_ROOM, "--json").stdout)
    assert answer["decision"] == "match"
    assert answer["similarity"] >= answer["threshold"]["similarity"]
    assert answer["model"] == {"pack": "dlib", "version": "1"}


def test_a_threshold_given_by_hand_decides(vultus: Any) -> None:
    strict = vultus("verify", ADDRESS, BLUE_ROOM, "--threshold", "0.999", "--json")
    (answer,) = lines(strict.stdout)
    assert answer["decision"] != "match"
    assert answer["threshold"]["origin"] == "setting"


def test_identify_names_people_and_leaves_strangers_unknown(vultus: Any, tmp_path: Path) -> None:
    done = vultus(
        "identify", "photos", "--people", "people", "--json", "--draw", str(tmp_path / "drawn")
    )
    named = {
        Path(line["photo"]).name: [(face["subject"] or {}).get("name") for face in line["faces"]]
        for line in lines(done.stdout)
    }
    assert named["address.jpg"] == ["Barack Obama"]
    assert named["stranger.jpg"] == [None]
    assert len(list((tmp_path / "drawn").glob("*.jpg"))) == len(named) == 5
    assert done.returncode == 0


def test_the_table_names_the_same_people(vultus: Any) -> None:
    table = vultus("identify", ADDRESS, STRANGER, "--people", "people").stdout
    assert "Barack Obama" in table
    assert "unknown" in table


def test_detect_tells_boxes_landmarks_and_quality(vultus: Any) -> None:
    (answer,) = lines(vultus("detect", ADDRESS, "--json").stdout)
    (face,) = answer["faces"]
    assert set(face) == {"box", "confidence", "landmarks", "quality"}
    assert len(face["landmarks"]) == 5


def test_embed_writes_templates_without_pickles(vultus: Any, tmp_path: Path) -> None:
    target = tmp_path / "new" / "templates.npz"
    assert vultus("embed", ADDRESS, STRANGER, "--npz", str(target)).returncode == 0
    with np.load(target, allow_pickle=False) as arrays:
        assert arrays["templates"].shape == (2, 128)
        assert arrays["model"] == "dlib@1"
        np.testing.assert_allclose(np.linalg.norm(arrays["templates"], axis=1), 1, atol=1e-5)


def test_a_bad_file_in_a_folder_is_reported_and_the_rest_goes_on(
    vultus: Any, portraits: Path, tmp_path: Path
) -> None:
    (tmp_path / "good.jpg").symlink_to(portraits / ADDRESS)
    (tmp_path / "bad.jpg").write_bytes((portraits / ADDRESS).read_bytes()[:5000])
    done = vultus("detect", str(tmp_path))
    assert done.returncode == ExitCode.PARTLY_FAILED
    assert "bad.jpg" in done.stderr
    assert "good.jpg" in done.stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["detect", "missing.jpg"], 1, "missing.jpg"),
        (["verify", ADDRESS, "missing.jpg"], 1, "missing.jpg"),
        (["identify", ADDRESS, "--people", "nowhere"], 2, "nowhere"),
        (["detect", ADDRESS, "--pack", "nonsense"], 1, "Known packs"),
        (["detect", ADDRESS, "--min-face", "3"], 2, "min-face"),
    ],
)
def test_a_mistake_gets_one_clear_sentence(
    vultus: Any, words: list[str], code: int, said: str
) -> None:
    done = vultus(*words)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_finds_the_default_pack_intact(vultus: Any) -> None:
    findings = lines(vultus("doctor", "--json").stdout)
    by_name = {finding["name"]: finding for finding in findings}
    assert by_name["dlib"]["state"] == "ok"
    assert "CPUExecutionProvider runs" in by_name["CPUExecutionProvider"]["detail"]


def test_the_demo_names_people_and_draws_them(vultus: Any, portraits: Path) -> None:
    for _ in range(2):
        done = vultus("demo", "--folder", str(portraits))
        assert done.returncode == 0
        assert "Barack Obama" in done.stdout
        assert "unknown" in done.stdout
        assert len(list((portraits / "pictures").glob("*.jpg"))) == 5
