import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, top_k_accuracy_score

from vultus.evaluation.metrics.ranks import NOT_FOUND, average_precisions, cmc, rank_rate

RANKS = np.array([1, 1, 2, 7, NOT_FOUND])


def test_rank_rates_count_those_who_are_near_enough() -> None:
    assert [rank_rate(RANKS, rank) for rank in (1, 2, 6, 7)] == [0.4, 0.6, 0.6, 0.8]


def test_the_cmc_rises_and_never_finds_who_was_not_found() -> None:
    characteristic = cmc(RANKS, 1000)
    assert characteristic.rates[:7] == (0.4, 0.6, 0.6, 0.6, 0.6, 0.6, 0.8)
    assert characteristic.rates[-1] == 0.8
    assert characteristic.ranks[-1] == 1000
    assert len(characteristic.ranks) <= 500


def test_precision_is_averaged_over_the_places_of_a_subjects_probes() -> None:
    scores = np.array([[0.9, 0.1], [0.8, 0.7], [0.7, 0.8]], np.float32)
    # Subject 0 is on places 1 and 3: (1 + 2 / 3) / 2. Subject 1 is on place 2.
    found = average_precisions(scores, np.array([0, 1, 0]))
    assert found == pytest.approx([(1 + 2 / 3) / 2, 1 / 2])


def test_a_probe_without_a_face_is_never_found() -> None:
    scores = np.array([[0.9, -2], [-2, -2], [0.2, -2], [-2, -2]], np.float32)
    # Subject 0 has one of two probes on place 1; none of subject 1 shows a face.
    assert average_precisions(scores, np.array([0, 0, -1, 1])).tolist() == [1 / 2, 0]


def test_a_subject_without_a_probe_has_no_precision() -> None:
    found = average_precisions(np.ones((2, 2), np.float32), np.array([1, -1]))
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(average_precision_score([1, 0], [1, 1]))


@given(st.integers(0, 300), st.integers(1, 4))
def test_rank_rates_are_the_top_k_accuracy_of_scikit_learn(seed: int, rank: int) -> None:
    rng = np.random.default_rng(seed)
    scores, owners = rng.random((30, 5)), rng.integers(0, 5, 30)
    own = scores[np.arange(30), owners]
    ranks = (scores > own[:, np.newaxis]).sum(axis=1) + 1
    theirs = top_k_accuracy_score(owners, scores, k=rank, labels=range(5))
    assert rank_rate(ranks, rank) == pytest.approx(theirs)
