"""`vultus thresholds`: which threshold a gallery should have, and where thresholds come from."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from vultus.cli.extras import need_evaluation
from vultus.cli.options import AsJson, Pack
from vultus.cli.server import on_server

if TYPE_CHECKING:
    from vultus.domain.gallery import Gallery
    from vultus.matching.rates import ErrorRates
    from vultus.matching.size import SearchSize
    from vultus.settings import Settings

app = typer.Typer(help="Thresholds: advice, and measuring them anew.", no_args_is_help=True)


@app.command()
@on_server
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
        float, typer.Option(help="Of the costs: what share of searches is for strangers.")
    ] = 0.5,
    pack: Pack = None,
    as_json: AsJson = False,
) -> None:
    """Say which threshold names few enough strangers, and what it costs in misses."""
    from vultus.cli.advice_render import advice_json, print_advice
    from vultus.cli.render import print_json
    from vultus.cli.server import server_said
    from vultus.evaluation.advise.advice import Costs, for_costs, for_fnir, for_fpir, table

    costs = cost_false_alarm is not None or cost_miss is not None
    if (fpir is not None) + (fnir is not None) + costs > 1:
        raise typer.BadParameter("give one of --fpir, --fnir and costs")
    if bool(subjects) == bool(gallery):
        raise typer.BadParameter("give --subjects or --gallery")
    if subjects and server_said()["server"]:
        raise typer.BadParameter("--server goes with --gallery")
    asked = _of_gallery(gallery, pack) if gallery else _of_people(subjects or 0, photos, pack)
    size, rates = asked.size, asked.rates
    if costs:
        if cost_false_alarm is None or cost_miss is None:
            raise typer.BadParameter("give both --cost-false-alarm and --cost-miss")
        advice = for_costs(rates, size, Costs(cost_false_alarm, cost_miss, strangers))
    elif fnir is not None:
        advice = for_fnir(rates, size, fnir)
    else:
        advice = for_fpir(rates, size, asked.fpir if fpir is None else fpir)
    others = table(rates, size)
    if as_json:
        print_json(advice_json(advice, others, rates))
    else:
        print_advice(advice, others, rates)


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


@dataclass(frozen=True, slots=True)
class Searched:
    """What is searched: how much it is, and how often its pack errs.

    `fpir` is the share of strangers to name where nothing else is asked for.
    """

    size: "SearchSize"
    rates: "ErrorRates"
    fpir: float


def _of_people(subjects: int, photos: float, pack: str | None) -> Searched:
    """So many people, of each so many photos, in the store or on a server that there may be."""
    from vultus.cli.options import settings_with
    from vultus.matching.size import SearchSize

    settings = settings_with(pack, here=True)
    size = SearchSize.of(subjects, round(subjects * photos))
    return Searched(size, _rates(settings, settings.pack), settings.match.fpir)


def _of_gallery(name: str, pack: str | None) -> Searched:
    """A gallery as it is now, of this machine's store or of a server."""
    from vultus.cli.opening import open_gallery
    from vultus.cli.options import settings_with
    from vultus.matching.size import SearchSize

    settings = settings_with(pack)
    with open_gallery(name, settings) as gallery:
        info, counts = gallery.info, gallery.counts
    size = SearchSize.of(counts.subjects, counts.faces)
    own = info.policy.fpir if info.policy else None
    rates = _rates(settings, pack or info.model.pack, info)
    return Searched(size, rates, settings.match.fpir if own is None else own)


def _rates(settings: "Settings", pack: str, of: "Gallery | None" = None) -> "ErrorRates":
    """The error rates of a pack, as this machine knows it.

    Raises:
        GalleryModelMismatch: it did not make the templates of the gallery `of`.
        RatesMissing: it carries none.
    """
    from vultus.bootstrap.packs import open_library
    from vultus.bootstrap.recognizer import error_rates
    from vultus.errors import RatesMissing
    from vultus.usecases.gallery.workings import check_model

    manifest = open_library(settings).manifest(pack)
    if of is not None:
        check_model(of, manifest.model)
    rates = error_rates(manifest.threshold)
    if rates is None:
        raise RatesMissing(manifest.name)
    return rates
