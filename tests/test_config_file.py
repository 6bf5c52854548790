from pathlib import Path

import pytest

from vultus.errors import ConfigUnreadable, SettingInvalid
from vultus.settings import load_settings, settings_with_origins


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory in which Vultus is started, without a word in the environment."""
    monkeypatch.chdir(tmp_path)
    for variable in ("VULTUS_CONFIG", "VULTUS_PACK", "VULTUS_DETECT__MIN_FACE_PX"):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


def test_settings_are_read_from_the_file_that_lies_here(here: Path) -> None:
    (here / "vultus.toml").write_text('pack = "opencv"\n[detect]\nmin_face_px = 25\n')
    settings = load_settings()
    assert (settings.pack, settings.detect.min_face_px) == ("opencv", 25)


def test_the_environment_goes_before_the_file_and_a_call_before_both(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "vultus.toml").write_text("[detect]\nmin_face_px = 25\nlong_side_px = 640\n")
    monkeypatch.setenv("VULTUS_DETECT__MIN_FACE_PX", "30")
    assert load_settings().detect.min_face_px == 30
    given = load_settings(detect={"min_face_px": 35})
    assert (given.detect.min_face_px, given.detect.long_side_px) == (35, 640)


def test_a_file_may_be_named(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "vultus.toml").write_text('pack = "opencv"\n')
    other = here / "other.toml"
    other.write_text("[service]\nport = 9000\n")
    monkeypatch.setenv("VULTUS_CONFIG", str(other))
    settings = load_settings()
    assert (settings.pack, settings.service.port) == ("dlib", 9000)
    monkeypatch.setenv("VULTUS_CONFIG", str(here / "none.toml"))
    with pytest.raises(ConfigUnreadable, match=r"none\.toml"):
        load_settings()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("pakc = 'dlib'", "pakc in"),
        ("[detect]\nmin_face = 7", "detect.min_face in"),
        ("detect = 7", "detect in"),
        ("[pack]\nname = 'dlib'", "pack.name in"),
        ("[detect]\nmin_face_px = 'small'", "detect.min_face_px"),
    ],
)
def test_what_is_no_setting_is_named(here: Path, written: str, said: str) -> None:
    (here / "vultus.toml").write_text(written)
    with pytest.raises(SettingInvalid) as refusal:
        load_settings()
    assert said in str(refusal.value)


@pytest.mark.parametrize("written", [b"pack = ", b"\xff\xfe", b"[["])
def test_a_file_that_is_no_toml_is_refused(here: Path, written: bytes) -> None:
    (here / "vultus.toml").write_bytes(written)
    with pytest.raises(ConfigUnreadable, match=r"vultus\.toml"):
        load_settings()


def test_every_setting_says_where_it_comes_from(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "vultus.toml").write_text("[detect]\nmin_face_px = 25\nlong_side_px = 640\n")
    monkeypatch.setenv("VULTUS_DETECT__MIN_FACE_PX", "30")
    _, origins = settings_with_origins(pack="opencv")
    assert origins["detect.min_face_px"] == "environment"
    assert origins["detect.long_side_px"] == "vultus.toml"
    assert origins["pack"] == "command line"
    assert origins["detect.max_faces"] == "default"
