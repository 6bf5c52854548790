"""From what was asked on the command line to an evaluation."""

import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from vultus.bootstrap.evaluation import open_datasets
from vultus.bootstrap.packs import open_library
from vultus.cli.evaluate.material import load_pack, open_dataset, table_of
from vultus.cli.options import settings_with
from vultus.cli.progress import counted
from vultus.evaluation.beside import baselines_beside
from vultus.evaluation.datasets.dataset import Dataset
from vultus.evaluation.datasets.library import DatasetLibrary
from vultus.evaluation.parts.study import Contender, Study, no_picture
from vultus.evaluation.report.evaluation import Evaluation
from vultus.evaluation.report.machine import environment
from vultus.evaluation.report.pictures import Pictures
from vultus.evaluation.run import Protocol, model_facts, only_paired, run
from vultus.evaluation.templates.table import TemplateTable
from vultus.models.packs.manifest import Manifest
from vultus.settings import Settings
from vultus.usecases.recognizer import Recognizer

COMPARED = (("verification",), ("closed-set", "open-set"))
"""What is measured of two packs that are compared; listed pairs take fewer images by themselves."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure, and what to show beside it."""

    protocols: tuple[str, ...]
    on: str
    split: str | None
    second_pack: str | None
    baselines: bool
    pictures: bool


def evaluate(wanted: Wanted, settings: Settings) -> Evaluation:
    """Measure it, with bars on the way; what was made before is not made again."""
    library = open_datasets(settings)
    whole = open_dataset(library, wanted.on, wanted.split)
    protocols = _protocols(wanted, whole)
    dataset, rows = whole, None
    if protocols == (Protocol.VERIFICATION,) and whole.pairs and not wanted.baselines:
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
        rows=rows,
    )
    with counted("measuring") as step:
        return run(
            study,
            protocols,
            version=whole.version,
            model=model_facts(manifest_of(settings), policy),
            environment=environment(_telling(settings)),
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


def _protocols(wanted: Wanted, dataset: Dataset) -> tuple[Protocol, ...]:
    """Those asked for; of several, pairs only where the dataset lists some."""
    chosen = tuple(Protocol(each) for each in wanted.protocols)
    if len(chosen) > 1 and not dataset.pairs:
        return tuple(each for each in chosen if each is not Protocol.VERIFICATION)
    return chosen


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
    return {
        "detect.min_face_px": settings.detect.min_face_px,
        "detect.long_side_px": settings.detect.long_side_px,
        "detect.min_confidence": settings.detect.min_confidence or "the detector's own",
        "detect.stage_thresholds": settings.detect.stage_thresholds or "the detector's own",
        "inference.provider": settings.inference.provider,
        "match.threshold": settings.match.threshold or "the pack's own",
    }
