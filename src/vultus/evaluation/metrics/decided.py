"""Both error rates at a threshold that was chosen before."""

import numpy as np

from vultus.evaluation.metrics.estimate import Estimate, bounded, estimate, independent
from vultus.evaluation.metrics.levels import Floats, Order, Weights
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.metrics.scored import Scored
from vultus.evaluation.metrics.weighed import fmr_at, fnmr_at


def rates_at(scored: Scored, threshold: float, resampling: Resampling) -> tuple[Estimate, Estimate]:
    """The rate of false alarms, and that of misses, with their intervals."""
    order, genuine = Order(scored.scores, scored.genuine), scored.genuine
    figures = [fmr_at(threshold), fnmr_at(threshold)]

    def statistic(weights: Weights) -> Floats:
        levels = order.levels(weights)
        return np.stack([figure(levels) for figure in figures], axis=1)

    values = statistic(np.ones((1, len(genuine))))[0].tolist()
    replicates = resampling.replicate(statistic, scored.first, scored.second)
    alarms, misses = (
        bounded(
            estimate(value, replicates[:, k]),
            round(value * int(kind.sum())),
            independent(scored.first[kind], scored.second[kind]),
        )
        for k, (value, kind) in enumerate(zip(values, (~genuine, genuine), strict=True))
    )
    return alarms, misses
