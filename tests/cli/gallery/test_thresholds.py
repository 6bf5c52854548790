import json
from typing import Any

import pytest

import vultus
from vultus.domain.gallery import ThresholdPolicy


def advised(run: Any, *words: str) -> dict[str, Any]:
    code, out, err = run("thresholds", "advise", *words, "--json")
    assert (code, err) == (0, "")
    answer: dict[str, Any] = json.loads(out)
    return answer


def test_advice_names_threshold_interval_and_costs(run: Any) -> None:
    advice = advised(run, "--subjects", "1000", "--fpir", "0.01")
    assert advice["low"] < advice["threshold"] < advice["high"]
    assert advice["fpir"] == pytest.approx(0.01, rel=0.01)
    assert 0.2 < advice["fnir_low"] < advice["fnir"] < advice["fnir_high"] < 0.6
    assert not advice["fnir_is_at_most"]
    assert advice["measured_on"]["people"] == 5749


def test_advice_is_readable(run: Any) -> None:
    code, out, _ = run("thresholds", "advise", "--subjects", "1000")
    assert code == 0
    assert "Among 1,000 subjects:" in out
    assert "strangers named  1.00%" in out
    assert "measured on      LFW" in out
    assert "with one enrolled photo each" in out
    assert "there the answer is uncertain" in out
    assert "nobody is named, and a person should look" in out


def test_larger_galleries_and_more_photos_need_higher_thresholds(run: Any) -> None:
    sizes = (["100"], ["1000"], ["1000", "--photos", "3"])
    thresholds = [advised(run, "--subjects", *size)["threshold"] for size in sizes]
    assert thresholds == sorted(set(thresholds))


def test_a_gallery_is_taken_as_it_is(run: Any, staff: vultus.OpenGallery) -> None:
    assert advised(run, "--gallery", "staff")["subjects"] == 2


def test_a_gallery_is_advised_by_its_own_policy(run: Any, staff: vultus.OpenGallery) -> None:
    staff.set_policy(ThresholdPolicy("fpir", 0.002))
    advice = advised(run, "--gallery", "staff")
    assert advice["fpir"] == pytest.approx(0.002)
    assert advice["gallery"]["threshold"] == pytest.approx(advice["threshold"])
    assert advice["gallery"]["policy"] == {"kind": "fpir", "fpir": 0.002}
    assert advised(run, "--gallery", "staff", "--fpir", "0.01")["fpir"] == pytest.approx(0.01)
    _, out, _ = run("thresholds", "advise", "--gallery", "staff")
    assert "in force         the gallery staff decides by this threshold" in out


def test_what_a_gallery_really_decides_by_is_told(run: Any, staff: vultus.OpenGallery) -> None:
    staff.set_policy(ThresholdPolicy("fpir", 0.05))
    advice = advised(run, "--gallery", "staff")
    assert advice["fpir"] == pytest.approx(0.05)
    assert advice["threshold"] < advice["gallery"]["threshold"] == 0.92919
    assert advice["gallery"]["fpir"] < 0.01
    _, out, _ = run("thresholds", "advise", "--gallery", "staff")
    assert "at most 5.00% of strangers named, as the gallery's policy says" in out
    assert "The gallery staff decides by:\n  threshold        0.9292" in out
    assert "never goes below the threshold of pairs, the pack's own" in out


def test_a_fixed_gallery_decides_by_the_pack_or_the_settings(
    run: Any, staff: vultus.OpenGallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = advised(run, "--gallery", "staff")["gallery"]
    assert (own["policy"]["kind"], own["threshold"], own["origin"]) == ("fixed", 0.92919, "pack")
    monkeypatch.setenv("VULTUS_MATCH__THRESHOLD", "0.5")
    _, out, _ = run("thresholds", "advise", "--gallery", "staff")
    assert "0.5000  (below every threshold that was measured)" in out
    assert "strangers named  at least" in out


def test_misses_with_several_photos_are_said_to_be_a_bound(run: Any) -> None:
    _, out, _ = run("thresholds", "advise", "--subjects", "1000", "--photos", "3")
    assert "Among 1,000 subjects, with 4,000 comparisons:" in out
    assert "people missed    at most" in out
    assert "does not follow from the pack's rates" in out
    assert advised(run, "--subjects", "1000", "--photos", "3")["fnir_is_at_most"]


def test_an_answer_at_an_end_of_what_was_measured_says_so(run: Any) -> None:
    costs = ("--cost-miss", "100000", "--cost-false-alarm", "1")
    for words in (("--fpir", "0.9"), costs):
        _, out, _ = run("thresholds", "advise", "--subjects", "10", *words)
        assert "0.8908  (the lowest threshold that was measured; what lower ones do" in out
    assert advised(run, "--subjects", "10", "--fpir", "0.9")["end"] == "lowest"
    code, _, err = run("thresholds", "advise", "--subjects", "1", "--fnir", "0.001")
    assert code == 1
    assert "what lower ones miss was not measured" in err


def test_another_pack_gives_no_advice_on_a_gallery(run: Any, staff: vultus.OpenGallery) -> None:
    assert advised(run, "--gallery", "staff", "--pack", "dlib")["subjects"] == 2
    code, _, err = run("thresholds", "advise", "--gallery", "staff", "--pack", "opencv")
    assert (code, "were made by dlib@1" in err) == (1, True)


def test_misses_and_costs_can_be_asked_for(run: Any) -> None:
    assert advised(run, "--subjects", "100", "--fnir", "0.1")["fnir"] <= 0.1
    dear = advised(run, "--subjects", "100", "--cost-false-alarm", "100", "--cost-miss", "1")
    cheap = advised(run, "--subjects", "100", "--cost-false-alarm", "1", "--cost-miss", "1")
    assert dear["threshold"] > cheap["threshold"]


def test_what_the_pack_cannot_tell_is_refused(run: Any) -> None:
    code, out, err = run("thresholds", "advise", "--subjects", "1000000", "--fpir", "0.01")
    assert (code, out) == (1, "")
    assert "16,522,626 comparisons" in err


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--subjects", "10", "--gallery", "staff"),
        ("--subjects", "10", "--fpir", "0.01", "--fnir", "0.1"),
        ("--subjects", "10", "--cost-miss", "1"),
        ("--subjects", "10", "--strangers", "0.1"),
        ("--gallery", "staff", "--photos", "3"),
    ],
)
def test_a_question_without_sense_is_refused(run: Any, words: tuple[str, ...]) -> None:
    assert run("thresholds", "advise", *words)[0] == 2


def test_a_pack_without_rates_says_what_to_do(run: Any) -> None:
    code, _, err = run("thresholds", "advise", "--subjects", "10", "--pack", "opencv")
    assert code == 1
    assert "vultus thresholds calibrate" in err
