"""The parts of a report on verification: of pairs, and of every image with every other."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from vultus.errors import TooFewComparisons
from vultus.evaluation.metrics.trials import Trials
from vultus.evaluation.parts import calibration, cases, groups, verification
from vultus.evaluation.parts.refused import FOR_PAIRS, refused
from vultus.evaluation.parts.rivals import peers, rivals
from vultus.evaluation.parts.study import ONCE, Contender, Study
from vultus.evaluation.parts.verification import NamedVerification
from vultus.evaluation.protocols.all_against_all import HUNDREDS, all_against_all
from vultus.evaluation.protocols.drawing import SEED, drawn_pairs
from vultus.evaluation.protocols.pairs import Verification, pair_trials, verify
from vultus.evaluation.report.case import Cases
from vultus.evaluation.report.chart import Chart
from vultus.evaluation.report.comparisons import Comparisons
from vultus.evaluation.report.evaluation import Part
from vultus.evaluation.report.figure import Figure
from vultus.evaluation.report.grouping import ByGroup

GROUP_RATE = 1e-2
"""Where a pack names no threshold, groups are judged at that of this false match rate."""


def verification_part(study: Study) -> Part:
    """Verify the pairs that the dataset lists; where it lists none, pairs drawn from it."""
    title = "Verification of pairs"
    pairs = study.dataset.pairs
    listed = bool(pairs)
    if not listed:
        pairs = drawn_pairs([image.subject for image in study.dataset.images])
    trials = pair_trials(study.dataset, study.table, pairs)
    try:
        result = verify(trials, threshold=study.threshold, resampling=study.resampling)
    except TooFewComparisons:
        return refused("verification", title, study, FOR_PAIRS)

    def beside(contender: Contender) -> Verification:
        return verify(pair_trials(study.dataset, contender.table, pairs), resampling=ONCE)

    part = _part(study, "verification", title, _about_pairs(trials, listed=listed), result, beside)
    return replace(
        part,
        details=(*part.details, *_probabilities(study, trials)),
        charts=(*part.charts, *_reliability(study, trials)),
        groupings=_groups(study, trials, result),
        comparisons=Comparisons.of(_as_kept(study, trials)),
    )


def all_against_all_part(study: Study) -> Part:
    """Verify each image against each other one."""
    title = "All against all"
    try:
        result = all_against_all(
            study.dataset, study.table, threshold=study.threshold, resampling=HUNDREDS
        )
    except TooFewComparisons:
        return refused("all_against_all", title, study, FOR_PAIRS)
    strict = result.strict

    def beside(contender: Contender) -> Verification:
        return all_against_all(study.dataset, contender.table, resampling=ONCE)

    return _part(
        study,
        "all_against_all",
        title,
        f"Every image is compared with every other one: {strict.genuine:,} genuine pairs and "
        f"{strict.impostor:,} pairs of different people. The more there are, the rarer the false "
        "matches that can be seen.",
        result,
        beside,
    )


def _part(
    study: Study,
    key: str,
    title: str,
    sentence: str,
    result: Verification,
    beside: Callable[[Contender], Verification],
) -> Part:
    figures = verification.figures(result)
    others = rivals(study, beside)
    drawn = [
        NamedVerification(study.name, result),
        *(NamedVerification(each.contender.name, each.result) for each in others if each.result),
    ]
    return Part(
        key,
        title,
        sentence,
        figures,
        details=verification.details(result),
        charts=verification.drawn(drawn, study.threshold),
        peers=peers(others, verification.figures, figures),
        cases=_cases(study, result),
    )


def _about_pairs(trials: Trials, *, listed: bool) -> str:
    genuine = int(trials.genuine.sum())
    whence = "that the dataset lists" if listed else f"drawn from the dataset (seed {SEED})"
    folds = len(np.unique(trials.folds))
    apart = "" if listed or folds < 2 else f" Nobody is in two of the {folds} folds."
    return (
        f"Do two photos show one person? Asked of {len(trials):,} pairs {whence}: {genuine:,} "
        f"genuine ones and {len(trials) - genuine:,} of different people, {trials.subjects:,} "
        f"people in all.{apart}"
    )


def _as_kept(study: Study, trials: Trials) -> Trials:
    """The trials by the rows of what was asked for, so that another study of it can be compared."""
    return trials if study.rows is None else replace(trials, rows=study.rows[trials.rows])


def _probabilities(study: Study, trials: Trials) -> tuple[Figure, ...]:
    if study.calibration is None:
        return ()
    return calibration.figures(trials, study.calibration, study.resampling)


def _reliability(study: Study, trials: Trials) -> tuple[Chart, ...]:
    return () if study.calibration is None else calibration.charts_of(trials, study.calibration)


def _groups(study: Study, trials: Trials, result: Verification) -> tuple[ByGroup, ...]:
    threshold = study.threshold
    if threshold is None:
        at = result.strict.operating(GROUP_RATE)
        if at is None:
            return ()
        threshold = at.threshold
    return groups.by_group(
        groups.of_pairs(trials, threshold),
        study.dataset.images,
        study.table.measures,
        study.resampling,
    )


def _cases(study: Study, result: Verification) -> tuple[Cases, ...]:
    return (
        cases.impostors(result.hardest_impostors, study),
        cases.genuine(result.hardest_genuine, study),
        *cases.failures(result.undetected, study),
    )
