import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searching import directions
from vultus.gallery.search.metric import Metric, distances


def test_euclidean_is_the_length_of_the_difference_of_unit_vectors() -> None:
    left, right = directions(50, seed=1), directions(50, seed=2)
    found = distances(np.vecdot(left, right), "euclidean")
    assert found == pytest.approx(np.linalg.norm(left - right, axis=1), abs=1e-5)


def test_the_cosine_distance_is_what_the_cosine_lacks_to_one() -> None:
    assert distances(np.array([1, 0.25, -1], np.float32), "cosine").tolist() == [0, 0.75, 2]


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@given(similarities=st.lists(st.floats(-1, 1, width=32)))
def test_who_is_more_similar_is_not_farther_away(similarities: list[float], metric: Metric) -> None:
    found = distances(np.sort(np.array(similarities, np.float32)), metric)
    assert (np.diff(found) <= 0).all()
    assert ((found >= 0) & (found <= 2)).all()
