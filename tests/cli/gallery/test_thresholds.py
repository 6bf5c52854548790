import json
from typing import Any

import pytest

import vultus


def advised(run: Any, *words: str) -> dict[str, Any]:
    code, out, err = run("thresholds", "advise", *words, "--json")
    assert (code, err) == (0, "")
    answer: dict[str, Any] = json.loads(out)
    return answer


def test_advice_names_threshold_interval_and_costs(run: Any) -> None:
    advice = advised(run, "--subjects", "1000", "--fpir", "0.01")
    assert advice["low"] < advice["threshold"] < advice["high"]
    assert advice["fpir"] == pytest.approx(0.01, rel=0.01)
    assert 0.2 < advice["fnir"] < 0.6
    assert advice["measured_on"]["people"] == 5749


def test_advice_is_readable(run: Any) -> None:
    code, out, _ = run("thresholds", "advise", "--subjects", "1000")
    assert code == 0
    assert "Among 1,000 subjects:" in out
    assert "strangers named  1.00%" in out
    assert "measured on      LFW" in out


def test_larger_galleries_and_more_photos_need_higher_thresholds(run: Any) -> None:
    sizes = (["100"], ["1000"], ["1000", "--photos", "3"])
    thresholds = [advised(run, "--subjects", *size)["threshold"] for size in sizes]
    assert thresholds == sorted(set(thresholds))


def test_a_gallery_is_taken_as_it_is(run: Any, staff: vultus.OpenGallery) -> None:
    assert advised(run, "--gallery", "staff")["subjects"] == 2


def test_a_gallery_that_names_a_share_of_strangers_is_advised_by_it(
    run: Any, staff: vultus.OpenGallery
) -> None:
    run("gallery", "set", "staff", "--policy", "fpir", "--fpir", "0.05")
    assert advised(run, "--gallery", "staff")["fpir"] == pytest.approx(0.05, rel=0.05)
    asked_for = advised(run, "--gallery", "staff", "--fpir", "0.02")
    assert asked_for["fpir"] == pytest.approx(0.02, rel=0.05)


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
    ],
)
def test_a_question_without_sense_is_refused(run: Any, words: tuple[str, ...]) -> None:
    assert run("thresholds", "advise", *words)[0] == 2


def test_a_pack_without_rates_says_what_to_do(run: Any) -> None:
    code, _, err = run("thresholds", "advise", "--subjects", "10", "--pack", "opencv")
    assert code == 1
    assert "vultus thresholds calibrate" in err
