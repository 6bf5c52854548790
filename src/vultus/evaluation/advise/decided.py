"""By which threshold a gallery decides, and what follows from it."""

from dataclasses import dataclass

from vultus.domain.gallery import ThresholdPolicy
from vultus.evaluation.advise.advice import Advice, at_threshold
from vultus.matching.policy import Policy, policy_of_search
from vultus.matching.rates import ErrorRates
from vultus.matching.size import SearchSize


@dataclass(frozen=True, slots=True)
class Decided:
    """The rule of a gallery of some size under `policy`, and what its threshold does.

    `floor` is the threshold of pairs, below which the policy `fpir` never goes.

    `uncertain` is the share of strangers who come to lie in the grey zone below the threshold:
    nobody is named, and a person should look. None where it reaches below all that was measured.
    """

    policy: ThresholdPolicy
    rule: Policy
    does: Advice
    floor: float
    uncertain: float | None

    @property
    def floored(self) -> bool:
        """Whether the policy `fpir` asks for less than `floor`, which therefore counts."""
        return self.policy.fpir is not None and self.does.threshold <= self.floor

    @property
    def has_grey_zone(self) -> bool:
        """Whether there is any similarity at which nothing is decided."""
        return self.rule.uncertain_from < self.rule.threshold.similarity


def decided(rates: ErrorRates, size: SearchSize, policy: ThresholdPolicy, pairs: Policy) -> Decided:
    """What a gallery decides by.

    Args:
        rates: those of its pack.
        size: of the gallery.
        policy: how its threshold follows the size.
        pairs: the rule of its pack, or of the settings, for pairs.

    Raises:
        InvalidValue: there are no subjects.
    """
    rule = pairs
    if policy.fpir is not None:
        rule = policy_of_search(size, policy.fpir, rates, pairs)
    does = at_threshold(rates, size, rule.threshold.similarity)
    uncertain = None
    if rule.uncertain_from >= rates.similarities[0]:
        uncertain = max(rates.fpir_at(rule.uncertain_from, size.comparisons) - does.fpir, 0.0)
    return Decided(policy, rule, does, pairs.threshold.similarity, uncertain)
