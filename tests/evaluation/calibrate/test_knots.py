import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vultus.evaluation.calibrate.knots import thinned

RISING = arrays(np.float64, st.integers(1, 60), elements=st.floats(0, 1)).map(np.sort)


@given(RISING, st.integers(2, 20))
def test_thinned_knots_are_few_and_rise(xs: np.ndarray, most: int) -> None:
    kept, values = thinned(xs, xs**2, most)
    assert 2 <= len(kept) <= max(most, 2)
    assert (np.diff(kept) > 0).all()
    assert (np.diff(values) >= 0).all()


def test_what_bends_stays_and_what_is_straight_goes() -> None:
    xs = np.linspace(0, 1, 101)
    kept, values = thinned(xs, np.where(xs < 0.5, 0.0, (xs - 0.5) * 2), 3)
    assert kept == (0.0, 0.5, 1.0)
    assert values == (0.0, 0.0, 1.0)
