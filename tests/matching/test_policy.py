import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.errors import InvalidValue
from vultus.matching.policy import Decision, Policy
from vultus.matching.thresholds import Threshold

POLICY = Policy(Threshold(0.5, "pack", fmr=1e-3, protocol="made up"), uncertain_from=0.4)


@pytest.mark.parametrize(
    ("similarity", "decision"),
    [
        (1.0, Decision.MATCH),
        (0.5, Decision.MATCH),
        (math.nextafter(0.5, 0), Decision.UNCERTAIN),
        (0.4, Decision.UNCERTAIN),
        (math.nextafter(0.4, 0), Decision.UNKNOWN),
        (-1.0, Decision.UNKNOWN),
        (math.nan, Decision.UNKNOWN),
    ],
)
def test_the_bounds_belong_to_the_better_decision(similarity: float, decision: Decision) -> None:
    assert POLICY.decide(similarity) is decision


def test_without_a_grey_zone_nothing_is_uncertain() -> None:
    sharp = Policy(Threshold(0.5, "call", fmr=None, protocol=None), uncertain_from=0.5)
    assert {sharp.decide(step / 100) for step in range(-100, 101)} == {
        Decision.MATCH,
        Decision.UNKNOWN,
    }


@given(st.floats(-1, 1))
def test_the_explanation_names_the_similarity(similarity: float) -> None:
    assert f"{similarity:.3f}" in POLICY.explain(similarity)


@pytest.mark.parametrize("lowest", [0.6, -1.1, math.nan])
def test_a_grey_zone_lies_below_its_threshold(lowest: float) -> None:
    with pytest.raises(InvalidValue):
        Policy(POLICY.threshold, uncertain_from=lowest)


@pytest.mark.parametrize(("similarity", "fmr"), [(1.5, 1e-3), (0.5, 0), (0.5, 1), (math.nan, 1e-3)])
def test_a_threshold_is_a_cosine_and_its_fmr_a_rate(similarity: float, fmr: float) -> None:
    with pytest.raises(InvalidValue):
        Threshold(similarity, "pack", fmr=fmr, protocol="made up")
