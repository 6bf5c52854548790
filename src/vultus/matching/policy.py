"""The rule that turns a similarity into a decision."""

from dataclasses import dataclass
from enum import StrEnum

from vultus.errors import InvalidValue
from vultus.matching.thresholds import Threshold


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
