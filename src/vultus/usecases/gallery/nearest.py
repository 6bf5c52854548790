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
AT_ONCE = 4_096
"""So many subjects are looked at for all probes of a batch: it is compared with each of them."""


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
        looked_at = max(k, LOOKED_AT)
        size = max(AT_ONCE // looked_at, 1)
        batches = [probes[start : start + size] for start in range(0, len(probes), size)]
        ranked = (self._ranked(batch, k, looked_at, probabilities) for batch in batches or [probes])
        return [candidates for found in ranked for candidates in found]

    def _ranked(
        self,
        probes: NDArray[np.float32],
        k: int,
        looked_at: int,
        probabilities: SearchProbabilities | None,
    ) -> list[tuple[Candidate, ...]]:
        hits = self.search.search(probes, looked_at)
        keys = np.unique(hits.subjects).tolist()
        return rank(probes, self.feed.templates_of(self.gallery_id, keys), k, probabilities)
