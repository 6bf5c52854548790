import pytest

from rates import made_up_rates
from vultus.domain.gallery import FIXED, ThresholdPolicy
from vultus.evaluation.advise.decided import Decided, decided
from vultus.matching.policy import Policy
from vultus.matching.size import SearchSize
from vultus.matching.thresholds import Threshold

RATES = made_up_rates()
PAIRS = Policy(Threshold(0.91, "pack", fmr=1e-3, protocol="made up"), uncertain_from=0.90)


def gallery(subjects: int, policy: ThresholdPolicy, pairs: Policy = PAIRS) -> Decided:
    return decided(RATES, SearchSize.of(subjects, subjects), policy, pairs)


def test_a_policy_that_asks_for_less_than_the_pack_decides_by_the_pack() -> None:
    small = gallery(10, ThresholdPolicy("fpir", 0.05))
    assert small.floored
    assert small.does.threshold == 0.91
    # 10 subjects at an FMR of 0.001.
    assert small.does.fpir == pytest.approx(0.01, rel=0.02)


def test_a_policy_that_asks_for_more_decides_by_its_share() -> None:
    large = gallery(1_000, ThresholdPolicy("fpir", 0.01))
    assert not large.floored
    assert large.does.threshold == pytest.approx(0.93, abs=1e-4)
    assert large.does.fpir == pytest.approx(0.01)
    # Ten times as many strangers reach the grey zone; a tenth of them is named.
    assert large.uncertain == pytest.approx(0.09, rel=0.01)


def test_a_fixed_policy_decides_by_the_pack_at_every_size() -> None:
    assert [gallery(size, FIXED).does.threshold for size in (1, 10_000)] == [0.91, 0.91]
    assert not gallery(10, FIXED).floored


def test_without_a_grey_zone_nobody_is_in_it() -> None:
    sharp = gallery(10, FIXED, Policy(PAIRS.threshold, uncertain_from=0.91))
    assert not sharp.has_grey_zone
    assert sharp.uncertain == 0


def test_of_a_grey_zone_below_all_that_was_measured_no_share_is_told() -> None:
    wide = gallery(10, FIXED, Policy(PAIRS.threshold, uncertain_from=0.5))
    assert wide.has_grey_zone
    assert wide.uncertain is None
