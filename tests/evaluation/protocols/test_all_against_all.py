"""Everyone with everyone, against comparing one by one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_up_people import made_up
from vultus.errors import TooFewComparisons
from vultus.evaluation.datasets.dataset import Dataset, Pair
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.metrics.weighed import equal_error_rate
from vultus.evaluation.protocols.all_against_all import all_against_all, measure_everyone
from vultus.evaluation.protocols.everyone import compare_everyone
from vultus.evaluation.protocols.impostors import BINS, compare_impostors
from vultus.evaluation.protocols.pairs import pair_trials, verify
from vultus.evaluation.protocols.people import numbered

COUNTS = [5, 3, 2, 1, 1, 4, 2, 2, 1, 3] * 6
RATES = (0.1, 0.01, 1e-3, 1e-9)
DRAWS = Resampling(40)


def with_all_pairs(dataset: Dataset) -> Dataset:
    people = numbered([image.subject for image in dataset.images])
    first, second = np.triu_indices(len(people), 1)
    pairs = tuple(
        Pair(int(one), int(other), bool(people[one] == people[other]), 0)
        for one, other in zip(first, second, strict=True)
    )
    return replace(dataset, pairs=pairs)


@pytest.mark.parametrize("exact", [10**6, 2_000])
@pytest.mark.parametrize("missing", [0, 7])
def test_it_gives_what_comparing_one_by_one_gives(exact: int, missing: int) -> None:
    dataset, table = made_up(COUNTS, noise=1.2, missing=missing)
    people = numbered([image.subject for image in dataset.images])
    everyone = compare_everyone(table.vectors, people, table.found, exact)
    all_at_once = measure_everyone(everyone, threshold=0.5, rates=RATES, resampling=DRAWS)
    pairs = pair_trials(with_all_pairs(dataset), table)
    one_by_one = verify(pairs, threshold=0.5, rates=RATES, resampling=DRAWS)
    for ours, plain in (
        (all_at_once.strict, one_by_one.strict),
        (all_at_once.lenient, one_by_one.lenient),
    ):
        assert (ours.genuine, ours.impostor) == (plain.genuine, plain.impostor)
        assert ours.genuine_undetected == plain.genuine_undetected
        assert ours.impostor_undetected == plain.impostor_undetected
        assert ours.area.value == pytest.approx(plain.area.value, abs=1e-5)
        assert ours.equal_error_rate.value == pytest.approx(plain.equal_error_rate.value, abs=1e-3)
        assert ours.unmeasured == plain.unmeasured
        for one, other in zip(ours.at, plain.at, strict=True):
            assert one.misses.value == pytest.approx(other.misses.value)
            assert one.false_alarms == pytest.approx(other.false_alarms, rel=0.01)
            assert one.threshold == pytest.approx(other.threshold, abs=1.1e-5)
    assert all_at_once.decided is not None
    assert one_by_one.decided is not None
    assert all_at_once.decided.confusion == one_by_one.decided.confusion
    assert all_at_once.undetected == one_by_one.undetected
    # Products of blocks and of single rows differ in the last digit.
    for ours, plain in (
        (all_at_once.hardest_impostors, one_by_one.hardest_impostors),
        (all_at_once.hardest_genuine, one_by_one.hardest_genuine),
    ):
        assert [each.similarity for each in ours] == pytest.approx(
            [each.similarity for each in plain], abs=1e-6
        )
        assert {frozenset((each.first, each.second)) for each in ours} == {
            frozenset((each.first, each.second)) for each in plain
        }


def test_its_intervals_are_those_of_weighing_one_by_one() -> None:
    dataset, table = made_up(COUNTS, noise=1.2)
    many = Resampling(300)
    all_at_once = all_against_all(dataset, table, threshold=0.5, rates=(0.1, 0.01), resampling=many)
    pairs = pair_trials(with_all_pairs(dataset), table)
    one_by_one = verify(pairs, threshold=0.5, rates=(0.1, 0.01), resampling=many)
    assert all_at_once.decided is not None
    assert one_by_one.decided is not None
    for ours, plain in (
        (all_at_once.strict.equal_error_rate, one_by_one.strict.equal_error_rate),
        (all_at_once.strict.at[0].misses, one_by_one.strict.at[0].misses),
        (all_at_once.strict.at[1].misses, one_by_one.strict.at[1].misses),
        (all_at_once.decided.fmr, one_by_one.decided.fmr),
        (all_at_once.decided.fnmr, one_by_one.decided.fnmr),
    ):
        # The same people are drawn, for the seed is the same.
        assert (ours.low, ours.high) == pytest.approx((plain.low, plain.high), abs=2e-3)


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.sampled_from([1, 50, 1_000, 10**6]))
def test_every_impostor_comparison_is_counted_once(seed: int, exact: int) -> None:
    dataset, table = made_up([3, 1, 2, 2, 5, 1] * 5, noise=0.8, seed=seed)
    people = numbered([image.subject for image in dataset.images])
    found = compare_impostors(table.vectors, people, exact)
    first, second = np.triu_indices(len(people), 1)
    other = people[first] != people[second]
    scores = np.sort(np.einsum("nd,nd->n", table.vectors[first], table.vectors[second])[other])
    assert found.total == len(scores)
    assert len(found.scores) >= min(exact, len(scores))
    assert (people[found.first] != people[found.second]).all()
    assert found.scores == pytest.approx(scores[::-1][: len(found.scores)], abs=1e-6)
    made = np.einsum("nd,nd->n", table.vectors[found.first], table.vectors[found.second])
    assert found.scores == pytest.approx(made, abs=1e-6)
    below = scores[: len(scores) - len(found.scores)]
    binned = np.repeat(found.values, found.counts)
    assert binned == pytest.approx(below, abs=2.5 / BINS)


@pytest.mark.parametrize("counts", [[1, 1, 1], [4]])
def test_one_kind_of_comparison_alone_is_refused(counts: list[int]) -> None:
    with pytest.raises(TooFewComparisons):
        all_against_all(*made_up(counts))


def test_a_threshold_below_what_was_kept_still_counts_decisions() -> None:
    dataset, table = made_up(COUNTS, noise=1.2)
    people = numbered([image.subject for image in dataset.images])
    everyone = compare_everyone(table.vectors, people, table.found, exact=100)
    result = measure_everyone(everyone, threshold=-0.2, rates=RATES, resampling=DRAWS)
    assert result.decided is not None
    whole = all_against_all(dataset, table, threshold=-0.2, rates=RATES, resampling=DRAWS)
    assert whole.decided is not None
    assert result.decided.fmr.value == pytest.approx(whole.decided.fmr.value, abs=1e-3)
    # Too few scores were kept to say how far that is from the truth.
    assert (result.decided.fmr.low, result.decided.fmr.high) == (0, 1)
    assert equal_error_rate(everyone.levels(strict=True))[0] == pytest.approx(
        whole.strict.equal_error_rate.value, abs=1e-3
    )
