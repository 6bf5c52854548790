import pytest

from rates import made_up_rates
from vultus.errors import InvalidValue, TooFewComparisons
from vultus.evaluation.advise.advice import (
    Costs,
    at_threshold,
    for_costs,
    for_fnir,
    for_fpir,
    table,
)
from vultus.matching.size import SearchSize

RATES = made_up_rates()


def people(subjects: int, photos: int = 1) -> SearchSize:
    return SearchSize.of(subjects, subjects * photos)


def test_a_threshold_for_a_share_of_strangers_says_what_it_costs() -> None:
    advice = for_fpir(RATES, people(1_000), 0.01)
    # FPIR 1 % among 1,000 is an FMR of 1e-5, which is reached at 0.93 and misses 30 %.
    assert advice.threshold == pytest.approx(0.93, abs=1e-4)
    assert advice.fpir == pytest.approx(0.01)
    assert advice.fmr == pytest.approx(1e-5, rel=0.02)
    assert advice.fnir == pytest.approx(0.3, abs=0.01)
    assert advice.low < advice.threshold < advice.high
    assert advice.fpir_low < 0.01 < advice.fpir_high
    # Of pairs, misses are known to a tenth of themselves; what others take away comes on top.
    assert 0.26 < advice.fnir_low < 0.28
    assert 0.32 < advice.fnir_high < 0.34
    assert not advice.several_photos
    assert advice.end is None


def test_ten_times_the_subjects_need_a_tenth_of_the_false_matches() -> None:
    small, large = (for_fpir(RATES, people(subjects), 0.01) for subjects in (100, 1_000))
    assert small.fmr == pytest.approx(10 * large.fmr)
    assert small.threshold < large.threshold


def test_several_photos_of_everybody_need_a_higher_threshold() -> None:
    one, three = (for_fpir(RATES, people(100, photos), 0.01) for photos in (1, 3))
    # Three photos and their mean are four comparisons.
    assert one.fmr == pytest.approx(4 * three.fmr)


def test_what_the_data_cannot_support_is_refused_with_what_it_takes() -> None:
    with pytest.raises(TooFewComparisons) as caught:
        for_fpir(RATES, people(10**6), 0.01)
    assert caught.value.comparisons == 1_000 * 999 // 2
    assert caught.value.needed == pytest.approx(caught.value.comparisons * 100, rel=0.02)


def test_the_highest_threshold_that_misses_few_enough_is_advised() -> None:
    advice = for_fnir(RATES, people(10), 0.2)
    assert advice.fnir <= 0.2
    assert advice.threshold == pytest.approx(0.92, abs=2e-4)


def test_misses_with_several_photos_are_told_as_a_bound() -> None:
    one, three = (at_threshold(RATES, people(100, photos), 0.92) for photos in (1, 3))
    assert not one.several_photos
    assert three.several_photos
    # Strangers resemble any photo; nobody is found less often for having more.
    assert three.fpir > one.fpir
    assert three.fnir >= one.fnir


@pytest.mark.parametrize(
    ("photos", "reason"),
    [
        (1, "the lowest threshold that was measured, 0.9000, misses .* with one photo each; what"),
        (3, "told from one photo of each; how many fewer several miss was not measured"),
    ],
)
def test_misses_that_no_measured_threshold_avoids_are_refused(photos: int, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        for_fnir(RATES, people(10_000, photos), 0.001)


def test_an_answer_at_an_end_of_what_was_measured_says_so() -> None:
    many, few = for_fpir(RATES, people(10), 0.9), for_fnir(RATES, people(10), 0.9)
    assert (many.threshold, many.end) == (0.90, "lowest")
    assert many.fpir < 0.9
    assert (few.threshold, few.end) == (0.94, "highest")
    assert few.fnir < 0.9


@pytest.mark.parametrize(
    ("costs", "threshold", "end"),
    [(Costs(1, 1e6), 0.90, "lowest"), (Costs(1e9, 1), 0.94, "highest")],
)
def test_the_cheapest_threshold_may_lie_beyond_either_end(
    costs: Costs, threshold: float, end: str
) -> None:
    advice = for_costs(RATES, people(10), costs)
    assert (advice.threshold, advice.end) == (threshold, end)


@pytest.mark.parametrize(
    ("threshold", "end"),
    [(0.5, "below"), (0.90, None), (0.92, None), (0.94, None), (0.99, "above")],
)
def test_a_threshold_beyond_all_that_was_measured_is_known_to_be(
    threshold: float, end: str | None
) -> None:
    assert at_threshold(RATES, people(10), threshold).end == end


def test_dear_false_alarms_raise_the_threshold() -> None:
    cheap, dear = (for_costs(RATES, people(100), Costs(cost, miss=1)) for cost in (1, 100))
    assert cheap.threshold < dear.threshold


def test_the_cheapest_threshold_is_cheaper_than_its_neighbours() -> None:
    costs = Costs(false_alarm=50, miss=1)
    best = for_costs(RATES, people(100), costs)

    def cost(threshold: float) -> float:
        return 50 * RATES.fpir_at(threshold, 100) + RATES.fnir_at(threshold, people(100))

    assert cost(best.threshold) <= min(cost(best.threshold + step) for step in (-1e-3, 1e-3))


def test_the_table_ends_where_the_data_do() -> None:
    assert [round(row.fpir, 3) for row in table(RATES, people(1))] == [0.003, 0.001]
    assert [round(row.fpir, 3) for row in table(RATES, people(100))] == [
        0.3,
        0.1,
        0.03,
        0.01,
        0.003,
        0.001,
    ]
    assert [round(row.fpir, 3) for row in table(RATES, people(10_000))] == [0.3, 0.1, 0.03, 0.01]


@pytest.mark.parametrize("share", [0, 1, -0.1, 2])
def test_a_share_is_between_nothing_and_everything(share: float) -> None:
    with pytest.raises(InvalidValue):
        for_fpir(RATES, people(10), share)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: for_fpir(RATES, people(0), 0.01),
        lambda: for_fnir(RATES, people(0), 0.01),
        lambda: for_costs(RATES, people(0), Costs(1, 1)),
        lambda: at_threshold(RATES, people(0), 0.92),
        lambda: Costs(0, 1),
        lambda: Costs(1, 1, strangers=1),
    ],
)
def test_what_cannot_be_asked_is_refused(ask) -> None:
    with pytest.raises(InvalidValue):
        ask()
