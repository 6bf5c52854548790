"""Datasets as JSON for programs and as text for people."""

from collections import Counter
from collections.abc import Sequence

from vultus.cli.line import Json
from vultus.cli.tables import Rows
from vultus.evaluation.datasets.dataset import SHOWN_DIGITS, Dataset, DatasetImage

MOST_LINES = 20
"""Of one kind, for people; programs get all."""


def summary(dataset: Dataset) -> Json:
    """How much of what is in a dataset."""
    images = Counter(image.subject for image in dataset.images)
    return {
        "name": dataset.name,
        "version": dataset.version,
        "source": dataset.source,
        "parent": dataset.parent,
        "images": len(dataset.images),
        "people": len(images),
        "people_with_several": sum(count > 1 for count in images.values()),
        "pairs": len(dataset.pairs),
        "folds": len({pair.fold for pair in dataset.pairs}),
        "splits": _splits(dataset),
        "attributes": sorted({name for image in dataset.images for name in image.attributes}),
    }


def _splits(dataset: Dataset) -> Json:
    names = sorted({image.split for image in dataset.images if image.split})
    parts = {name: [i.subject for i in dataset.images if i.split == name] for name in names}
    return {name: {"images": len(of), "people": len(set(of))} for name, of in parts.items()}


def headline(dataset: Dataset) -> str:
    """A dataset in one line."""
    found = summary(dataset)
    pairs = f", {found['pairs']:,} pairs" if found["pairs"] else ""
    what = f"{found['images']:,} images of {found['people']:,} people{pairs}"
    return f"{dataset.name}@{found['version'][:SHOWN_DIGITS]}: {what}"


def cells(found: Json) -> tuple[str, ...]:
    """A summary as a row of a table."""
    version = found["version"][:SHOWN_DIGITS]
    if "error" in found:
        return found["name"], version, "-", "-", "-", found["error"]
    counts = (f"{found[key]:,}" for key in ("images", "people", "pairs"))
    return found["name"], version, *counts, found["source"]


def print_summary(dataset: Dataset) -> None:
    """Print how much of what is in a dataset."""
    found = summary(dataset)
    print(headline(dataset))
    print(f"  version     {found['version']}")
    if found["parent"]:
        print(f"  made from   {found['parent']}")
    print(f"  source      {found['source']}")
    print(f"  people      {found['people_with_several']:,} have two images or more")
    if found["pairs"]:
        print(f"  pairs       in {found['folds']} folds")
    for name, counts in found["splits"].items():
        print(f"  {name:<11} {counts['images']:,} images of {counts['people']:,} people")
    if found["attributes"]:
        print(f"  attributes  {', '.join(found['attributes'])}")


def image_json(image: DatasetImage) -> Json:
    """An image of a dataset."""
    return {
        "name": image.name,
        "subject": image.subject,
        "split": image.split,
        "digest": image.digest,
        "attributes": dict(image.attributes),
    }


def image_rows(dataset: Dataset) -> Rows:
    """The images of a dataset as a table."""
    rows = Rows("image", "subject", "split", "digest")
    for image in dataset.images:
        rows.add(image.name, image.subject, image.split or "-", image.digest[:SHOWN_DIGITS])
    return rows


def print_lines(kind: str, lines: Sequence[str]) -> None:
    """Print how many lines there are of a kind, and the first of them."""
    if lines:
        print(f"{kind}: {len(lines):,}")
        print("\n".join(f"  {line}" for line in lines[:MOST_LINES]))
    if len(lines) > MOST_LINES:
        print(f"  and {len(lines) - MOST_LINES:,} more; --json gives all")
