"""The rule that turns a similarity into a decision."""

from dataclasses import dataclass
from enum import StrEnum

from vultus.errors import InvalidValue
from vultus.matching.rates import ErrorRates
from vultus.matching.size import SearchSize
from vultus.matching.thresholds import Threshold

GREY = 10
"""The grey zone of the policy `fpir` begins where so many times more strangers would be named."""


class Decision(StrEnum):
    """What a similarity means under a policy."""

    MATCH = "match"
    UNCERTAIN = "uncertain"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Policy:
    """A threshold and the grey zone below it.

    `uncertain_from` is the lower end of the grey zone: from there up to the threshold nothing is
    decided. Equal to the threshold, there is no grey zone.
    """

    threshold: Threshold
    uncertain_from: float

    def __post_init__(self) -> None:
        if not -1 <= self.uncertain_from <= self.threshold.similarity:
            raise InvalidValue(
                "uncertain_from",
                f"{self.uncertain_from} is not in [-1, {self.threshold.similarity}]",
            )

    def decide(self, similarity: float) -> Decision:
        """Match, uncertain or unknown for a cosine in [-1, 1]; NaN is unknown."""
        if similarity >= self.threshold.similarity:
            return Decision.MATCH
        if similarity >= self.uncertain_from:
            return Decision.UNCERTAIN
        return Decision.UNKNOWN

    def explain(self, similarity: float) -> str:
        """The reason for `decide(similarity)`, as a sentence for people."""
        bound = self.threshold.similarity
        match self.decide(similarity):
            case Decision.MATCH:
                return f"similarity {similarity:.3f} reaches the threshold {bound:.3f}"
            case Decision.UNCERTAIN:
                return (
                    f"similarity {similarity:.3f} lies in the grey zone "
                    f"{self.uncertain_from:.3f} to {bound:.3f}"
                )
            case Decision.UNKNOWN:
                return f"similarity {similarity:.3f} is below {self.uncertain_from:.3f}"


def policy_of_search(size: SearchSize, fpir: float, rates: ErrorRates, pairs: Policy) -> Policy:
    """The policy by which at most a share `fpir` of strangers are named.

    Args:
        size: of the search.
        fpir: a fraction; 0.01 is one stranger in a hundred.
        rates: those of the pack.
        pairs: the policy of pairs; its bounds are never gone below.
    """
    fmr = rates.fmr_for(fpir, size.comparisons)
    similarity = rates.similarity_at(fmr)
    if similarity <= pairs.threshold.similarity:
        return pairs
    grey = rates.similarity_at(rates.fmr_for(min(GREY * fpir, 0.5), size.comparisons))
    beyond = ", continued beyond what it supports" if fmr < rates.least_fmr else ""
    protocol = f"FPIR {fpir:g} among {size.subjects:,} subjects, from {rates.protocol}{beyond}"
    threshold = Threshold(similarity, "policy", rates.fmr_at(similarity), protocol)
    return Policy(threshold, min(max(grey, pairs.uncertain_from), similarity))
