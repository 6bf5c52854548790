import numpy as np
import pytest

from made_up_people import made_of, made_up
from vultus.errors import TooFewComparisons
from vultus.evaluation.metrics.ranks import NOT_FOUND
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.metrics.trials import NOT_COMPARED
from vultus.evaluation.protocols.closed_set import closed_set, recognised
from vultus.evaluation.protocols.open_set import misses_at, open_set
from vultus.evaluation.protocols.people import numbered
from vultus.evaluation.protocols.plan import (
    NOT_ENROLLED,
    Plan,
    gallery_sizes,
    known_people,
    most_subjects,
    plan,
)
from vultus.evaluation.protocols.repeated import Gallery, Lists
from vultus.evaluation.protocols.searching import Fusion, search

DRAWS = Resampling(50)
COUNTS = [3, 1, 2, 5, 1, 2, 2, 1, 4, 2] * 5
PEOPLE = np.repeat(np.arange(50), COUNTS)
EVERY = np.ones(len(PEOPLE), np.bool_)


def drawn(subjects: int, photos: int, found: np.ndarray = EVERY, seed: int = 0) -> Plan:
    return plan(PEOPLE, found, subjects, photos, np.random.default_rng(seed))


@pytest.mark.parametrize(("subjects", "photos"), [(35, 1), (10, 2), (35, 9)])
def test_every_image_has_one_part_and_nobody_searches_for_an_enrolled_photo(
    subjects: int, photos: int
) -> None:
    made = drawn(subjects, photos)
    rows = np.concatenate([made.enrolled, made.mated, made.strangers])
    assert np.sort(rows).tolist() == list(range(len(PEOPLE)))
    assert len(made.subjects) == subjects
    sizes = np.diff(np.append(made.starts, len(made.enrolled)))
    assert sizes.max() <= photos
    assert (PEOPLE[made.enrolled] == np.repeat(made.subjects, sizes)).all()
    assert (PEOPLE[made.mated] == made.subjects[made.owners]).all()
    assert set(PEOPLE[made.mated]) == set(made.subjects)
    assert not set(PEOPLE[made.strangers]) & set(made.subjects)


def test_photos_without_a_face_are_searched_for_and_not_enrolled() -> None:
    found = EVERY.copy()
    found[[0, 1]] = False
    found[PEOPLE == 3] = False
    made = drawn(35, 1, found)
    assert found[made.enrolled].all()
    assert {0, 1} <= set(made.mated)
    assert (made.owners[PEOPLE[made.mated] == 3] == NOT_ENROLLED).all()
    assert len(made.subjects) == 34
    assert made.faceless.tolist() == [3]


def test_who_shows_no_face_is_searched_for_as_often_as_others() -> None:
    # Person 3 has five photos: one would have been enrolled, so that four are probes.
    found = EVERY.copy()
    found[PEOPLE == 3] = False
    for made in (drawn(35, 1), drawn(35, 1, found)):
        assert (PEOPLE[made.mated] == 3).sum() == 4


def test_people_with_one_photo_are_the_strangers_unless_they_are_too_few() -> None:
    assert most_subjects(PEOPLE, strangers=True) == 23
    assert most_subjects(PEOPLE, strangers=False) == 35
    assert most_subjects(np.array([0, 0, 1, 2]), strangers=True) == 1
    assert len(known_people(PEOPLE)) == 35
    assert gallery_sizes(np.repeat(np.arange(150), 2), strangers=False) == (100, 150)
    assert gallery_sizes(np.arange(5), strangers=False) == ()


@pytest.mark.parametrize("subjects", [0, 36])
def test_more_people_than_have_two_photos_cannot_be_enrolled(subjects: int) -> None:
    with pytest.raises(TooFewComparisons):
        drawn(subjects, 1)


def test_a_search_ranks_the_right_person_among_the_others() -> None:
    # At 0 and 90 degrees enrolled; probes at 30 (hers), at 50 (hers, nearer to the other).
    degrees = np.deg2rad([0, 90, 30, 50, 85, 80, 0])
    vectors = np.stack([np.cos(degrees), np.sin(degrees)], axis=1).astype(np.float32)
    found = np.array([True] * 6 + [False])
    made = Plan(
        subjects=np.array([0, 1]),
        starts=np.array([0, 1]),
        enrolled=np.array([0, 1]),
        mated=np.array([2, 3, 4, 6]),
        owners=np.array([0, 0, 1, 0]),
        strangers=np.array([5]),
    )
    result = search(vectors, found, made, Fusion.VULTUS, precisions=True)
    assert result.ranks.tolist() == [1, 2, 1, NOT_FOUND]
    assert result.own[:3] == pytest.approx(np.cos(np.deg2rad([30, 50, 5])), abs=1e-6)
    assert result.own[3] == NOT_COMPARED
    assert result.others.scores[1] == pytest.approx(np.cos(np.deg2rad(40)), abs=1e-6)
    assert result.others.places.tolist()[:3] == [1, 1, 0]
    assert result.strangers.scores == pytest.approx(np.cos(np.deg2rad(10)), abs=1e-6)
    assert result.strangers.places.tolist() == [1]
    # Of subject 0: places 1 and 2, and one photo that is never found. Of subject 1: place 1.
    assert result.precisions == pytest.approx([(1 + 1 + 0) / 3, 1])


