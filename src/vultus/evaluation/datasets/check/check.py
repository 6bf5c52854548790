"""All checks of a dataset, one after the other."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from vultus.evaluation.datasets.check.finding import Finding, Kind
from vultus.evaluation.datasets.check.images import Read, check_bytes, check_faces
from vultus.evaluation.datasets.check.labels import check_labels
from vultus.evaluation.datasets.check.lookalikes import check_lookalikes, least_of_lookalikes
from vultus.evaluation.datasets.check.near_copies import check_near_copies
from vultus.evaluation.datasets.dataset import Dataset
from vultus.evaluation.templates.table import TemplateTable
from vultus.usecases.enroll import Step
from vultus.usecases.recognizer import Recognizer


@dataclass(frozen=True, slots=True)
class Asked:
    """What to ask of a dataset.

    People with less than `fewest` images are findings; so are people whose images are as similar
    as `least`, None for what is rare among so many people.
    """

    fewest: int = 2
    least: float | None = None
    ignored: Collection[Kind] = ()


def check_dataset(
    dataset: Dataset,
    recognizer: Recognizer,
    read: Read,
    table_of: Callable[[Dataset], TemplateTable],
    asked: Asked,
    step: Step | None = None,
) -> list[Finding]:
    """Check a dataset.

    Args:
        dataset: what to check.
        recognizer: finds and compares faces.
        read: gives the bytes of the image of a digest.
        table_of: gives the recognizer's templates of a dataset whose images are all there.
        asked: what counts as a finding.
        step: told how many images were read.

    Raises:
        ThresholdMissing: nobody says which similarity is much.
    """
    lost = check_bytes(dataset, read, step)
    gone = {finding.rows[0] for finding in lost}
    rows = [row for row in range(len(dataset.images)) if row not in gone]
    there = dataset.only(rows)
    table = table_of(there)
    least = _least(recognizer, there) if asked.least is None else asked.least
    found = [
        *lost,
        *check_faces(dataset, rows, table, read, recognizer.pipeline.reader),
        *check_labels(dataset, asked.fewest),
        *check_lookalikes(dataset, rows, table, least),
        *check_near_copies(dataset, rows, table, read, recognizer.pipeline.reader),
    ]
    return [finding for finding in found if finding.kind not in asked.ignored]


def _least(recognizer: Recognizer, dataset: Dataset) -> float:
    people = {image.subject for image in dataset.images}
    return least_of_lookalikes(recognizer, len(people), len(dataset.images))
