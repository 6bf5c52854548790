import numpy as np
import pytest

from benchmarks.identification import Search, fnir, fpir, rank_rate, threshold_at_fpir

SCORES = np.array([[0.9, 0.1, 0.2], [0.5, 0.4, 0.6], [0.3, 0.3, 0.1], [-np.inf] * 3])
OWNERS = np.array([0, 1, 0, 2])
STRANGERS = np.array([[0.1, 0.2, 0.3], [0.8, 0.1, 0.1], [0.4, 0.5, 0.1], [0.2, 0.2, 0.6]])
SEARCH = Search(SCORES, OWNERS, STRANGERS)


@pytest.mark.parametrize(("rank", "rate"), [(1, 0.25), (2, 0.5), (3, 0.75)])
def test_a_rank_rate_counts_ties_and_missing_faces_as_misses(rank: int, rate: float) -> None:
    assert rank_rate(SCORES, OWNERS, rank) == rate


@pytest.mark.parametrize(("allowed", "reached"), [(0.0, 0), (0.25, 1), (0.3, 1), (0.5, 2)])
def test_a_threshold_lets_at_most_so_many_strangers_pass(allowed: float, reached: int) -> None:
    threshold = threshold_at_fpir(STRANGERS, allowed)
    assert fpir(SEARCH, threshold) == reached / 4
    assert threshold > 0.2


@pytest.mark.parametrize(("threshold", "missed"), [(0.0, 0.75), (0.9, 0.75), (0.91, 1.0)])
def test_a_probe_that_is_not_first_or_not_similar_enough_is_a_miss(
    threshold: float, missed: float
) -> None:
    assert fnir(SEARCH, threshold) == missed
