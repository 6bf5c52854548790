"""Error rates by group: of people, by the attributes of the manifest; of photos, by measures."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from vultus.evaluation.datasets.dataset import DatasetImage
from vultus.evaluation.metrics.binning import (
    Grouping,
    Worse,
    by_label,
    by_quantile,
    of_pairs,
    worse_of,
)
from vultus.evaluation.metrics.groups import group_rates
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.metrics.trials import Trials
from vultus.evaluation.report.grouping import ByGroup

MOST_VALUES = 12
"""An attribute with more values names things rather than groups of them."""
MEASURES: Mapping[str, tuple[str, str, Worse]] = {
    "face_px": ("face size, px", "smaller", "smaller"),
    "sharpness": ("sharpness", "less sharp", "smaller"),
    "turn": ("turn of the head, degrees", "more turned", "larger"),
}
"""What is measured of a face: how it is called, and which photo of a pair decides."""


def by_group(
    trials: Trials,
    images: Sequence[DatasetImage],
    measures: Mapping[str, NDArray[np.float32]],
    threshold: float,
    resampling: Resampling,
) -> tuple[ByGroup, ...]:
    """Misses by measured quantity; misses and false matches by attribute of the manifest."""
    accepted = trials.scores >= np.float32(threshold)
    compared = trials.compared
    genuine = trials.only(trials.genuine & compared)
    missed = ~accepted[trials.genuine & compared]
    impostor = trials.only(~trials.genuine & compared)
    matched = accepted[~trials.genuine & compared]
    return (
        *_measured(genuine, missed, measures, resampling),
        *_attributes(genuine, missed, images, "misses", resampling),
        *_attributes(impostor, matched, images, "false matches", resampling),
    )


def _measured(
    trials: Trials,
    wrong: NDArray[np.bool_],
    measures: Mapping[str, NDArray[np.float32]],
    resampling: Resampling,
) -> Iterator[ByGroup]:
    for key, (name, photo, worse) in MEASURES.items():
        values = _measure(key, measures)
        if values is None or not len(trials):
            continue
        grouping = by_quantile(worse_of(values, trials.rows, worse))
        if len(grouping.labels) > 1:
            yield ByGroup(
                name,
                f"Misses by {name.partition(',')[0]}",
                f"Genuine pairs refused at the threshold, by the photo of the two that is {photo}.",
                group_rates(wrong, grouping, trials.first, trials.second, resampling),
            )


def _measure(key: str, measures: Mapping[str, NDArray[np.float32]]) -> NDArray[np.floating] | None:
    """A quantity by image; the turn of a head is how far it looks aside, to either side."""
    if key == "turn":
        yaw = measures.get("yaw")
        return None if yaw is None else np.abs(yaw)
    return measures.get(key)


def _attributes(
    trials: Trials,
    wrong: NDArray[np.bool_],
    images: Sequence[DatasetImage],
    what: str,
    resampling: Resampling,
) -> Iterator[ByGroup]:
    for name in sorted({name for image in images for name in image.attributes}):
        grouping = _by_attribute(name, images)
        if 1 < len(grouping.labels) <= MOST_VALUES and len(trials):
            yield ByGroup(
                name,
                f"{what.capitalize()} by {name}",
                f"The rate at the one threshold of all, among pairs whose photos agree in {name}.",
                group_rates(
                    wrong, of_pairs(grouping, trials.rows), trials.first, trials.second, resampling
                ),
            )


def _by_attribute(name: str, images: Sequence[DatasetImage]) -> Grouping:
    return by_label([image.attributes.get(name, "") for image in images])
