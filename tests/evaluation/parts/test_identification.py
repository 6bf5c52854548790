from dataclasses import replace

import numpy as np
import pytest

from studies import faceless, study, table
from vultus.evaluation.parts.closed_set import closed_set_part
from vultus.evaluation.parts.open_set import open_set_part
from vultus.evaluation.parts.study import Contender
from vultus.evaluation.protocols.repeated import Lists
from vultus.evaluation.report.evaluation import Part


def value(part: Part, key: str) -> float:
    found = part.figure(key)
    assert found is not None
    assert found.value is not None
    return found.value


def test_people_far_apart_are_always_found_but_for_the_photo_without_a_face() -> None:
    part = closed_set_part(study(noise=0.05))
    assert 0.95 < value(part, "closed_set.rank1") < 1
    assert value(part, "closed_set.rank1.lenient") == 1
    assert [each.key for each in part.cases] == ["undetected"]


def test_noise_costs_recognition_and_the_confused_are_shown() -> None:
    part = closed_set_part(study(noise=1.0))
    assert value(part, "closed_set.rank1") < value(part, "closed_set.rank10") < 1
    probe, other = part.cases[0].cases[0].images
    assert probe.subject != other.subject


def test_several_photos_of_a_person_are_worth_something() -> None:
    part = closed_set_part(study(noise=1.0))
    several = [each for each in part.details if each.key.startswith("closed_set.rank1.30x3")]
    assert len(several) == 3
    assert np.mean([each.value for each in several]) > value(part, "closed_set.rank1")


def test_strangers_are_named_more_often_where_people_are_harder_to_tell() -> None:
    rates = [value(open_set_part(study(noise)), "open_set.fnir@fpir=0.1") for noise in (0.3, 0.9)]
    assert rates[0] < rates[1]


def test_the_threshold_of_the_pack_is_judged_with_strangers() -> None:
    part = open_set_part(study(noise=0.9))
    assert 0 <= value(part, "open_set.fpir@threshold") <= 1
    assert part.figures[0].key == "open_set.fpir@threshold"
    assert part.cases[0].cases[0].note in ("accepted", "refused")


def test_another_model_stands_beside_with_the_same_figures() -> None:
    of = study()
    worse = Contender("worse@1", "noisier", table(of.dataset, 1.5, "worse"))
    for part_of in (closed_set_part, open_set_part):
        part = part_of(replace(of, beside=(worse,)))
        assert part.peers[0].name == "worse@1"
        assert {each.key for each in part.peers[0].figures} <= {each.key for each in part.figures}
        assert [series.label for series in part.charts[0].series][:2] == ["one@1", "worse@1"]


@pytest.mark.parametrize(("people", "photos"), [(1, 3), (4, 1), (1, 1)])
def test_too_few_photos_are_an_answer_and_no_crash(people: int, photos: int) -> None:
    few = study(people=people, photos=photos, paired=False)
    for part in (closed_set_part(few), open_set_part(few)):
        assert all(each.sentence for each in part.figures)


def test_what_stands_beside_has_no_interval_and_the_model_has_one() -> None:
    of = study()
    worse = Contender("worse@1", "noisier", table(of.dataset, 1.5, "worse"))
    for part_of in (closed_set_part, open_set_part):
        part = part_of(replace(of, beside=(worse,)))
        (peer,) = part.peers
        assert peer.figures
        assert {(each.low, each.high) for each in peer.figures} == {(None, None)}
        assert all(each.low is not None for each in part.compared)


def test_what_finds_no_face_is_named_and_keeps_nobody_else_out() -> None:
    of = study()
    blind = Contender("blind@1", "finds nobody", faceless(of.dataset))
    worse = Contender("worse@1", "noisier", table(of.dataset, 1.5, "worse"))
    for part_of in (closed_set_part, open_set_part):
        part = part_of(replace(of, beside=(blind, worse)))
        assert any(each.measured for each in part.figures)
        first, second = part.peers
        assert (first.figures, bool(second.figures)) == ((), True)
        assert "found a face in too few" in first.note
        assert [series.label for series in part.charts[0].series][:2] == ["one@1", "worse@1"]


def test_the_people_who_are_enrolled_are_those_who_show_a_face() -> None:
    of = study()
    gone = replace(of, table=table(of.dataset, undetected=4))
    part = closed_set_part(gone)
    assert "29 people are enrolled" in part.sentence
    assert "1 person shows no face in any photo to enroll" in part.sentence


def test_one_person_is_no_people() -> None:
    of = study(people=3, photos=2, paired=False)
    part = open_set_part(replace(of, table=table(of.dataset, undetected=0)))
    assert "2 people are enrolled" in part.sentence
    images = of.dataset.images[:3]
    one = replace(of, dataset=replace(of.dataset, images=images))
    sentence = open_set_part(replace(one, table=table(one.dataset, undetected=0))).sentence
    assert "1 person is enrolled" in sentence
    assert "5 searches over 5 draws" in sentence


def test_misses_among_strangers_are_told_for_sizes_of_galleries_and_ways_to_take_photos() -> None:
    of = study(people=180, noise=0.9, photos=4)
    details = {each.key: each for each in open_set_part(of).details}
    for size in (100, 120):
        for taken in ("best-of", "centroid", "vultus"):
            figure = details[f"open_set.fnir@fpir=0.1.{size}x3.{taken}"]
            assert figure.measured
            assert figure.low is not None
            assert f"{size} people enrolled, up to 3 photos each" in figure.title
    several, one = (details[f"open_set.fnir@fpir=0.1.100x{n}.vultus"].value for n in (3, 1))
    assert several is not None
    assert one is not None
    assert several < one
    assert "open_set.fnir@fpir=0.1.120x1.vultus" not in details


def test_errors_of_searches_are_told_by_group() -> None:
    titles = [each.title for each in closed_set_part(study()).groupings]
    assert titles == ["Misses by face size", "Misses by beard"]
    titles = [each.title for each in open_set_part(study()).groupings]
    assert titles == [
        "Misses by face size",
        "Misses by beard",
        "Strangers named by face size",
        "Strangers named by beard",
    ]


def test_lists_take_the_place_of_drawing() -> None:
    of = study()
    lists = Lists(np.arange(0, 80, 4), np.arange(1, 120, 4))
    closed, opened = (
        part_of(replace(of, lists=lists)) for part_of in (closed_set_part, open_set_part)
    )
    assert "20 people are enrolled with the photos that were listed" in closed.sentence
    assert "20 searches" in closed.sentence
    assert "20 searches, and photos of strangers, 10 searches" in opened.sentence
    assert "draws" not in closed.figures[0].sentence


def test_lists_that_are_too_short_say_what_is_missing() -> None:
    of = replace(study(), lists=Lists(np.arange(0, 8, 4), np.arange(1, 8, 4)))
    assert closed_set_part(of).figures[0].measured
    (reason,) = open_set_part(of).figures
    assert "shows the face of 2 people, the probes that of 2 people" in reason.sentence
    assert "somebody who is not" in reason.sentence


def test_what_showed_no_face_is_shown_where_nothing_could_be_measured() -> None:
    few = study(people=4, photos=1, paired=False)
    assert [each.key for each in closed_set_part(few).cases] == ["undetected"]
