import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rates import made_up_rates
from vultus.errors import InvalidValue
from vultus.matching.policy import Decision, Policy, policy_of_search
from vultus.matching.size import SearchSize
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


RATES = made_up_rates()
BASE = Policy(Threshold(0.91, "pack", fmr=1e-3, protocol="made up"), uncertain_from=0.90)


@pytest.mark.parametrize("subjects", [0, 1, 10])
def test_a_small_gallery_keeps_the_packs_threshold(subjects: int) -> None:
    assert policy_of_search(SearchSize.of(subjects, subjects), 0.01, RATES, BASE) == BASE


def test_a_large_gallery_has_a_threshold_that_says_where_it_comes_from() -> None:
    policy = policy_of_search(SearchSize(1_000, 1_000), 0.01, RATES, BASE)
    assert policy.threshold.similarity == pytest.approx(0.93, abs=1e-4)
    assert policy.threshold.origin == "policy"
    assert policy.threshold.fmr == pytest.approx(1e-5, rel=0.02)
    assert policy.threshold.protocol == "FPIR 0.01 among 1,000 subjects, from made up"


def test_the_grey_zone_reaches_down_to_ten_times_the_strangers() -> None:
    policy = policy_of_search(SearchSize(1_000, 1_000), 0.01, RATES, BASE)
    assert policy.decide(0.925) is Decision.UNCERTAIN
    assert RATES.fpir_at(policy.uncertain_from, 1_000) == pytest.approx(0.1)


def test_beyond_what_was_measured_the_policy_says_so() -> None:
    policy = policy_of_search(SearchSize(10**6, 10**6), 0.01, RATES, BASE)
    assert policy.threshold.similarity > 0.94
    assert policy.threshold.protocol.endswith("continued beyond what it supports")


@given(st.integers(1, 10**9), st.floats(1e-6, 0.9))
def test_a_larger_gallery_never_has_a_lower_threshold(subjects: int, fpir: float) -> None:
    one, other = (
        policy_of_search(SearchSize(size, size), fpir, RATES, BASE)
        for size in (subjects, 2 * subjects)
    )
    assert BASE.threshold.similarity <= one.threshold.similarity <= other.threshold.similarity
