"""What is said of how sure we are, to clients that know one number from 0 to 1."""

from dataclasses import dataclass
from typing import Literal, Self

from vultus.domain.candidate import Candidate
from vultus.matching.calibration import PairCalibration
from vultus.matching.policy import Policy
from vultus.usecases.recognizer import Recognizer

Kind = Literal["probability", "cosine"]

MATCH = 0.5
"""What the threshold of a match becomes on the scale of cosines."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Similarities and probabilities as numbers in [0, 1], higher is closer.

    With the kind `probability` it is the calibrated one. The cosine, of that kind or where the pack
    carries no calibration, is stretched so that the threshold of a match becomes 0.5: what is alike
    for one model is not for another, and CompreFace's clients take more than a half for a match.
    """

    kind: Kind
    pairs: PairCalibration | None
    policy: Policy | None

    @classmethod
    def of(cls, kind: Kind, recognizer: Recognizer, policy: Policy | None = None) -> Self:
        """That of a pack; `policy` is the rule of a search, where it is about one."""
        calibration = recognizer.calibration
        pairs = calibration.pair if calibration else None
        return cls(kind, pairs, policy or recognizer.matching)

    def of_pair(self, similarity: float) -> float:
        """Of two templates, from their cosine in [-1, 1]."""
        if self.kind == "probability" and self.pairs is not None:
            return self.pairs.probability(similarity)
        return self._stretched(similarity)

    def of_candidate(self, candidate: Candidate) -> float:
        """Of a subject that was searched for."""
        if self.kind == "probability" and candidate.probability is not None:
            return candidate.probability
        return self.of_pair(candidate.similarity)

    def _stretched(self, similarity: float) -> float:
        cosine = min(max(similarity, -1.0), 1.0)
        threshold = self.policy.threshold.similarity if self.policy else 0.0
        if cosine < threshold:
            return MATCH * (1 + cosine) / (1 + threshold)
        if threshold == 1:
            return 1.0
        return 1 - (1 - MATCH) * (1 - cosine) / (1 - threshold)