def test_many_subjects_are_searched_in_parts_with_the_same_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dataset, table = made_up(COUNTS, noise=1.5, missing=2)
    people = numbered([image.subject for image in dataset.images])
    made = plan(people, table.found, 35, 2, np.random.default_rng(0))
    whole = search(table.vectors, table.found, made, Fusion.VULTUS, precisions=True)
    monkeypatch.setattr("vultus.evaluation.protocols.searching.SUBJECTS", 4)
    parts = search(table.vectors, table.found, made, Fusion.VULTUS, precisions=True)
    assert (whole.ranks == parts.ranks).all()
    assert whole.own == pytest.approx(parts.own, abs=1e-6)
    assert whole.others.scores == pytest.approx(parts.others.scores, abs=1e-6)
    assert (whole.strangers.places == parts.strangers.places).all()
    assert whole.precisions == pytest.approx(parts.precisions)


def test_the_fusions_are_the_best_the_mean_and_the_higher_of_both() -> None:
    degrees = np.deg2rad([0, 60, 30, 180])
    vectors = np.stack([np.cos(degrees), np.sin(degrees)], axis=1).astype(np.float32)
    made = Plan(*(np.array(each) for each in ([0], [0], [0, 1], [2], [0], [3])))
    own = {
        fusion: float(search(vectors, np.ones(4, np.bool_), made, fusion, precisions=False).own[0])
        for fusion in Fusion
    }
    assert own[Fusion.BEST_OF] == pytest.approx(np.cos(np.deg2rad(30)), abs=1e-6)
    assert own[Fusion.CENTROID] == pytest.approx(1, abs=1e-6)
    assert own[Fusion.VULTUS] == pytest.approx(1, abs=1e-6)


def test_easy_people_are_all_found_and_hard_ones_are_not() -> None:
    easy = closed_set(*made_up(COUNTS, noise=0.2), Gallery(35, draws=2), resampling=DRAWS)
    strict = easy.recognised.strict
    assert [each.rate.value for each in strict] == [1, 1, 1]
    assert strict[0].rate.low == pytest.approx(1 - 3 / 35)
    assert easy.mean_average_precision.value == pytest.approx(1)
    assert easy.mean_average_precision.low == pytest.approx(1 - 3 / 35)
    assert easy.confused == ()
    hard = closed_set(*made_up(COUNTS, noise=2.0), Gallery(35, draws=2), resampling=DRAWS)
    rates = [each.rate.value for each in hard.recognised.strict]
    assert rates == sorted(rates)
    assert 0 < rates[0] < 0.9
    assert hard.cmc.rates[-1] == 1
    assert hard.cmc.rates[0] == rates[0]
    assert hard.confused
    first = hard.confused[0]
    assert PEOPLE[first.first] != PEOPLE[first.second]


def test_a_probe_without_a_face_is_a_miss_when_strict() -> None:
    dataset, table = made_up(COUNTS, noise=0.2, missing=2)
    result = closed_set(dataset, table, Gallery(35, draws=3), resampling=DRAWS).recognised
    assert result.undetected == 6
    assert result.strict[0].rate.value == pytest.approx(1 - 6 / result.probes)
    assert result.lenient[0].rate.value == 1
    assert result.spread == pytest.approx(0)


def test_who_shows_no_face_at_all_counts_in_the_mean_of_precisions() -> None:
    dataset, table = made_up([3] * 10, noise=0.1, missing=3)
    result = closed_set(dataset, table, Gallery(10, draws=2), resampling=DRAWS)
    assert result.mean_average_precision.value == pytest.approx(9 / 10)
    assert result.recognised.enrolled == (9, 9)
    assert result.recognised.faceless == 1
    assert result.recognised.strict[0].rate.value == pytest.approx(18 / 20)
    assert result.recognised.attempts.rows.min() == 3


def test_ranks_that_everybody_reaches_are_left_out() -> None:
    shown = [
        [each.rank for each in recognised(*made_up([2] * size), Gallery(size)).strict]
        for size in (2, 5, 6, 11)
    ]
    assert shown == [[1], [1], [1, 5], [1, 5, 10]]


