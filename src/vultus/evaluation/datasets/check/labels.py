"""Faults of a dataset that its manifest alone gives away."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from vultus.evaluation.datasets.check.finding import Finding, Kind
from vultus.evaluation.datasets.dataset import Dataset, DatasetImage


def check_labels(dataset: Dataset, fewest: int) -> list[Finding]:
    """Look at labels and splits; people with less than `fewest` images are findings."""
    return [*_copies(dataset), *_leaks(dataset), *_few(dataset, fewest)]


def _copies(dataset: Dataset) -> Iterator[Finding]:
    for rows in _groups(dataset, lambda image: image.digest):
        subjects = sorted({dataset.images[row].subject for row in rows})
        if len(subjects) > 1:
            yield Finding(
                Kind.TWO_NAMES, rows, f"one image, and it is said to show {_all(subjects)}"
            )
        elif len(rows) > 1:
            yield Finding(Kind.REPEATED, rows, f"the same image {len(rows)} times")


def _leaks(dataset: Dataset) -> Iterator[Finding]:
    for rows in _groups(dataset, lambda image: image.subject):
        if len(splits := _splits(dataset, rows)) > 1:
            subject = dataset.images[rows[0]].subject
            yield Finding(Kind.LEAK, rows, f"{subject} is in {_all(splits)}")
    for rows in _groups(dataset, lambda image: image.digest):
        several = len({dataset.images[row].subject for row in rows}) > 1
        if several and len(splits := _splits(dataset, rows)) > 1:
            yield Finding(Kind.LEAK, rows, f"one image is in {_all(splits)}")


def _few(dataset: Dataset, fewest: int) -> Iterator[Finding]:
    for rows in _groups(dataset, lambda image: image.subject):
        if len(rows) < fewest:
            images = "1 image" if len(rows) == 1 else f"{len(rows)} images"
            yield Finding(Kind.FEW_IMAGES, rows, f"{dataset.images[rows[0]].subject} has {images}")


def _groups(dataset: Dataset, of: Callable[[DatasetImage], str]) -> Iterator[tuple[int, ...]]:
    """Rows that agree in something, in the order of the first of them."""
    groups: dict[str, list[int]] = defaultdict(list)
    for row, image in enumerate(dataset.images):
        groups[of(image)].append(row)
    return map(tuple, groups.values())


def _splits(dataset: Dataset, rows: tuple[int, ...]) -> list[str]:
    return sorted({split for row in rows if (split := dataset.images[row].split)})


def _all(names: list[str]) -> str:
    return " and ".join(names)
