"""The commands as a person types them, on real photos."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as pillow

from vultus import __version__
from vultus.cli.exit_codes import ExitCode

ADDRESS, BLUE_ROOM, STRANGER = (
    f"photos/{name}.jpg" for name in ("address", "blue_room", "stranger")
)


@pytest.fixture
def vultus(vultus_home: Path, portraits: Path) -> Any:
    """Run a command in the folder of the portraits."""
    more = {"VULTUS_HOME": str(vultus_home), "COLUMNS": "120", "PYTHONIOENCODING": "utf-8:strict"}
    environment = os.environ | more

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


def test_verify_names_the_photo_that_is_to_blame(vultus: Any, tmp_path: Path) -> None:
    grey, broken = tmp_path / "grey.png", tmp_path / "broken.jpg"
    pillow.new("RGB", (200, 200), "grey").save(grey)
    broken.write_bytes(b"\xff\xd8\xff\xe0 and nothing more")
    for photo, code in ((grey, "no_face"), (broken, "broken_image")):
        assert f"vultus: {photo}: " in vultus("verify", ADDRESS, str(photo)).stderr
        done = vultus("verify", ADDRESS, str(photo), "--json")
        (answer,) = lines(done.stdout)
        assert (answer["photo"], answer["error"]["code"]) == (str(photo), code)
        assert f"vultus: {photo}: {answer['error']['message']}\n" == done.stderr


def test_what_ends_a_command_is_told_to_programs_too(vultus: Any) -> None:
    done = vultus("detect", ADDRESS, "--pack", "nonsense", "--json")
    assert done.returncode == 1
    (answer,) = lines(done.stdout)
    assert set(answer) == {"error"}
    assert answer["error"]["code"] == "pack_not_found"
    assert done.stderr == f"vultus: {answer['error']['message']}\n"
    assert vultus("detect", ADDRESS, "--pack", "nonsense").stdout == ""


def test_the_version_is_told(vultus: Any) -> None:
    done = vultus("--version")
    assert (done.returncode, done.stdout) == (0, f"vultus {__version__}\n")


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


def test_templates_of_no_face_are_none_of_the_right_size(vultus: Any, tmp_path: Path) -> None:
    pillow.new("RGB", (200, 200), "grey").save(tmp_path / "grey.png")
    target = tmp_path / "templates.npz"
    assert vultus("embed", str(tmp_path / "grey.png"), "--npz", str(target)).returncode == 0
    with np.load(target, allow_pickle=False) as arrays:
        shapes = {name: arrays[name].shape for name in ("templates", "boxes", "photos")}
    assert shapes == {"templates": (0, 128), "boxes": (0, 4), "photos": (0,)}


def test_a_bad_file_in_a_folder_is_reported_and_the_rest_goes_on(
    vultus: Any, portraits: Path, tmp_path: Path
) -> None:
    (tmp_path / "good.jpg").symlink_to(portraits / ADDRESS)
    (tmp_path / "bad.jpg").write_bytes((portraits / ADDRESS).read_bytes()[:5000])
    done = vultus("detect", str(tmp_path))
    assert done.returncode == ExitCode.PARTLY_FAILED
    assert "bad.jpg" in done.stderr
    assert "good.jpg" in done.stdout


def test_a_missing_photo_among_others_is_reported_and_the_rest_goes_on(vultus: Any) -> None:
    done = vultus("detect", "missing.jpg", ADDRESS, "--json")
    assert done.returncode == ExitCode.PARTLY_FAILED
    failed, found = lines(done.stdout)
    assert (failed["photo"], failed["error"]["code"]) == ("missing.jpg", "image_not_found")
    assert (found["photo"], len(found["faces"])) == (ADDRESS, 1)


def test_no_name_of_a_file_breaks_a_table_or_json(
    vultus: Any, portraits: Path, tmp_path: Path
) -> None:
    names = {r"\x1b[31mred.jpg": b"\x1b[31mred.jpg", r"caf\udce9.jpg": b"caf\xe9.jpg"}
    for name in names.values():
        (tmp_path / os.fsdecode(name)).symlink_to((portraits / ADDRESS).absolute())
    (tmp_path / "two\nlines.jpg").write_bytes(b"no photo")
    done = vultus("detect", str(tmp_path))
    assert done.returncode == ExitCode.PARTLY_FAILED
    assert all(shown in done.stdout for shown in names)
    assert r"two\nlines.jpg: " in done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    told = lines(vultus("detect", str(tmp_path), "--json").stdout)
    assert {os.fsencode(Path(line["photo"]).name) for line in told} > {*names.values()}


def test_the_table_tells_photos_of_one_name_apart(
    vultus: Any, portraits: Path, tmp_path: Path
) -> None:
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.jpg").symlink_to((portraits / ADDRESS).absolute())
    table = vultus("detect", str(tmp_path)).stdout
    assert "one/a.jpg" in table
    assert "other/a.jpg" in table


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["detect", ""], 1, "empty"),
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
