"""The rule and the probabilities of a search in a gallery."""

from dataclasses import dataclass

from vultus.domain.gallery import Gallery
from vultus.matching.calibration import SearchProbabilities
from vultus.matching.policy import Policy
from vultus.usecases.recognizer import CountSize, Recognizer


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a similarity means in a gallery; each part of it is worked out when it is asked for."""

    recognizer: Recognizer
    gallery: Gallery
    size: CountSize

    @property
    def policy(self) -> Policy:
        """The rule of its searches; errors as for `Recognizer.policy_of`."""
        return self.recognizer.policy_of(self.size, self.gallery.policy)

    @property
    def probabilities(self) -> SearchProbabilities | None:
        """The probabilities of its searches; None while the pack has none."""
        return self.recognizer.search_probabilities(self.size)
