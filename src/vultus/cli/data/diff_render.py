"""What is different between two datasets, as JSON for programs and as text for people."""

from vultus.cli.data.render import image_json, print_lines
from vultus.cli.line import Json
from vultus.evaluation.datasets.diff import Change, Diff


def diff_json(found: Diff) -> Json:
    """What is different between two datasets."""
    changes = ("moved", "relabelled", "renamed")
    return {
        "same": found.same,
        "added": [image_json(image) for image in found.added],
        "removed": [image_json(image) for image in found.removed],
        **{kind: [_change_json(each) for each in getattr(found, kind)] for kind in changes},
        "pairs_differ": found.pairs_differ,
    }


def _change_json(change: Change) -> Json:
    return {"before": image_json(change.before), "after": image_json(change.after)}


def print_diff(found: Diff) -> None:
    """Print what is different between two datasets."""
    if found.same:
        print("the same images, with the same labels")
    print_lines("added", [f"{image.name}, {image.subject}" for image in found.added])
    print_lines("removed", [f"{image.name}, {image.subject}" for image in found.removed])
    for kind, of in (("moved", "split"), ("relabelled", "subject"), ("renamed", "name")):
        print_lines(kind, [_became(change, of) for change in getattr(found, kind)])
    if found.pairs_differ:
        print("other pairs are to be compared")


def _became(change: Change, of: str) -> str:
    before, after = (getattr(image, of) or "no split" for image in (change.before, change.after))
    return f"{change.before.name}: {before} became {after}"
