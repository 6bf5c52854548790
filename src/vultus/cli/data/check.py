"""`vultus data check`: what to look at before anything is measured."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vultus.cli.data.browse import Said
from vultus.cli.exit_codes import ExitCode
from vultus.cli.options import AsJson, MinFace, Pack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vultus.evaluation.datasets.check.finding import Finding, Kind
    from vultus.evaluation.datasets.dataset import Dataset
    from vultus.evaluation.datasets.library import DatasetLibrary
    from vultus.usecases.recognizer import Recognizer

PAGE = "check.html"


def check(
    dataset: Said,
    pack: Pack = None,
    min_face: MinFace = None,
    least: Annotated[
        float | None,
        typer.Option(help="Similarity of lookalikes; default: rare by chance.", min=-1, max=1),
    ] = None,
    fewest: Annotated[
        int, typer.Option(help="Name people with fewer images than these.", min=1)
    ] = 2,
    ignore: Annotated[
        list[str] | None, typer.Option(help="A kind of finding to pass over; may be repeated.")
    ] = None,
    pictures: Annotated[
        Path | None,
        typer.Option(help="Write a page of the findings, with pictures, here.", file_okay=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Look for images that are lost, faceless or twice there, wrong labels, and leaking splits."""
    if pictures is not None:
        from vultus.cli.extras import need_evaluation

        need_evaluation()
    from vultus.bootstrap.evaluation import load_for_tables, open_datasets, table_of
    from vultus.cli.data.finding_render import print_findings
    from vultus.cli.options import settings_with
    from vultus.cli.progress import counted, transfers
    from vultus.evaluation.datasets.check.check import Asked, check_dataset

    asked = Asked(fewest, least, _kinds(ignore or []))
    settings = settings_with(pack, min_face, here=True)
    library = open_datasets(settings)
    opened = library.get(dataset)
    with transfers() as progress:
        recognizer = load_for_tables(settings, progress)
    with counted("checking images") as step:
        findings = check_dataset(
            opened,
            recognizer,
            library.read,
            lambda part: table_of(part, recognizer, settings, step),
            asked,
            step,
        )
    print_findings(opened, findings, as_json=as_json)
    if pictures is not None:
        _write_page(pictures / PAGE, opened, findings, library, recognizer)
    if findings:
        raise typer.Exit(ExitCode.FOUND)


def _kinds(said: "Sequence[str]") -> "list[Kind]":
    from vultus.evaluation.datasets.check.finding import Kind

    unknown = set(said) - set(Kind)
    if unknown:
        raise typer.BadParameter(f"{min(unknown)!r} is none of {', '.join(Kind)}")
    return [Kind(each) for each in said]


def _write_page(
    path: Path,
    dataset: "Dataset",
    findings: "Sequence[Finding]",
    library: "DatasetLibrary",
    recognizer: "Recognizer",
) -> None:
    import sys

    from vultus.evaluation.datasets.check.page import page_of
    from vultus.evaluation.report.files import write
    from vultus.evaluation.report.pictures import Pictures

    write(path, page_of(dataset, findings, Pictures(recognizer, library.read).of))
    print(f"written: {path}", file=sys.stderr)
