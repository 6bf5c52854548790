import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, f1_score, precision_score, recall_score

from vultus.evaluation.metrics.confusion import confusion

GENUINE = np.array([0.9, 0.8, 0.3], np.float32)
IMPOSTOR = np.array([0.85, 0.2, 0.1, 0.0], np.float32)


def test_decisions_are_counted_by_kind() -> None:
    counts = confusion(GENUINE, IMPOSTOR, 0.8)
    assert counts.true_positives == 2
    assert counts.false_negatives == 1
    assert counts.false_positives == 1
    assert counts.true_negatives == 3
    assert counts.tpr == counts.recall == pytest.approx(2 / 3)
    assert counts.fpr == pytest.approx(1 / 4)
    assert counts.precision == pytest.approx(2 / 3)
    assert counts.f1 == pytest.approx(2 / 3)
    assert counts.accuracy == pytest.approx(5 / 7)


def test_a_share_of_nothing_is_none() -> None:
    counts = confusion(GENUINE, IMPOSTOR, 1.0)
    assert counts.precision is None
    assert confusion(GENUINE[:0], IMPOSTOR, 0.5).tpr is None


@given(st.integers(0, 1000))
def test_scikit_learn_counts_the_same(seed: int) -> None:
    rng = np.random.default_rng(seed)
    genuine, impostor = (rng.uniform(-1, 1, 20).astype(np.float32) for _ in range(2))
    counts = confusion(genuine, impostor, 0.1)
    truth = np.repeat([1, 0], 20)
    said = np.concatenate([genuine, impostor]) >= np.float32(0.1)
    assert confusion_matrix(truth, said).ravel().tolist() == [
        counts.true_negatives,
        counts.false_positives,
        counts.false_negatives,
        counts.true_positives,
    ]
    if counts.true_positives:
        assert counts.precision == pytest.approx(precision_score(truth, said))
        assert counts.recall == pytest.approx(recall_score(truth, said))
        assert counts.f1 == pytest.approx(f1_score(truth, said))
    assert counts.tpr == pytest.approx(1 - counts.false_negatives / 20)
