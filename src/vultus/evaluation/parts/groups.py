"""Error rates by group: by attributes of the manifest, and by what is measured of photos."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vultus.evaluation.datasets.dataset import DatasetImage
from vultus.evaluation.metrics.binning import (
    Grouping,
    Worse,
    by_label,
    by_quantile,
    of_trials,
    worse_of,
)
from vultus.evaluation.metrics.groups import group_rates
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.metrics.trials import Trials
from vultus.evaluation.protocols.repeated import Attempts
from vultus.evaluation.report.grouping import ByGroup

MOST_VALUES = 12
"""An attribute with more values names things rather than groups of them."""
FEW = 200
"""Draws for searches, of which there are many."""
MEASURES: Mapping[str, tuple[str, str, str, Worse]] = {
    "face_px": ("face size", ", px", "smaller", "smaller"),
    "sharpness": ("sharpness", "", "less sharp", "smaller"),
    "turn": ("turn of the head", ", degrees", "more turned", "larger"),
}
"""What is measured of a face: how it is called, its unit, and which photo of a pair decides."""


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """N trials of one kind: which went wrong, on whom each depends, and its K images (N, K).

    `what` names the errors and `sentence` says what they are; `pairs` whether K is 2.
    """

    wrong: NDArray[np.bool_]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    rows: NDArray[np.int64]
    what: str
    sentence: str

    @property
    def pairs(self) -> bool:
        """Whether two images make a trial."""
        return len(self.rows[0]) > 1


def of_pairs(trials: Trials, threshold: float) -> tuple[Tried, Tried]:
    """The misses and the false matches of pairs that both show a face."""
    compared = trials.lenient()
    accepted = compared.scores >= np.float32(threshold)
    genuine, impostor = compared.only(compared.genuine), compared.only(~compared.genuine)
    return (
        Tried(
            ~accepted[compared.genuine],
            genuine.first,
            genuine.second,
            genuine.rows,
            "misses",
            "Genuine pairs refused at the threshold",
        ),
        Tried(
            accepted[~compared.genuine],
            impostor.first,
            impostor.second,
            impostor.rows,
            "false matches",
            "Pairs of different people accepted at the threshold",
        ),
    )


def of_searches(attempts: Attempts, what: str, sentence: str) -> Tried:
    """Searches, by the photo that was searched for."""
    rows = attempts.rows[:, np.newaxis]
    return Tried(attempts.wrong, attempts.people, attempts.people, rows, what, sentence)


def by_group(
    tried: Sequence[Tried],
    images: Sequence[DatasetImage],
    measures: Mapping[str, NDArray[np.float32]],
    resampling: Resampling,
) -> tuple[ByGroup, ...]:
    """The rate of each kind of error by measured quantity and by attribute of the manifest."""
    return tuple(
        group
        for each in tried
        if len(each.wrong)
        for group in (
            *_measured(each, measures, resampling),
            *_attributes(each, images, resampling),
        )
    )


def fewer(resampling: Resampling) -> Resampling:
    """The same with at most `FEW` draws."""
    return Resampling(min(resampling.replicates, FEW), resampling.seed)


def _measured(
    tried: Tried, measures: Mapping[str, NDArray[np.float32]], resampling: Resampling
) -> Iterator[ByGroup]:
    for key, (name, unit, photo, worse) in MEASURES.items():
        values = _measure(key, measures)
        if values is None:
            continue
        grouping = by_quantile(worse_of(values, tried.rows, worse))
        if len(grouping.labels) > 1:
            which = f"the photo of the two that is {photo}" if tried.pairs else "the photo searched"
            made = _group(tried, name, f"{tried.sentence}, by {which}.", grouping, resampling)
            yield replace(made, attribute=f"{name}{unit}")


def _measure(key: str, measures: Mapping[str, NDArray[np.float32]]) -> NDArray[np.floating] | None:
    """A quantity by image; the turn of a head is how far it looks aside, to either side."""
    if key == "turn":
        yaw = measures.get("yaw")
        return None if yaw is None else np.abs(yaw)
    return measures.get(key)


def _attributes(
    tried: Tried, images: Sequence[DatasetImage], resampling: Resampling
) -> Iterator[ByGroup]:
    which = "pairs whose photos agree" if tried.pairs else "searches with photos that agree"
    for name in sorted({name for image in images for name in image.attributes}):
        grouping = by_label([image.attributes.get(name, "") for image in images])
        if 1 < len(grouping.labels) <= MOST_VALUES:
            sentence = f"{tried.sentence}, among {which} in {name}."
            yield _group(tried, name, sentence, of_trials(grouping, tried.rows), resampling)


def _group(
    tried: Tried, name: str, sentence: str, grouping: Grouping, resampling: Resampling
) -> ByGroup:
    return ByGroup(
        name,
        f"{tried.what.capitalize()} by {name}",
        sentence,
        group_rates(tried.wrong, grouping, tried.first, tried.second, resampling),
    )
