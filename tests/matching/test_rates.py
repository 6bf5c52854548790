from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rates import made_up_rates
from vultus.errors import InvalidValue
from vultus.matching.rates import Rate, Spread
from vultus.matching.size import SearchSize

RATES = made_up_rates()


@pytest.mark.parametrize(
    ("similarity", "fmr"), [(0.5, 1e-2), (0.91, 1e-3), (0.925, 10**-4.5), (0.94, 1e-6)]
)
def test_rates_are_read_off_on_a_logarithmic_scale(similarity: float, fmr: float) -> None:
    assert RATES.fmr_at(similarity) == pytest.approx(fmr)


def test_beyond_what_was_measured_the_curve_goes_on_straight() -> None:
    assert RATES.fmr_at(0.96) == pytest.approx(1e-8)
    assert RATES.similarity_at(1e-8) == pytest.approx(0.96)
    assert RATES.similarity_at(1e-300) == 1.0


@given(st.floats(1e-6, 1e-2))
def test_a_threshold_for_a_rate_has_that_rate(fmr: float) -> None:
    low, high = RATES.similarities_at(fmr)
    assert RATES.fmr_at(RATES.similarity_at(fmr)) == pytest.approx(fmr, rel=1e-6)
    assert low <= RATES.similarity_at(fmr) <= high


@given(st.floats(1e-4, 0.5), st.integers(1, 10**6))
def test_the_rate_for_a_share_of_strangers_lets_that_share_pass(
    share: float, subjects: int
) -> None:
    fmr = RATES.fmr_for(share, subjects)
    if fmr < 1:
        assert RATES.spread.fpir(fmr, subjects) == pytest.approx(share)


@given(st.floats(1e-9, 1e-2), st.integers(0, 10**6), st.floats(0.1, 1e4))
def test_strangers_who_differ_reach_a_gallery_less_often(
    fmr: float, subjects: int, shape: float
) -> None:
    alike = 1 - (1 - fmr) ** subjects
    assert Spread(shape, 0.0).fpir(fmr, subjects) <= alike + 1e-4
    assert Spread(1e9, 0.0).fpir(fmr, subjects) == pytest.approx(alike, abs=2e-3)


def test_small_shares_hardly_depend_on_how_strangers_differ() -> None:
    assert Spread(1.0, 0.0).fpir(1e-6, 1_000) == pytest.approx(1e-3, rel=1e-3)


@given(st.floats(0.05, 10), st.floats(0, 1), st.integers(1, 10**6))
def test_a_higher_threshold_never_names_more_strangers(
    shape: float, power: float, subjects: int
) -> None:
    named = Spread(shape, power).fpir(np.geomspace(1e-8, 1e-1, 50), subjects)
    assert (np.diff(named) >= -1e-12).all()


def people(subjects: int, photos: int = 1) -> SearchSize:
    return SearchSize.of(subjects, subjects * photos)


@given(st.floats(0.85, 0.93), st.integers(1, 10**5))
def test_more_subjects_and_higher_thresholds_miss_more(similarity: float, subjects: int) -> None:
    missed = RATES.fnir_at(similarity, people(subjects))
    assert RATES.fnmr_at(similarity) - 1e-9 <= missed <= 1
    assert RATES.fnir_at(similarity, people(subjects * 2)) >= missed - 1e-9
    assert RATES.fnir_at(similarity + 0.01, people(subjects)) >= missed - 5e-3


@pytest.mark.parametrize("photos", [1, 3])
def test_alone_in_a_gallery_one_is_missed_only_below_the_threshold(photos: int) -> None:
    # Nobody competes: one's own photos and their mean are no rivals.
    assert RATES.fnir_at(0.92, people(1, photos)) == pytest.approx(0.2)


@given(st.floats(0.85, 0.95), st.integers(1, 10**5), st.integers(1, 5))
def test_misses_lie_in_their_interval(similarity: float, subjects: int, photos: int) -> None:
    size = people(subjects, photos)
    low, high = RATES.fnir_interval_at(similarity, size)
    assert low <= RATES.fnir_at(similarity, size) <= high


def test_alone_in_a_gallery_misses_are_known_as_well_as_those_of_pairs() -> None:
    assert RATES.fnir_interval_at(0.92, people(1)) == pytest.approx((0.18, 0.22))


@pytest.mark.parametrize(
    "fault",
    [
        {"similarities": (0.9, 0.9, 0.92, 0.93, 0.94)},
        {"similarities": (0.9,)},
        {"fmr": RATES.fnmr},
        {"fnmr": RATES.fmr},
        {"fmr": Rate((0.1,), (0.1,), (0.1,))},
    ],
)
def test_rates_that_cannot_be_are_refused(fault: dict) -> None:
    with pytest.raises(InvalidValue):
        replace(RATES, **fault)


@pytest.mark.parametrize(("shape", "power"), [(0, 0), (-1, 0), (1, -0.1), (1, 1.1)])
def test_a_spread_that_cannot_be_is_refused(shape: float, power: float) -> None:
    with pytest.raises(InvalidValue):
        Spread(shape, power)
