"""From what was asked on the command line to an evaluation."""

import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from vultus.bootstrap.evaluation import open_datasets
from vultus.bootstrap.packs import open_library
from vultus.cli.evaluate.listed import lists_of
from vultus.cli.evaluate.material import load_pack, open_dataset, table_of
from vultus.cli.options import settings_with
from vultus.cli.progress import counted
from vultus.evaluation.beside import baselines_beside
from vultus.evaluation.datasets.dataset import Dataset
from vultus.evaluation.datasets.library import DatasetLibrary
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.parts.study import Contender, Study, no_picture
from vultus.evaluation.report.evaluation import Evaluation
from vultus.evaluation.report.machine import environment
from vultus.evaluation.report.pictures import Pictures
from vultus.evaluation.run import Protocol, model_facts, only_listed, only_paired, run
from vultus.evaluation.templates.table import TemplateTable
from vultus.models.packs.manifest import Manifest
from vultus.settings import Settings
from vultus.usecases.recognizer import Recognizer

COMPARED = (("verification",), ("closed-set", "open-set"))
"""What is measured of two packs that are compared; listed pairs take fewer images by themselves."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure, and what to show beside it.

    `lists` are attributes with a value each: of the images to enroll, and of those to search for.
    """

    protocols: tuple[str, ...]
    on: str
    split: str | None
    second_pack: str | None
    baselines: bool
    pictures: bool
    lists: tuple[str, str] | None = None


def evaluate(wanted: Wanted, settings: Settings) -> Evaluation:
    """Measure it, with bars on the way; what was made before is not made again."""
    library = open_datasets(settings)
    whole = open_dataset(library, wanted.on, wanted.split)
    protocols = tuple(Protocol(each) for each in wanted.protocols)
    dataset, rows, lists = whole, None, None
    if wanted.lists is not None:
        dataset, lists = only_listed(whole, lists_of(whole, *wanted.lists))
    elif protocols == (Protocol.VERIFICATION,) and whole.pairs and not wanted.baselines:
        dataset, rows = only_paired(whole)
    recognizer = load_pack(settings)
    table = table_of(dataset, recognizer, settings)
    policy = recognizer.matching
    study = Study(
        name=str(recognizer.model),
        dataset=dataset,
        table=table,
        threshold=policy.threshold.similarity if policy else None,
        calibration=recognizer.calibration.pair if recognizer.calibration else None,
        beside=_beside(wanted, settings, library, recognizer, dataset, table),
        picture=_picture(wanted, recognizer, library),
        lists=lists,
        rows=rows,
    )
    with counted("measuring") as step:
        return run(
            study,
            protocols,
            asked=whole,
            model=model_facts(manifest_of(settings), policy),
            environment=environment(_telling(settings) | _drawing(study.resampling)),
            command=shlex.join(["vultus", *sys.argv[1:]]),
            step=step,
        )


def evaluate_pack(pack: str, on: str, split: str | None) -> Evaluation:
    """Pairs and identification of a pack: what two models are compared by."""
    settings = settings_with(pack, here=True)
    pairs, searches = (
        evaluate(Wanted(protocols, on, split, None, baselines=False, pictures=False), settings)
        for protocols in COMPARED
    )
    return replace(pairs, parts=(*pairs.parts, *searches.parts))


def manifest_of(settings: Settings) -> Manifest:
    """What the pack of the settings says of itself."""
    return open_library(settings).manifest(settings.pack)


def _beside(
    wanted: Wanted,
    settings: Settings,
    library: DatasetLibrary,
    recognizer: Recognizer,
    dataset: Dataset,
    table: TemplateTable,
) -> tuple[Contender, ...]:
    beside = []
    if wanted.second_pack is not None:
        second = settings.model_copy(update={"pack": wanted.second_pack})
        other = load_pack(second)
        summary = manifest_of(second).summary
        beside.append(Contender(str(other.model), summary, table_of(dataset, other, second)))
    if wanted.baselines:
        with counted("looking at faces") as step:
            beside += baselines_beside(dataset, table, recognizer, library.read, step)
    return tuple(beside)


def _picture(
    wanted: Wanted, recognizer: Recognizer, library: DatasetLibrary
) -> Callable[[str], str]:
    if not wanted.pictures:
        return no_picture
    return cache(Pictures(recognizer, library.read).of)


def _telling(settings: Settings) -> dict[str, Any]:
    """The settings that figures depend on."""
    groups = {
        "decode": settings.decode.model_dump(),
        "detect": settings.detect.model_dump(exclude={"order"}),
        "inference": settings.inference.model_dump(include={"provider", "optimization"}),
    }
    own = settings.match.threshold
    return {
        **{f"{group}.{name}": value for group, of in groups.items() for name, value in of.items()},
        "match.threshold": "the pack's own" if own is None else own,
    }


def _drawing(resampling: Resampling) -> dict[str, Any]:
    """How intervals come about; all against all, and galleries in the details, take 200 draws."""
    return {"bootstrap draws": resampling.replicates, "bootstrap seed": resampling.seed}
