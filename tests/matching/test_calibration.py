from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.errors import InvalidValue
from vultus.matching.calibration import (
    Calibration,
    PairCalibration,
    SearchCalibration,
    SearchProbabilities,
)
from vultus.matching.size import SearchSize

TEN = SearchSize(10, 10)
CURVE = PairCalibration((0.2, 0.4, 0.8), (0.01, 0.5, 0.99), prior=0.5, protocol="made up")


@pytest.mark.parametrize(
    ("similarity", "probability"),
    [(-1, 0.01), (0.2, 0.01), (0.3, 0.255), (0.4, 0.5), (0.6, 0.745), (0.8, 0.99), (1, 0.99)],
)
def test_probability_follows_the_knots(similarity: float, probability: float) -> None:
    assert CURVE.probability(similarity) == pytest.approx(probability)


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_a_higher_similarity_is_never_less_probable(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert CURVE.probability(low) <= CURVE.probability(high)


@pytest.mark.parametrize(
    ("similarities", "probabilities"),
    [((0.1,), (0.5,)), ((0.2, 0.1), (0.1, 0.9)), ((0.1, 0.2), (0.9, 0.1)), ((0.1, 0.2), (0, 0.5))],
)
def test_a_curve_that_does_not_rise_inside_zero_and_one_is_refused(
    similarities: tuple[float, ...], probabilities: tuple[float, ...]
) -> None:
    with pytest.raises(InvalidValue):
        PairCalibration(similarities, probabilities, prior=0.5, protocol="made up")


@given(st.floats(0.01, 0.99), st.floats(-1, 1))
def test_another_prior_and_back_says_the_same(prior: float, similarity: float) -> None:
    moved = CURVE.at_prior(prior)
    assert moved.prior == prior
    assert moved.at_prior(0.5) == CURVE
    assert moved.at_prior(0.3).at_prior(prior) == moved
    rarer = moved.probability(similarity) <= CURVE.probability(similarity)
    assert rarer == (prior <= 0.5) or prior == pytest.approx(0.5)


def test_a_prior_moves_the_odds_as_bayes_says() -> None:
    # Odds of 1 to 1 at a prior of 1/2 are odds of 1 to 9 at a prior of 1/10.
    assert CURVE.at_prior(0.1).probability(0.4) == pytest.approx(0.1)


@given(st.floats(0.001, 0.999), st.floats(-1, 1))
def test_bayes_holds_between_the_knots_too(prior: float, similarity: float) -> None:
    # The likelihood ratio belongs to the two images: no prior changes it.
    said, moved = (each.probability(similarity) for each in (CURVE, CURVE.at_prior(prior)))
    evidence = said / (1 - said)
    odds = prior / (1 - prior) * evidence
    assert moved == pytest.approx(odds / (1 + odds))


def test_many_similarities_are_answered_as_each_alone() -> None:
    rare, similarities = CURVE.at_prior(0.01), np.linspace(-1, 1, 41, dtype=np.float32)
    alone = [rare.probability(float(each)) for each in similarities]
    assert rare.probabilities_of(similarities).tolist() == pytest.approx(alone)


@pytest.mark.parametrize("prior", [0.0, 1.0, -1.0, float("nan")])
def test_a_prior_is_neither_nothing_nor_everything(prior: float) -> None:
    with pytest.raises(InvalidValue):
        CURVE.at_prior(prior)


SEARCH = SearchCalibration(
    (0.2, 0.4, 0.8),
    (-5.0, 3.0, 12.0),
    growth=1.0,
    crowding=1.0,
    least=1e-4,
    most=0.999,
    strangers=0.5,
    protocol="made up",
)


def test_twice_the_subjects_halve_the_odds_of_a_search() -> None:
    few, many = (
        SEARCH.probability(0.4, SearchSize.of(subjects, subjects)) for subjects in (100, 200)
    )
    assert few / (1 - few) == pytest.approx(2 * many / (1 - many))


def test_subjects_with_several_photos_are_mistaken_more_often() -> None:
    one, three = (SEARCH.probability(0.4, SearchSize.of(100, faces)) for faces in (100, 300))
    assert one / (1 - one) == pytest.approx(4 * three / (1 - three))


def test_a_search_never_says_more_than_the_data_support() -> None:
    assert SEARCH.probability(1.0, SearchSize(1, 1)) == SEARCH.most
    assert SEARCH.probability(-1.0, SearchSize(10**6, 10**6)) == SEARCH.least


@given(st.lists(st.floats(-1, 1), max_size=8), st.integers(0, 10**7))
def test_candidates_share_one_certainty_in_their_order(
    similarities: list[float], subjects: int
) -> None:
    said = SearchProbabilities(SEARCH, SearchSize.of(subjects, subjects)).ranked(
        sorted(similarities, reverse=True)
    )
    assert len(said) == len(similarities)
    assert sum(said) < 1
    assert list(said) == sorted(said, reverse=True)


@pytest.mark.parametrize(
    "fault", [{"growth": -1}, {"least": 0}, {"most": 1}, {"most": 1e-5}, {"strangers": 1}]
)
def test_a_calibration_of_searches_that_cannot_be_is_refused(fault: dict[str, float]) -> None:
    with pytest.raises(InvalidValue):
        replace(SEARCH, **fault)


def test_a_pack_without_a_calibration_of_searches_gives_them_no_probability() -> None:
    assert Calibration(CURVE).of_searches(TEN) is None
    assert Calibration(CURVE, SEARCH).of_searches(TEN) == SearchProbabilities(SEARCH, TEN)
