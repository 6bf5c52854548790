from dataclasses import replace

import numpy as np
import pytest

from studies import study, table
from vultus.evaluation.parts.closed_set import closed_set_part
from vultus.evaluation.parts.open_set import open_set_part
from vultus.evaluation.parts.study import Contender
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
    assert part.cases == ()


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
