"""Who is enrolled and who is searched for, as attributes of a dataset's images say."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vultus.evaluation.datasets.dataset import Dataset, DatasetImage
    from vultus.evaluation.protocols.repeated import Lists

SPLIT = "split"
"""Named like an attribute, it means the split of an image."""
MOST_SHOWN = 12


def lists_of(dataset: "Dataset", gallery_of: str, probes_of: str) -> "Lists":
    """The images to enroll, and those to search for.

    Args:
        dataset: whose images they are.
        gallery_of: `ATTRIBUTE=VALUE` of those to enroll.
        probes_of: the same of those to search for.

    Raises:
        InvalidValue: no image is meant by one of them, or one image by both.
    """
    import numpy as np

    from vultus.errors import InvalidValue
    from vultus.evaluation.protocols.repeated import Lists

    enrolled = _rows(dataset, "--gallery-of", gallery_of)
    probes = _rows(dataset, "--probes-of", probes_of)
    both = set(enrolled) & set(probes)
    if both:
        name = dataset.images[min(both)].name
        problem = f"{len(both):,} images, as {name}, are to be enrolled as well"
        raise InvalidValue("--probes-of", problem)
    return Lists(np.array(enrolled, np.int64), np.array(probes, np.int64))


def _rows(dataset: "Dataset", option: str, said: str) -> list[int]:
    from vultus.errors import InvalidValue

    attribute, apart, value = said.partition("=")
    if not apart:
        raise InvalidValue(option, f"{said!r} is not like role=gallery")
    values = [_value(image, attribute) for image in dataset.images]
    rows = [row for row, each in enumerate(values) if each == value]
    if not rows:
        raise InvalidValue(option, _nothing(dataset, attribute, value, values))
    return rows


def _value(image: "DatasetImage", attribute: str) -> str:
    if attribute == SPLIT:
        return image.split or ""
    return image.attributes.get(attribute, "")


def _nothing(dataset: "Dataset", attribute: str, value: str, values: list[str]) -> str:
    there = sorted(set(filter(None, values)))
    if there:
        shown = ", ".join(there[:MOST_SHOWN])
        return f"no image of {dataset.title} has {attribute}={value}; there is {shown}"
    names = sorted({name for image in dataset.images for name in image.attributes})
    has = f"they have {', '.join(names)}" if names else "they have none"
    return f"no image of {dataset.title} has the attribute {attribute}; {has}"
