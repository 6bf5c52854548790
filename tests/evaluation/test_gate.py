import pytest

from vultus.evaluation.gate import Better, Guarded, judge
from vultus.evaluation.metrics.estimate import Estimate
from vultus.evaluation.metrics.paired import Difference


def figure(low: float, high: float, better: Better, allowed: float = 0.0) -> Guarded:
    middle = (low + high) / 2
    change = Difference(0.9, 0.9 + middle, Estimate(middle, low, high), chance=0.01)
    return Guarded("TAR at FAR 0.1 %", better, change, allowed)


@pytest.mark.parametrize(
    ("low", "high", "better", "passed"),
    [
        (-0.02, -0.01, "higher", False),
        (-0.02, 0.01, "higher", True),
        (0.01, 0.02, "higher", True),
        (0.01, 0.02, "lower", False),
        (-0.01, 0.02, "lower", True),
        (-0.02, -0.01, "lower", True),
    ],
)
def test_only_what_is_worse_beyond_chance_keeps_a_candidate_out(
    low: float, high: float, better: Better, passed: bool
) -> None:
    gate = judge([figure(low, high, better)])
    assert gate.passed is passed
    assert bool(gate.reasons) is not passed


def test_a_reason_names_the_figure_and_what_became_of_it() -> None:
    (reason,) = judge([figure(-0.02, -0.01, "higher"), figure(0, 1, "higher")]).reasons
    assert reason.startswith("TAR at FAR 0.1 % is worse: 0.9 became 0.885")
    assert "-0.02 to -0.01" in reason


def test_as_much_as_is_allowed_is_forgiven() -> None:
    assert judge([figure(-0.02, -0.01, "higher", allowed=0.01)]).passed
    assert not judge([figure(-0.02, -0.011, "higher", allowed=0.01)]).passed


def test_where_nothing_was_measured_nothing_is_promoted() -> None:
    gate = judge([])
    assert not gate.passed
    assert gate.reasons == ("no figure could be measured for both",)
