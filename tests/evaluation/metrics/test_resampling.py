import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparisons import some_trials
from vultus.errors import InvalidValue
from vultus.evaluation.metrics.estimate import Estimate, bounded, estimate, rule_of_three
from vultus.evaluation.metrics.levels import Floats, Order, Weights
from vultus.evaluation.metrics.resampling import Resampling, comparison_weights
from vultus.evaluation.metrics.weighed import area, equal_error_rate, fnmr_at_fmr

FIRST = np.array([0, 0, 1, 2])
SECOND = np.array([0, 1, 1, 0])


def counted(weights: Weights) -> Floats:
    return weights.sum(axis=1, keepdims=True)


def test_a_comparison_comes_as_often_as_its_people_were_drawn() -> None:
    drawn = np.array([[2.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 0.0, 3.0], [1.0, 2.0, 3.0]])
    assert comparison_weights(drawn, FIRST, SECOND).tolist() == [
        [2, 2, 1, 0],
        [1, 1, 1, 1],
        [0, 0, 0, 0],
        [1, 2, 2, 3],
    ]


def test_every_draw_has_as_many_people_as_there_are() -> None:
    draws = list(Resampling(25, seed=3).draws(7, at_once=10))
    assert [len(part) for part in draws] == [10, 10, 5]
    assert (np.concatenate(draws).sum(axis=1) == 7).all()
    assert np.unique(np.concatenate(draws), axis=0).shape[0] > 20


def test_the_same_seed_draws_the_same_and_another_one_does_not() -> None:
    one, same, other = (
        Resampling(20, seed).replicate(counted, FIRST, SECOND) for seed in (1, 1, 2)
    )
    assert (one == same).all()
    assert (one != other).any()


def test_no_replicates_are_no_bootstrap() -> None:
    with pytest.raises(InvalidValue):
        Resampling(0)


@pytest.mark.parametrize("figure", [area, equal_error_rate, fnmr_at_fmr(0.1)])
@given(seed=st.integers(0, 100))
def test_a_weight_is_the_same_as_making_a_comparison_that_often(figure, seed: int) -> None:  # type: ignore[no-untyped-def]
    trials = some_trials(12, seed)
    weights = np.random.default_rng(seed).integers(0, 4, len(trials))
    repeated = trials.only(np.repeat(np.arange(len(trials)), weights))
    weighed = figure(Order(trials.scores, trials.genuine).levels(weights[np.newaxis].astype(float)))
    made = figure(Order(repeated.scores, repeated.genuine).levels())
    assert weighed == pytest.approx(made)


def test_people_who_differ_make_the_interval_wider_than_coins_would() -> None:
    # Each of 40 people either always or never goes wrong, in 25 comparisons each.
    people = np.repeat(np.arange(40), 25)
    wrong = (people % 4 == 0).astype(float)

    def share(weights: Weights) -> Floats:
        return (weights @ wrong / weights.sum(axis=1))[:, np.newaxis]

    by_people = estimate(0.25, Resampling(500).replicate(share, people, people)[:, 0])
    one_by_one = np.arange(1000)
    naive = estimate(0.25, Resampling(500).replicate(share, one_by_one, one_by_one)[:, 0])
    assert by_people.high - by_people.low > 3 * (naive.high - naive.low)
    # What the binomial says of 40 independent people.
    assert by_people.low == pytest.approx(0.25 - 1.96 * (0.25 * 0.75 / 40) ** 0.5, abs=0.03)


def test_the_interval_lies_between_the_percentiles() -> None:
    made = estimate(0.5, np.append(np.linspace(0, 1, 1001), np.nan))
    assert made == Estimate(0.5, pytest.approx(0.025), pytest.approx(0.975))
    assert estimate(0.5, np.array([np.nan])) == Estimate(0.5, 0.0, 1.0)


def test_no_errors_are_bounded_by_the_rule_of_three() -> None:
    assert rule_of_three(300) == pytest.approx(0.01)
    assert rule_of_three(2) == rule_of_three(0) == 1
    assert bounded(Estimate(0.0, 0.0, 0.0), 0, 300) == Estimate(0.0, 0.0, pytest.approx(0.01))
    assert bounded(Estimate(1.0, 1.0, 1.0), 300, 300) == Estimate(1.0, pytest.approx(0.99), 1.0)
    assert bounded(Estimate(0.2, 0.1, 0.3), 60, 300) == Estimate(0.2, 0.1, 0.3)
