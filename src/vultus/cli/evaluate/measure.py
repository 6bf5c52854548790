"""The commands that measure one model: they differ in what is asked alone."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from vultus.cli.evaluate.options import (
    Baselines,
    GalleryOf,
    Json,
    NoPictures,
    On,
    ProbesOf,
    Report,
    SecondPack,
    Split,
)
from vultus.cli.exit_codes import ExitCode
from vultus.cli.extras import need_evaluation
from vultus.cli.options import MinFace, Pack, Threshold

if TYPE_CHECKING:
    from vultus.cli.evaluate.measuring import Wanted
    from vultus.settings import Settings


def asking(*protocols: str) -> Callable[..., None]:
    """A command that measures these protocols, in this order."""

    def measure(
        on: On,
        split: Split = None,
        pack: Pack = None,
        second_pack: SecondPack = None,
        baselines: Baselines = False,
        min_face: MinFace = None,
        threshold: Threshold = None,
        report: Report = None,
        json: Json = None,
        no_pictures: NoPictures = False,
    ) -> None:
        need_evaluation()
        from vultus.cli.evaluate.measuring import Wanted
        from vultus.cli.options import settings_with

        pictures = report is not None and not no_pictures
        wanted = Wanted(protocols, on, split, second_pack, baselines=baselines, pictures=pictures)
        _measure(wanted, settings_with(pack, min_face, threshold, here=True), report, json)

    return measure


def identification(
    on: On,
    split: Split = None,
    gallery_of: GalleryOf = None,
    probes_of: ProbesOf = None,
    pack: Pack = None,
    second_pack: SecondPack = None,
    baselines: Baselines = False,
    min_face: MinFace = None,
    threshold: Threshold = None,
    report: Report = None,
    json: Json = None,
    no_pictures: NoPictures = False,
) -> None:
    """Ask who it is: with everybody enrolled, and with strangers among them.

    Who is enrolled is drawn from the dataset, or listed by attributes of its images.
    """
    need_evaluation()
    from vultus.cli.evaluate.measuring import Wanted
    from vultus.cli.options import settings_with

    if (gallery_of is None) != (probes_of is None):
        raise typer.BadParameter("give both --gallery-of and --probes-of, or neither")
    wanted = Wanted(
        ("closed-set", "open-set"),
        on,
        split,
        second_pack,
        baselines=baselines,
        pictures=report is not None and not no_pictures,
        lists=None if gallery_of is None or probes_of is None else (gallery_of, probes_of),
    )
    _measure(wanted, settings_with(pack, min_face, threshold, here=True), report, json)


def _measure(
    wanted: "Wanted", settings: "Settings", report: Path | None, json: Path | None
) -> None:
    from vultus.cli.evaluate.measuring import evaluate
    from vultus.cli.evaluate.render import print_evaluation
    from vultus.evaluation.report.files import dump, write
    from vultus.evaluation.report.page.render import render

    result = evaluate(wanted, settings)
    print_evaluation(result)
    for path, text in ((report, render), (json, dump)):
        if path is not None:
            write(path, text(result))
            print(f"\nwritten: {path}")
    if not result.measured:
        raise typer.Exit(ExitCode.NOTHING_MEASURED)
