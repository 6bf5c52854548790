from collections.abc import Callable
from dataclasses import replace

import pytest

from studies import faceless, study, table
from vultus.evaluation.parts.pairs import all_against_all_part, verification_part
from vultus.evaluation.parts.study import Contender, Study
from vultus.evaluation.protocols.pairs import pair_trials
from vultus.evaluation.report.evaluation import Part
from vultus.evaluation.report.figure import Figure
from vultus.evaluation.templates.embedded import UNREADABLE
from vultus.matching.calibration import PairCalibration


def figure(part: Part, key: str) -> Figure:
    found = part.figure(f"verification.{key}")
    assert found is not None
    return found


def test_the_figures_are_those_of_the_pairs_that_the_dataset_lists() -> None:
    of = study()
    trials = pair_trials(of.dataset, of.table)
    part = verification_part(of)
    missed = (trials.scores[trials.genuine] < 0.7).mean()
    assert figure(part, "fnmr@threshold").value == pytest.approx(missed)
    assert figure(part, "fn").value == missed * trials.genuine.sum()
    accuracy = figure(part, "accuracy")
    assert accuracy.value is not None
    assert accuracy.low is not None
    assert accuracy.low < accuracy.value


def test_what_was_compared_is_kept_for_another_day() -> None:
    of = study()
    kept = verification_part(of).comparisons
    assert kept is not None
    again, trials = kept.trials, pair_trials(of.dataset, of.table)
    assert (again.rows == trials.rows).all()
    assert (again.genuine == trials.genuine).all()
    assert (again.scores == trials.scores).all()


def test_a_dataset_without_pairs_is_verified_on_pairs_drawn_from_it() -> None:
    part = verification_part(study(paired=False))
    assert "drawn from the dataset (seed 0)" in part.sentence
    assert "Nobody is in two of the 10 folds." in part.sentence
    assert figure(part, "accuracy").measured


def test_a_rate_that_the_data_cannot_show_says_how_much_it_takes() -> None:
    part = verification_part(study())
    refused = figure(part, "fnmr@fmr=0.001")
    assert not refused.measured
    assert "it takes 1,000 to see a rate of 0.1 %" in refused.sentence
    assert part.figure("verification.fnmr@fmr=0.0001") is None


@pytest.mark.parametrize(("people", "photos"), [(1, 3), (4, 1), (1, 1)])
@pytest.mark.parametrize("part_of", [verification_part, all_against_all_part])
def test_too_few_photos_are_an_answer_and_no_crash(
    part_of: object, people: int, photos: int
) -> None:
    assert callable(part_of)
    part = part_of(study(people=people, photos=photos, paired=False))
    assert not any(each.measured for each in part.figures)
    assert "It takes at least two people" in part.figures[0].sentence


def test_two_people_with_two_photos_each_are_enough_for_something() -> None:
    part = all_against_all_part(study(people=2, photos=3, paired=False))
    assert figure(part, "fnmr@threshold").measured


def test_another_model_stands_beside_with_the_same_figures_and_its_curve() -> None:
    of = study()
    worse = Contender("worse@1", "noisier", table(of.dataset, 1.5, "worse"))
    part = verification_part(replace(of, beside=(worse,)))
    (peer,) = part.peers
    shown = {each.key: each.value for each in peer.figures}
    assert shown["verification.eer"] > figure(part, "eer").value
    roc = part.charts[0]
    assert [series.label for series in roc.series] == ["one@1", "worse@1"]


def test_errors_are_told_by_attribute_and_by_measured_size() -> None:
    titles = [each.title for each in verification_part(study()).groupings]
    assert titles == [
        "Misses by face size",
        "Misses by beard",
        "False matches by face size",
        "False matches by beard",
    ]


def test_the_worst_come_with_their_pictures_and_what_was_decided() -> None:
    of = replace(study(), picture=lambda digest: f"picture of {digest[:4]}")
    impostors, genuine, undetected = verification_part(of).cases
    worst = impostors.cases[0]
    assert worst.images[0].subject != worst.images[1].subject
    assert worst.images[0].jpeg == f"picture of {worst.images[0].digest[:4]}"
    assert genuine.cases[0].note in ("accepted", "refused")
    assert [image.name for case in undetected.cases for image in case.images] == [
        of.dataset.images[-1].name
    ]


def test_everybody_with_everybody_counts_each_pair_once() -> None:
    part = all_against_all_part(study())
    assert "180 genuine pairs and 6,960 pairs of different people" in part.sentence


def test_the_probabilities_of_a_pack_are_held_against_what_is_so() -> None:
    of = study(people=120)
    stated = PairCalibration((0.2, 0.9), (0.01, 0.99), 0.5, "a made up protocol")
    part = verification_part(replace(of, calibration=stated))
    error = part.figure("calibration.ece")
    assert error is not None
    assert error.value is not None
    assert error.low is not None
    assert 0 < error.low <= error.value
    assert "a made up protocol" in error.sentence
    assert part.charts[-1].key == "verification.reliability"
    few = verification_part(replace(study(), calibration=stated))
    refused = few.figure("calibration.ece")
    assert refused is not None
    assert not refused.measured
    assert "30 people in genuine comparisons; at least 100 are needed" in refused.sentence
    assert few.charts[-1].key != "verification.reliability"
    unstated = verification_part(of)
    assert unstated.figure("calibration.ece") is None


def test_an_image_that_cannot_be_read_is_told_from_one_without_a_face() -> None:
    of = study()
    faces = of.table.faces.copy()
    faces[-1] = UNREADABLE
    *_, broken = verification_part(replace(of, table=replace(of.table, faces=faces))).cases
    assert broken.key == "unreadable"
    assert "min_face_px" not in broken.sentence


@pytest.mark.parametrize("part_of", [verification_part, all_against_all_part])
def test_what_finds_no_face_is_named_and_keeps_nobody_else_out(
    part_of: Callable[[Study], Part],
) -> None:
    of = study()
    blind = Contender("blind@1", "finds nobody", faceless(of.dataset))
    part = part_of(replace(of, beside=(blind, Contender("same@1", "as it is", of.table))))
    first, second = part.peers
    assert first.figures == ()
    assert "found a face in too few" in first.note
    assert second.figures[0].value == part.compared[0].value
    assert (second.figures[0].low, second.figures[0].high) == (None, None)


def test_no_error_is_no_certainty() -> None:
    clean = study(paired=False)
    clear = all_against_all_part(replace(clean, table=table(clean.dataset, 0.01, undetected=0)))
    rate = figure(clear, "eer")
    assert rate.value == 0
    assert rate.high is not None
    assert rate.high > 0.02
    area = figure(clear, "auc")
    assert (area.value, area.low) == (1, pytest.approx(1 - 3 / 15))


def test_two_people_with_two_photos_who_are_told_apart_prove_nothing() -> None:
    of = study(people=2, photos=2, paired=False)
    part = all_against_all_part(replace(of, table=table(of.dataset, 0.01, undetected=0)))
    eer, area = figure(part, "eer"), figure(part, "auc")
    assert (eer.value, eer.high) == (0, 1)
    assert (area.value, area.low) == (1, 0)
