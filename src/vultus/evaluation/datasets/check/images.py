"""Images that cannot be obtained, or show no face or several."""

from collections.abc import Callable, Iterator, Sequence

from vultus.errors import DatasetImageLost, ImageRefused
from vultus.evaluation.datasets.check.finding import Finding, Kind
from vultus.evaluation.datasets.dataset import Dataset
from vultus.evaluation.templates.table import TemplateTable
from vultus.usecases.enroll import Step
from vultus.vision.read import ImageReader

Read = Callable[[str], bytes]
"""The bytes of the image of a digest."""


def check_bytes(dataset: Dataset, read: Read, step: Step | None = None) -> list[Finding]:
    """Read every image, and name those that are gone or changed; `step` is told how many."""
    lost = []
    for row, image in enumerate(dataset.images):
        try:
            read(image.digest)
        except DatasetImageLost as error:
            lost.append(Finding(Kind.LOST, (row,), error.problem))
        if step is not None:
            step(row + 1, len(dataset.images))
    return lost


def check_faces(
    dataset: Dataset, rows: Sequence[int], table: TemplateTable, read: Read, reader: ImageReader
) -> Iterator[Finding]:
    """Name the images without a face, or with several.

    Args:
        dataset: whose images they are.
        rows: of the images that could be read.
        table: (R,) templates of these, in their order.
        read: gives an image's bytes.
        reader: decodes them, as the maker of the templates did.
    """
    for row, found, faces in zip(rows, table.found.tolist(), table.faces.tolist(), strict=True):
        if not found:
            yield _faceless(row, read(dataset.images[row].digest), reader)
        elif faces > 1:
            yield Finding(Kind.SEVERAL_FACES, (row,), f"{faces} faces")


def _faceless(row: int, data: bytes, reader: ImageReader) -> Finding:
    try:
        reader.read(data)
    except ImageRefused as error:
        return Finding(Kind.UNREADABLE, (row,), str(error))
    return Finding(Kind.NO_FACE, (row,), "no face")
