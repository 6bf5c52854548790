"""The subjects of a gallery that are most similar to given templates."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.domain.candidate import Candidate
from vultus.gallery.search.port import TemplateSearch
from vultus.gallery.store.port import TemplateFeed
from vultus.matching.calibration import SearchProbabilities
from vultus.usecases.identification import check_top_k, rank

LOOKED_AT = 10
"""So many subjects are compared as wholes, however few are wanted."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """Finds the subjects that have the most similar templates, and compares them as wholes."""

    gallery_id: str
    feed: TemplateFeed
    search: TemplateSearch

    def candidates(
        self, probes: NDArray[np.float32], k: int, probabilities: SearchProbabilities | None
    ) -> list[tuple[Candidate, ...]]:
        """Give the `k` most similar subjects of each of (Q, D) unit rows, best first.

        Raises:
            InvalidValue: k is no whole number above 0, or a probe is not finite.
        """
        check_top_k(k)
        hits = self.search.search(probes, max(k, LOOKED_AT))
        keys = np.unique(hits.subjects).tolist()
        return rank(probes, self.feed.templates_of(self.gallery_id, keys), k, probabilities)
