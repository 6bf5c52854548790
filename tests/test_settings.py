import pytest

from vultus.errors import SettingInvalid
from vultus.settings import load_settings


def test_without_a_word_the_defaults_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VULTUS_HOME", raising=False)
    settings = load_settings()
    assert settings.pack == "dlib"
    assert settings.detect.min_face_px == 40


def test_the_environment_goes_before_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VULTUS_DETECT__MIN_FACE_PX", "25")
    monkeypatch.setenv("VULTUS_PACK", "opencv")
    monkeypatch.setenv("VULTUS_MATCH__THRESHOLD", "0.4")
    settings = load_settings()
    assert (settings.detect.min_face_px, settings.pack, settings.match.threshold) == (
        25,
        "opencv",
        0.4,
    )


def test_what_is_given_goes_before_the_environment_setting_by_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VULTUS_DETECT__MIN_FACE_PX", "25")
    monkeypatch.setenv("VULTUS_DETECT__MAX_FACES", "3")
    settings = load_settings(detect={"min_face_px": 60})
    assert (settings.detect.min_face_px, settings.detect.max_faces) == (60, 3)


def test_thresholds_of_stages_are_three_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VULTUS_DETECT__STAGE_THRESHOLDS", "0.5,0.6,0.7")
    assert load_settings().detect.stage_thresholds == (0.5, 0.6, 0.7)


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VULTUS_MATCH__THRESHOLD", "")
    assert load_settings().match.threshold is None


@pytest.mark.parametrize(
    "variable", ["VULTUS_NONSENSE", "VULTUS_DETECT", "VULTUS_DETECT__NONSENSE", "VULTUS_PACK__X"]
)
def test_a_variable_that_names_no_setting_is_an_error(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "1")
    with pytest.raises(SettingInvalid, match=variable):
        load_settings()


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("VULTUS_DETECT__MIN_FACE_PX", "small", "detect.min_face_px"),
        ("VULTUS_DETECT__MIN_FACE_PX", "3", "detect.min_face_px"),
        ("VULTUS_DETECT__MIN_CONFIDENCE", "1", "detect.min_confidence"),
        ("VULTUS_DETECT__STAGE_THRESHOLDS", "0.5,0.6", "detect.stage_thresholds"),
        ("VULTUS_DETECT__STAGE_THRESHOLDS", "0.5,0.6,0", "detect.stage_thresholds"),
        ("VULTUS_QUALITY__POLICY", "harsh", "quality.policy"),
    ],
)
def test_a_value_that_a_setting_cannot_have_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingInvalid, match=said):
        load_settings()
