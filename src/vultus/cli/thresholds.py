"""`vultus thresholds`: which threshold a gallery should have, and where thresholds come from."""

import json
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from vultus.cli.extras import need_evaluation
from vultus.cli.options import AsJson, Pack

if TYPE_CHECKING:
    from vultus.cli.advice import Searched
    from vultus.matching.size import SearchSize
    from vultus.settings import Settings

app = typer.Typer(help="Thresholds: advice, and measuring them anew.", no_args_is_help=True)


@app.command()
def advise(
    subjects: Annotated[
        int | None, typer.Option(help="How many people are searched among.", min=1)
    ] = None,
    photos: Annotated[float, typer.Option(help="Photos of each of them, on average.", min=1)] = 1,
    gallery: Annotated[
        str | None, typer.Option("--gallery", "-g", help="Instead, a gallery as it is now.")
    ] = None,
    fpir: Annotated[
        float | None,
        typer.Option(
            help="Most strangers to name, as a share; default: the gallery's, or the setting."
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
        float, typer.Option(help="Of the costs: what share of searches is for strangers.")
    ] = 0.5,
    pack: Pack = None,
    as_json: AsJson = False,
) -> None:
    """Say which threshold names few enough strangers, and what it costs in misses."""
    from vultus.cli.advice import Target, answer
    from vultus.cli.advice_render import advice_json, print_advice
    from vultus.cli.options import settings_with
    from vultus.cli.render import print_json
    from vultus.matching.size import SearchSize

    if bool(subjects) == bool(gallery):
        raise typer.BadParameter("give --subjects or --gallery")
    target = Target.of(fpir, fnir, cost_false_alarm, cost_miss, strangers)
    settings = settings_with(pack)
    size = SearchSize.of(subjects or 0, round((subjects or 0) * photos))
    found = answer(_searched(settings, size, gallery), target, settings)
    if as_json:
        print_json(advice_json(found))
    else:
        print_advice(found)


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


def _searched(settings: "Settings", given: "SearchSize", gallery: str | None) -> "Searched":
    """What is searched: how large it is, and how its pack, and it itself, decide."""
    from vultus.bootstrap.packs import open_library
    from vultus.bootstrap.recognizer import chosen_policy, error_rates, pairs_policy
    from vultus.cli.advice import Searched
    from vultus.cli.opening import open_own_galleries
    from vultus.errors import RatesMissing
    from vultus.matching.size import SearchSize
    from vultus.models.packs.library import is_path

    size, name, policy = given, settings.pack, None
    if gallery is not None:
        with open_own_galleries(settings) as galleries:
            opened = galleries.open(gallery)
            counts, name = opened.counts, opened.info.model.pack
            policy = opened.info.policy or chosen_policy(settings.match)
        size = SearchSize.of(counts.subjects, counts.faces)
    library = open_library(settings)
    manifest = library.open(name).manifest if is_path(name) else library.show(name)
    rates = error_rates(manifest.threshold)
    pairs = pairs_policy(manifest.threshold, settings.match)
    if rates is None or pairs is None:
        raise RatesMissing(manifest.name)
    return Searched(size, rates, pairs, gallery, policy)
