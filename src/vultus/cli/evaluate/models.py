"""The commands that hold one model against another."""

from typing import TYPE_CHECKING, Annotated

import typer

from vultus.cli.evaluate.options import OnPacks, Split
from vultus.cli.exit_codes import ExitCode
from vultus.cli.extras import need_evaluation
from vultus.cli.options import AsJson

if TYPE_CHECKING:
    from vultus.evaluation.compare import Rivals

Model = Annotated[str, typer.Argument(help="JSON of an evaluation; with --on, a pack.")]


def compare(
    first: Model,
    second: Model,
    on: OnPacks = None,
    split: Split = None,
    as_json: AsJson = False,
) -> None:
    """Say which of two models is better, by how much, and whether that may be chance."""
    need_evaluation()
    from vultus.cli.evaluate.render import print_rivals, rivals_json
    from vultus.cli.render import print_json

    rivals = _rivals(first, second, on, split)
    if as_json:
        print_json(rivals_json(rivals))
    else:
        print_rivals(rivals)


def gate(
    candidate: Model,
    against: Annotated[str, typer.Option("--against", help="The current model, likewise.")],
    on: OnPacks = None,
    split: Split = None,
    allow: Annotated[
        float, typer.Option(help="How much worse a figure may be, as a share.", min=0, max=1)
    ] = 0.0,
    as_json: AsJson = False,
) -> None:
    """Fail, with reasons, if a candidate is worse than the current model beyond chance."""
    need_evaluation()
    from vultus.cli.evaluate.render import gate_json
    from vultus.cli.render import print_json
    from vultus.evaluation.compare import guarded
    from vultus.evaluation.gate import judge

    rivals = _rivals(against, candidate, on, split)
    verdict = judge(guarded(rivals, allow), rivals.lost)
    if as_json:
        print_json(gate_json(rivals, verdict))
    else:
        print(f"{rivals.second} against {rivals.first}: {'pass' if verdict.passed else 'FAIL'}")
        for lost in verdict.lost:
            print(f"  {lost}")
        for figure in verdict.figures:
            print(f"  {figure.reason}")
    if not verdict.passed:
        raise typer.Exit(ExitCode.REGRESSED)


def _rivals(first: str, second: str, on: str | None, split: str | None) -> "Rivals":
    """Two results, or two packs on a dataset."""
    from pathlib import Path

    from vultus.cli.evaluate.measuring import evaluate_pack
    from vultus.evaluation.compare import compare_results
    from vultus.evaluation.metrics.resampling import Resampling
    from vultus.evaluation.report.files import read

    one, other = (
        read(Path(each)) if on is None else evaluate_pack(each, on, split)
        for each in (first, second)
    )
    return compare_results(one, other, Resampling())
