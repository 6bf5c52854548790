"""`vultus data import`: what datasets are made of."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from vultus.cli.exit_codes import ExitCode
from vultus.cli.options import AsJson

if TYPE_CHECKING:
    from vultus.evaluation.datasets.sources.source import Source
    from vultus.settings import Settings

app = typer.Typer(help="Make a dataset of photos of known people.", no_args_is_help=True)

Name = Annotated[
    str | None, typer.Option("--as", help="Name of the dataset; default: as its source is called.")
]
InPlace = Annotated[
    bool,
    typer.Option("--in-place", help="Copy no image: read each where it lies, and check its bytes."),
]


@app.command()
def folder(
    directory: Annotated[
        Path, typer.Argument(help="Folder with a folder per person.", file_okay=False)
    ],
    name: Name = None,
    in_place: InPlace = False,
    as_json: AsJson = False,
) -> None:
    """Make a dataset of a folder with a folder per person, or one photo per person."""
    from vultus.cli.options import settings_with
    from vultus.evaluation.datasets.sources.folder import folder_source

    source = folder_source(directory)
    called = name or directory.resolve().name
    _import(source, called, settings_with(here=True), in_place=in_place, as_json=as_json)


@app.command("csv")
def listed(
    file: Annotated[
        Path, typer.Argument(help="CSV file with the columns path and subject.", dir_okay=False)
    ],
    name: Name = None,
    in_place: InPlace = False,
    as_json: AsJson = False,
) -> None:
    """Make a dataset of the photos in a list; its further columns are split and attributes."""
    from vultus.cli.options import settings_with
    from vultus.evaluation.datasets.sources.listed import csv_source

    source = csv_source(file)
    settings = settings_with(here=True)
    _import(source, name or file.stem, settings, in_place=in_place, as_json=as_json)


@app.command()
def lfw(
    directory: Annotated[
        Path, typer.Argument(help="Images, in folders or .tar files, and pairs.txt.")
    ],
    view: Annotated[
        Literal["1", "2"], typer.Option(help="2: ten folds, to report; 1: to choose anything.")
    ] = "2",
    name: Name = None,
    in_place: InPlace = False,
    as_json: AsJson = False,
) -> None:
    """Make a dataset of Labeled Faces in the Wild, with the pairs of one of its views."""
    from vultus.cli.options import settings_with
    from vultus.evaluation.datasets.sources.lfw import lfw_source

    source = lfw_source(directory, 1 if view == "1" else 2)
    called = name or ("lfw-view1" if view == "1" else "lfw")
    _import(source, called, settings_with(here=True), in_place=in_place, as_json=as_json)


@app.command()
def gallery(
    gallery: Annotated[str, typer.Argument(help="A gallery that keeps crops, by name or id.")],
    name: Name = None,
    as_json: AsJson = False,
) -> None:
    """Make a dataset of the pictures that a gallery keeps of its faces."""
    from vultus.bootstrap.evaluation import open_gallery_source
    from vultus.cli.options import settings_with

    settings = settings_with(here=True)
    with open_gallery_source(gallery, settings) as source:
        _import(source, name or gallery, settings, in_place=False, as_json=as_json)


def _import(
    source: "Source", called: str, settings: "Settings", *, in_place: bool, as_json: bool
) -> None:
    from vultus.bootstrap.evaluation import open_datasets
    from vultus.cli.data.render import headline, summary
    from vultus.cli.progress import counted
    from vultus.cli.render import print_json
    from vultus.evaluation.datasets.importing import import_source
    from vultus.evaluation.datasets.naming import dataset_name

    library = open_datasets(settings)
    with counted("reading images") as step:
        imported = import_source(
            library, source, dataset_name(called), in_place=in_place, step=step
        )
    for left_out in imported.left_out:
        print(f"vultus: {left_out.name} is left out: {left_out.error}", file=sys.stderr)
    if as_json:
        print_json(summary(imported.dataset))
    else:
        print(headline(imported.dataset))
    if imported.left_out:
        raise typer.Exit(ExitCode.PARTLY_FAILED)
