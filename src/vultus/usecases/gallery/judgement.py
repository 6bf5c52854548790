"""The rule and the probabilities of a search in a gallery."""

from collections.abc import Callable
from dataclasses import dataclass

from vultus.domain.gallery import Gallery
from vultus.matching.calibration import SearchProbabilities
from vultus.matching.policy import Policy
from vultus.matching.size import SearchSize
from vultus.usecases.recognizer import Recognizer


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a similarity means in a gallery.

    `size` gives how large it is. To count takes time, so it is only asked where that matters.
    """

    recognizer: Recognizer
    gallery: Gallery
    size: Callable[[], SearchSize]

    @property
    def policy(self) -> Policy:
        """The rule of its searches.

        Raises:
            ThresholdMissing, RatesMissing: nothing can be decided; see `Recognizer.policy_of`.
        """
        own = self.gallery.policy
        if (own or self.recognizer.chosen).fpir is None:
            return self.recognizer.policy
        return self.recognizer.policy_of(self.size(), own)

    @property
    def probabilities(self) -> SearchProbabilities | None:
        """The probabilities of its searches; None while the pack has none."""
        known = self.recognizer.calibration
        if known is None or known.search is None:
            return None
        return known.of_searches(self.size())
