"""`vultus data list`, `show`, `diff` and `remove`."""

from typing import TYPE_CHECKING, Annotated

import typer

from vultus.cli.opening import Yes
from vultus.cli.options import AsJson

if TYPE_CHECKING:
    from vultus.evaluation.datasets.library import DatasetLibrary

Said = Annotated[
    str, typer.Argument(help="A dataset: a name, a version, its beginning, or name@beginning.")
]


def list_datasets(as_json: AsJson = False) -> None:
    """List the datasets, each version of a name, the newest first."""
    from vultus.cli.data.render import cells, summary
    from vultus.cli.render import print_json
    from vultus.cli.tables import Rows
    from vultus.errors import DatasetDamaged

    rows = Rows("dataset", "version", "images>", "people>", "pairs>", "source")
    library = _library()
    for known in library.known():
        for version in reversed(known.versions):
            try:
                found = summary(library.get(version))
            except DatasetDamaged as error:
                found = {"name": known.name, "version": version, "error": str(error)}
            if as_json:
                print_json(found)
            else:
                rows.add(*cells(found))
    rows.print()


def show(
    dataset: Said,
    images: Annotated[bool, typer.Option("--images", help="List the images too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what is in a dataset: images, people, splits, pairs, attributes."""
    from vultus.cli.data.render import image_json, image_rows, print_summary, summary
    from vultus.cli.render import print_json

    found = _library().get(dataset)
    if as_json:
        listed = {"list": [image_json(image) for image in found.images]} if images else {}
        print_json(summary(found) | listed)
        return
    print_summary(found)
    if images:
        print()
        image_rows(found).print()


def diff(
    before: Said,
    after: Said,
    as_json: AsJson = False,
) -> None:
    """Show which images one dataset has and the other has not, or has otherwise."""
    from vultus.cli.data.diff_render import diff_json, print_diff
    from vultus.cli.render import print_json
    from vultus.evaluation.datasets import diff as differences

    library = _library()
    found = differences.diff(library.get(before), library.get(after))
    if as_json:
        print_json(diff_json(found))
    else:
        print_diff(found)


def remove(dataset: Said, yes: Yes = False) -> None:
    """Remove all versions of a name, or one version; with the images that no other one has.

    Templates that were made of these images are forgotten too.
    """
    from vultus.bootstrap.evaluation import forget_templates, open_datasets
    from vultus.cli.opening import confirm
    from vultus.cli.options import settings_with

    settings = settings_with(here=True)
    library = open_datasets(settings)
    confirm(f"Remove the dataset {dataset}, and the images that only it has?", yes)
    gone = library.remove(dataset)
    forget_templates(settings, gone)
    print(f"The dataset {dataset} is removed; images that are in none any more: {len(gone):,}")


def _library() -> "DatasetLibrary":
    from vultus.bootstrap.evaluation import open_datasets
    from vultus.cli.options import settings_with

    return open_datasets(settings_with(here=True))
