"""Right and wrong decisions at one threshold, counted."""

from dataclasses import dataclass

import numpy as np

from vultus.evaluation.metrics.rates import Scores


@dataclass(frozen=True, slots=True)
class Confusion:
    """Decisions at `threshold`. A *positive* is a comparison that was accepted.

    A rate is None where it would be a share of nothing.
    """

    threshold: float
    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int

    @property
    def tpr(self) -> float | None:
        """Share of genuine comparisons accepted; also called recall and TAR. It is 1 - FNMR."""
        return _share(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def fpr(self) -> float | None:
        """Share of impostor comparisons accepted; FMR."""
        return _share(self.false_positives, self.false_positives + self.true_negatives)

    @property
    def precision(self) -> float | None:
        """Share of accepted comparisons that are genuine, at this mix of both kinds."""
        return _share(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> float | None:
        """The same as `tpr`."""
        return self.tpr

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall, at this mix of both kinds."""
        wrong = self.false_positives + self.false_negatives
        return _share(2 * self.true_positives, 2 * self.true_positives + wrong)

    @property
    def accuracy(self) -> float | None:
        """Share of right decisions, at this mix of both kinds."""
        right = self.true_positives + self.true_negatives
        return _share(right, right + self.false_positives + self.false_negatives)


def confusion(genuine: Scores, impostor: Scores, threshold: float) -> Confusion:
    """Count the decisions on (G,) genuine and (I,) impostor scores."""
    accepted, false = (int((each >= np.float32(threshold)).sum()) for each in (genuine, impostor))
    return Confusion(threshold, accepted, false, len(genuine) - accepted, len(impostor) - false)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
