"""`vultus evaluate show`: a result that was written before."""

from pathlib import Path
from typing import Annotated

import typer

from vultus.cli.evaluate.options import Report
from vultus.cli.extras import need_evaluation


def show(
    result: Annotated[Path, typer.Argument(help="JSON of an evaluation.", dir_okay=False)],
    report: Report = None,
) -> None:
    """Show the figures of a result again, or make its page again, without pictures."""
    need_evaluation()
    from vultus.cli.evaluate.render import print_evaluation
    from vultus.evaluation.report.files import read, write
    from vultus.evaluation.report.page.render import render

    evaluation = read(result)
    print_evaluation(evaluation)
    if report is not None:
        write(report, render(evaluation))
        print(f"\nwritten: {report}")
