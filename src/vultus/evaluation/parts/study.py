"""What is evaluated: a dataset, the templates that a model made of it, and what stands beside."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vultus.evaluation.datasets.dataset import Dataset
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.protocols.repeated import Lists
from vultus.evaluation.templates.table import TemplateTable
from vultus.matching.calibration import PairCalibration

Picture = Callable[[str], str]
"""The image of a digest as Base64 of a small JPEG, or nothing."""
ONCE = Resampling(1)
"""For what stands beside a result: its figures are shown without intervals."""


def no_picture(digest: str) -> str:
    """The picture of a report that shows nobody."""
    return ""


@dataclass(frozen=True, slots=True, eq=False)
class Contender:
    """Another way to tell people apart, by its templates of the same images."""

    name: str
    note: str
    table: TemplateTable


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """A model's templates of a dataset.

    `threshold` is the similarity at which the model decides, None where its pack names none,
    `calibration` what it states as probabilities of pairs. `beside` are shown with the same
    figures. `lists` say who is enrolled and who is searched for, None where that is drawn. `rows`
    (N,) are the images' rows in the dataset that was asked for, None where it is whole.
    """

    name: str
    dataset: Dataset
    table: TemplateTable
    threshold: float | None
    calibration: PairCalibration | None = None
    beside: tuple[Contender, ...] = ()
    picture: Picture = no_picture
    lists: Lists | None = None
    rows: NDArray[np.int64] | None = None
    resampling: Resampling = field(default_factory=Resampling)
