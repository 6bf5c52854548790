"""`vultus thresholds`: which threshold a gallery should have, and where thresholds come from."""

import json
from typing import Annotated, Literal

import typer

from vultus.cli.extras import need_evaluation
from vultus.cli.options import AsJson, Pack
from vultus.cli.server import on_server

app = typer.Typer(help="Thresholds: advice, and measuring them anew.", no_args_is_help=True)


@app.command()
@on_server
def advise(
    subjects: Annotated[
        int | None, typer.Option(help="How many people are searched among.", min=1)
    ] = None,
    photos: Annotated[
        float | None, typer.Option(help="Photos of each of them, on average; default: 1.", min=1)
    ] = None,
    gallery: Annotated[
        str | None, typer.Option("--gallery", "-g", help="Instead, a gallery as it is now.")
    ] = None,
    fpir: Annotated[
        float | None,
        typer.Option(
            help="Most strangers to name, as a share; default: the gallery's own, or the setting."
        ),
    ] = None,
    fnir: Annotated[
        float | None, typer.Option(help="Instead, most enrolled people to miss, as a share.")
    ] = None,
    cost_false_alarm: Annotated[
        float | None, typer.Option(help="Instead, what naming a stranger costs, in any unit.")
    ] = None,
    cost_miss: Annotated[
        float | None, typer.Option(help="And what missing an enrolled person costs.")
    ] = None,
    strangers: Annotated[
        float | None,
        typer.Option(help="Of the costs: what share of searches is for strangers; default: 0.5."),
    ] = None,
    pack: Pack = None,
    as_json: AsJson = False,
) -> None:
    """Say which threshold names few enough strangers, and what it costs in misses."""
    from vultus.cli.advice import Target, advise, of_gallery, of_people
    from vultus.cli.advice_render import advice_json, print_advice
    from vultus.cli.render import print_json
    from vultus.cli.server import server_said

    if bool(subjects) == bool(gallery):
        raise typer.BadParameter("give --subjects or --gallery")
    if gallery and photos is not None:
        raise typer.BadParameter("--photos goes with --subjects")
    if subjects and server_said()["server"]:
        raise typer.BadParameter("--server goes with --gallery")
    target = Target.of(fpir, fnir, cost_false_alarm, cost_miss, strangers)
    searched = of_gallery(gallery, pack) if gallery else of_people(subjects or 0, photos or 1, pack)
    answer = advise(searched, target)
    if as_json:
        print_json(advice_json(answer))
    else:
        print_advice(answer)


@app.command()
def calibrate(
    pack: Annotated[str, typer.Argument(help="An installed pack.")],
    on: Annotated[str, typer.Option("--on", help="Dataset: a name, a version, or a folder.")],
    split: Annotated[
        str | None, typer.Option(help="Only the images of this split of the dataset.")
    ] = None,
    method: Annotated[
        Literal["isotonic", "logistic"],
        typer.Option(help="How the probability of a pair is fitted."),
    ] = "isotonic",
    write: Annotated[
        bool, typer.Option("--write", help="Let the pack decide by it; otherwise it is printed.")
    ] = False,
) -> None:
    """Measure a pack's threshold, error rates and probabilities on photos of known people.

    Take people on whom nothing is reported afterwards: a split of their own.
    """
    need_evaluation()
    from vultus.bootstrap.evaluation import open_datasets
    from vultus.bootstrap.packs import open_library
    from vultus.cli.evaluate.material import load_pack, open_dataset, table_of
    from vultus.cli.options import settings_with
    from vultus.evaluation.calibrate.measure import measure_on
    from vultus.evaluation.calibrate.pairs import Calibrator

    settings = settings_with(pack)
    dataset = open_dataset(open_datasets(settings), on, split)
    table = table_of(dataset, load_pack(settings), settings)
    measured = measure_on(dataset, table, Calibrator(method))
    threshold, calibration = measured.threshold_part, measured.calibration_part
    if not write:
        document = {"threshold": threshold, "calibration": calibration}
        parts = {name: part.model_dump(exclude_none=True) for name, part in document.items()}
        print(json.dumps(parts, indent=2))
        return
    open_library(settings).measured(pack, threshold, calibration, measured.rates.protocol)
    print(f"{pack} now decides by {measured.rates.protocol}")
    print(f"  threshold of pairs  {threshold.similarity:g}, FMR {threshold.fmr:g}")
