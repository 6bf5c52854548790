import numpy as np
import pytest

from vultus.evaluation.metrics.binning import Grouping, by_label, by_quantile, of_trials, worse_of
from vultus.evaluation.metrics.groups import LEAST, group_rates
from vultus.evaluation.metrics.resampling import Resampling

DRAWS = Resampling(200)


def test_a_group_per_value_and_none_for_the_empty_one() -> None:
    grouping = by_label(["old", "young", "", "old"])
    assert grouping.labels == ("old", "young")
    assert grouping.places.tolist() == [0, 1, -1, 0]


def test_quantiles_state_their_edges_and_leave_out_what_was_not_measured() -> None:
    grouping = by_quantile(np.array([10, 20, np.nan, 30, 40, 50]), groups=2)
    assert grouping.labels == ("10 to 30", "30 to 50")
    assert grouping.places.tolist() == [0, 0, -1, 1, 1, 1]


@pytest.mark.parametrize(
    ("values", "labels"), [([1, 1, 1, 1, 9], ("1 to 9",)), ([5, 5], ("5 to 5",)), ([np.nan], ())]
)
def test_equal_values_make_fewer_groups(values: list[float], labels: tuple[str, ...]) -> None:
    grouping = by_quantile(np.array(values), groups=4)
    assert grouping.labels == labels
    assert grouping.places.max() == len(labels) - 1


def test_a_pair_is_in_the_group_of_both_or_in_none() -> None:
    images = by_label(["a", "a", "b", ""])
    assert of_trials(images, np.array([[0, 1], [0, 2], [2, 2], [2, 3]])).places.tolist() == [
        0,
        -1,
        1,
        -1,
    ]


def test_the_worse_photo_decides_about_a_pair() -> None:
    values, rows = np.array([10.0, 90.0, np.nan]), np.array([[0, 1], [1, 2]])
    assert worse_of(values, rows, "smaller")[0] == 10
    assert worse_of(values, rows, "larger")[0] == 90
    assert np.isnan(worse_of(values, rows, "smaller")[1])


def test_a_search_is_in_the_group_of_its_photo() -> None:
    rows = np.array([[2], [0], [3]])
    assert of_trials(by_label(["a", "a", "b", ""]), rows).places.tolist() == [1, 0, -1]
    assert worse_of(np.array([1.0, 2, 3, 4]), rows, "smaller").tolist() == [3, 1, 4]


def test_groups_are_compared_with_intervals_and_a_gap() -> None:
    # Of 60 people in each group, 6 and 24 are missed, in every one of two comparisons.
    people = np.repeat(np.arange(120), 2)
    wrong = np.where(people < 60, people % 10 == 0, people % 5 < 2)
    grouping = Grouping(("a", "b"), (people >= 60).astype(np.int64))
    rates = group_rates(wrong, grouping, people, people, DRAWS)
    a, b = rates.groups
    assert (a.label, a.comparisons) == ("a", 120)
    assert a.rate is not None
    assert a.rate.value == pytest.approx(0.1)
    assert a.rate.low < 0.1 < a.rate.high
    assert b.rate is not None
    assert b.rate.value == pytest.approx(0.4)
    assert rates.gap is not None
    assert (rates.gap.lowest, rates.gap.highest) == ("a", "b")
    assert rates.gap.difference.value == pytest.approx(0.3)
    assert 0 < rates.gap.difference.low < 0.3 < rates.gap.difference.high


def test_a_group_of_a_few_has_no_rate_and_makes_no_gap() -> None:
    people = np.arange(LEAST + 5)
    grouping = Grouping(("many", "few"), (people >= LEAST).astype(np.int64))
    rates = group_rates(np.zeros(len(people), np.bool_), grouping, people, people, DRAWS)
    many, few = rates.groups
    assert few.rate is None
    assert many.rate is not None
    # Not one of 30 was missed, which leaves room for a tenth.
    assert many.rate.high == pytest.approx(0.1)
    assert rates.gap is None


def test_two_groups_without_an_error_are_not_known_to_be_alike() -> None:
    people = np.arange(2 * LEAST)
    grouping = Grouping(("a", "b"), (people >= LEAST).astype(np.int64))
    gap = group_rates(np.zeros(len(people), np.bool_), grouping, people, people, DRAWS).gap
    assert gap is not None
    assert (gap.difference.value, gap.difference.low) == (0, pytest.approx(-3 / LEAST))
    assert gap.difference.high == pytest.approx(3 / LEAST)