def test_lists_say_who_is_enrolled_and_who_is_searched_for() -> None:
    # Anna (0, 10) and Bert (90, 80) are known; Cora (50, 45) is not, and Dora's face is not seen.
    degrees = np.deg2rad([0, 10, 90, 80, 50, 45, 0, 0])
    vectors = np.stack([np.cos(degrees), np.sin(degrees)], axis=1)
    made = made_of(np.repeat(np.arange(4), 2), vectors, np.arange(8) < 6)
    lists = Lists(enrolled=np.array([0, 2, 6]), probes=np.array([1, 3, 4, 7]))
    closed = closed_set(*made, lists, resampling=DRAWS)
    assert closed.recognised.enrolled == (2, 2)
    assert (closed.recognised.probes, closed.recognised.draws) == (3, 1)
    assert closed.recognised.strict[0].rate.value == pytest.approx(2 / 3)
    assert closed.mean_average_precision.value == pytest.approx(2 / 3)
    opened = open_set(*made, lists, threshold=0.9, rates=(1.0,), resampling=DRAWS)
    assert (opened.strict.genuine, opened.strict.impostor) == (3, 1)
    assert opened.decided is not None
    assert (opened.decided.fpir.value, opened.decided.fnir.value) == (0, pytest.approx(1 / 3))
    assert opened.misses is not None
    assert opened.misses.rows.tolist() == [1, 3]
    with pytest.raises(TooFewComparisons):
        closed_set(*made, Lists(np.array([6]), np.array([7])), resampling=DRAWS)
    with pytest.raises(TooFewComparisons):
        closed_set(*made, Lists(np.array([0]), np.array([3])), resampling=DRAWS)


def test_a_stranger_searched_for_in_three_galleries_is_one_stranger() -> None:
    # 15 people with one photo are never enrolled: of all draws together 94 photos are strangers'.
    result = open_set(*made_up(COUNTS), Gallery(20, draws=3), rates=(0.1, 0.01), resampling=DRAWS)
    assert result.strict.impostor > 100 > result.strict.distinct
    assert [each.target for each in result.strict.at] == [0.1]
    assert result.strict.unmeasured[0].needed == 100


def test_the_misses_alone_are_those_of_the_whole() -> None:
    made, gallery = made_up(COUNTS, noise=0.6), Gallery(20, photos=3, fusion=Fusion.CENTROID)
    alone = misses_at(*made, gallery, rates=(0.1, 0.05), resampling=DRAWS)
    assert alone.at == open_set(*made, gallery, rates=(0.1, 0.05), resampling=DRAWS).strict.at


def test_the_open_set_weighs_strangers_against_misses() -> None:
    dataset, table = made_up(COUNTS, noise=0.6)
    result = open_set(
        dataset, table, Gallery(20, draws=3), threshold=0.5, rates=(0.1, 0.02), resampling=DRAWS
    )
    strict = result.strict
    assert strict.genuine + strict.impostor == 3 * (len(PEOPLE) - 20)
    for operating in strict.at:
        assert operating.false_alarms <= operating.target
    assert strict.at[0].misses.value <= strict.at[1].misses.value
    assert result.decided is not None
    assert 0 <= result.decided.fpir.value <= 1
    worst = result.alarming[0]
    assert PEOPLE[worst.first] != PEOPLE[worst.second]
    assert len({case.first for case in result.alarming}) == len(result.alarming)
    similar = float(table.vectors[worst.first] @ table.vectors[worst.second])
    assert worst.similarity == pytest.approx(similar, abs=1e-6)


def test_the_rates_of_the_open_set_can_be_counted_by_hand() -> None:
    # Anna (0, 10) and Bert (90, 80) are enrolled with one photo each; Cora at 50 is a stranger.
    degrees = np.deg2rad([0, 10, 90, 80, 50])
    vectors = np.stack([np.cos(degrees), np.sin(degrees)], axis=1)
    dataset, table = made_of(np.array([0, 0, 1, 1, 2]), vectors, np.ones(5, np.bool_))
    gallery = Gallery(2, draws=1)
    low = open_set(dataset, table, gallery, threshold=0.7, rates=(1.0,), resampling=DRAWS)
    high = open_set(dataset, table, gallery, threshold=0.9, rates=(1.0,), resampling=DRAWS)
    assert low.decided is not None
    assert high.decided is not None
    assert (low.decided.fpir.value, low.decided.fnir.value) == (1, 0)
    assert (high.decided.fpir.value, high.decided.fnir.value) == (0, 0)


def test_without_strangers_there_is_no_open_set() -> None:
    with pytest.raises(TooFewComparisons):
        open_set(*made_up([2] * 10), Gallery(10), resampling=DRAWS)
