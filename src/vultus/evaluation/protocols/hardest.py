"""The single comparisons that went most wrong, for people to look at."""

from dataclasses import dataclass

import numpy as np

from vultus.evaluation.metrics.trials import Trials

MOST = 24


@dataclass(frozen=True, slots=True)
class Hard:
    """Two images, by their rows in the dataset, and the similarity that came out."""

    first: int
    second: int
    similarity: float


def hardest_genuine(trials: Trials, most: int = MOST) -> tuple[Hard, ...]:
    """The least similar images of one person, from the worst; undetected faces are left out."""
    chosen = trials.only(trials.genuine & trials.compared)
    return _first(chosen, np.argsort(chosen.scores, kind="stable")[:most])


def hardest_impostors(trials: Trials, most: int = MOST) -> tuple[Hard, ...]:
    """The most similar images of different people, from the worst."""
    chosen = trials.only(~trials.genuine & trials.compared)
    return _first(chosen, np.argsort(-chosen.scores, kind="stable")[:most])


def undetected(trials: Trials) -> tuple[int, ...]:
    """Rows of images in comparisons that never took place.

    One of the two shows no face; a row that is also in a comparison that did take place does.
    """
    failed = np.setdiff1d(trials.rows[~trials.compared], trials.rows[trials.compared])
    return tuple(failed.tolist())


def _first(trials: Trials, order: np.ndarray[tuple[int], np.dtype[np.int64]]) -> tuple[Hard, ...]:
    return tuple(
        Hard(int(first), int(second), float(score))
        for (first, second), score in zip(trials.rows[order], trials.scores[order], strict=True)
    )
