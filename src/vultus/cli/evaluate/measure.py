"""The commands that measure one model: they differ in what is asked alone."""

from collections.abc import Callable

import typer

from vultus.cli.evaluate.options import Baselines, Json, NoPictures, On, Report, SecondPack, Split
from vultus.cli.exit_codes import ExitCode
from vultus.cli.extras import need_evaluation
from vultus.cli.options import MinFace, Pack, Threshold


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
        from vultus.cli.evaluate.measuring import Wanted, evaluate
        from vultus.cli.evaluate.render import print_evaluation
        from vultus.cli.options import settings_with
        from vultus.evaluation.report.files import dump, write
        from vultus.evaluation.report.page.render import render

        settings = settings_with(pack, min_face, threshold, here=True)
        wanted = Wanted(
            protocols,
            on,
            split,
            second_pack,
            baselines=baselines,
            pictures=report is not None and not no_pictures,
        )
        result = evaluate(wanted, settings)
        print_evaluation(result)
        for path, text in ((report, render), (json, dump)):
            if path is not None:
                write(path, text(result))
                print(f"\nwritten: {path}")
        if not result.measured:
            raise typer.Exit(ExitCode.NOTHING_MEASURED)

    return measure
