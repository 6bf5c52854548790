"""How the scores of genuine and impostor comparisons are spread, for a picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.evaluation.metrics.levels import Levels

BINS = 100


@dataclass(frozen=True, slots=True)
class Spread:
    """Shares of all genuine, and of all impostor comparisons, in bins of equal width.

    `edges` has one more number than the others. What was not compared is in no bin.
    """

    edges: tuple[float, ...]
    genuine: tuple[float, ...]
    impostor: tuple[float, ...]


def spread(levels: Levels) -> Spread:
    """Histograms over the scores that occur."""
    edges = np.linspace(levels.values[0], levels.values[-1], BINS + 1)

    def shares(weights: NDArray[np.float64], total: float) -> tuple[float, ...]:
        counts, _ = np.histogram(levels.values, edges, weights=weights)
        return tuple((counts / total).tolist())

    return Spread(
        tuple(edges.tolist()),
        shares(levels.genuine[0], levels.genuine_total[0]),
        shares(levels.impostor[0], levels.impostor_total[0]),
    )
