import numpy as np
import pytest

from comparisons import some_trials
from vultus.errors import TooFewComparisons
from vultus.evaluation.metrics.rates import (
    area_under_roc,
    equal_error_rate,
    fnmr_at_fmr,
    threshold_at_fmr,
)
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.metrics.scored import Scored
from vultus.evaluation.metrics.trade_off import TradeOff, operating_points, trade_off
from vultus.evaluation.metrics.trials import NOT_COMPARED, Trials

TRIALS = some_trials(60, 2)


def measured(trials: Trials) -> TradeOff:
    scored = Scored(trials.scores, trials.genuine, trials.first, trials.second)
    return trade_off(scored, (0.1, 0.01, 1e-4), Resampling(200))


def test_the_figures_are_those_of_the_plain_functions() -> None:
    figures = measured(TRIALS)
    genuine, impostor = (TRIALS.scores[each] for each in (TRIALS.genuine, ~TRIALS.genuine))
    assert figures.area.value == pytest.approx(area_under_roc(genuine, impostor))
    assert figures.equal_error_rate.value == pytest.approx(equal_error_rate(genuine, impostor))
    for operating in figures.at:
        assert operating.misses.value == pytest.approx(
            fnmr_at_fmr(genuine, impostor, operating.target)
        )
        assert operating.threshold == pytest.approx(threshold_at_fmr(impostor, operating.target))
        assert operating.false_alarms <= operating.target
        assert operating.misses.low <= operating.misses.value <= operating.misses.high


def test_what_the_data_cannot_show_is_said_with_what_it_takes() -> None:
    figures = measured(TRIALS)
    assert [operating.target for operating in figures.at] == [0.1, 0.01]
    (missing,) = figures.unmeasured
    assert (missing.target, missing.comparisons, missing.needed) == (1e-4, 180, 10_000)
    assert isinstance(missing.error, TooFewComparisons)
    assert figures.operating(1e-4) is None


def test_failures_to_detect_are_misses_when_strict_and_left_out_when_lenient() -> None:
    trials = some_trials(60, 2)
    trials.scores[:6] = NOT_COMPARED
    strict, lenient = measured(trials), measured(trials.lenient())
    assert (strict.genuine, strict.genuine_undetected, strict.impostor_undetected) == (180, 3, 3)
    assert (lenient.genuine, lenient.genuine_undetected) == (177, 0)
    assert strict.at[0].misses.value > lenient.at[0].misses.value
    assert strict.curve.fnmr[-1] == pytest.approx(3 / 180)


def test_nothing_missed_is_bounded_by_the_number_of_people() -> None:
    figures = measured(some_trials(60, 2, shift=0.4))
    assert figures.at[0].misses.value == 0
    assert figures.at[0].misses.high == pytest.approx(3 / 60)


def test_no_error_at_all_is_no_certainty_of_any_figure() -> None:
    # Two people with two photos each: two genuine comparisons, and one independent impostor.
    scores = np.array([0.9, 0.8, 0.1, 0.2, 0.1, 0.0], np.float32)
    first, second = np.array([0, 1, 0, 0, 0, 0]), np.array([0, 1, 1, 1, 1, 1])
    figures = trade_off(Scored(scores, first == second, first, second), (0.5,), Resampling(50))
    assert (figures.equal_error_rate.value, figures.equal_error_rate.high) == (0, 1)
    assert (figures.area.value, figures.area.low) == (1, 0)
    assert figures.at[0].misses.high == 1


def test_the_better_known_kind_of_error_does_not_vouch_for_the_other() -> None:
    figures = measured(some_trials(60, 2, shift=0.8))
    assert figures.equal_error_rate.value == 0
    assert figures.equal_error_rate.high == pytest.approx(3 / 30)
    assert figures.area.low == pytest.approx(1 - 3 / 30)


def test_an_equal_error_rate_of_one_kind_of_error_is_bounded_by_the_people_of_the_other() -> None:
    # Nobody of 20 is missed where 1 of 1,000 pairs of different people passes.
    first = np.concatenate([np.arange(20), np.arange(1000)])
    genuine = np.arange(1020) < 20
    second = np.where(genuine, first, first + 1000)
    scores = np.where(genuine, 0.5, 0.1).astype(np.float32)
    scores[-1] = 0.9
    figures = trade_off(Scored(scores, genuine, first, second), (0.01,), Resampling(50))
    assert figures.equal_error_rate.value == pytest.approx(0.0005)
    assert figures.equal_error_rate.high == pytest.approx(3 / 20)


def test_a_photo_that_is_searched_for_again_is_no_further_trial() -> None:
    # Ten strangers, each searched for in ten galleries, are not a hundred.
    people = np.concatenate([np.arange(20), np.tile(np.arange(100, 110), 10)])
    genuine = np.arange(120) < 20
    scores = np.where(genuine, 0.9, np.linspace(0, 0.8, 120)).astype(np.float32)
    scored = Scored(scores, genuine, people, people, probes=people)
    figures = trade_off(scored, (0.1, 0.01), Resampling(20))
    assert (figures.impostor, figures.distinct) == (100, 10)
    assert [each.target for each in figures.at] == [0.1]
    assert [(each.comparisons, each.needed) for each in figures.unmeasured] == [(10, 100)]
    (alone,) = operating_points(scored, (0.1, 0.01), Resampling(20))
    assert alone == figures.at[0]


@pytest.mark.parametrize("kind", [True, False])
def test_one_kind_alone_has_no_trade_off(kind: bool) -> None:
    with pytest.raises(TooFewComparisons):
        measured(TRIALS.only(TRIALS.genuine == kind))


def test_nothing_compared_of_one_kind_has_no_trade_off() -> None:
    trials = some_trials(10, 1)
    trials.scores[trials.genuine] = NOT_COMPARED
    with pytest.raises(TooFewComparisons):
        measured(trials)
    assert np.isfinite(trials.scores).all()
