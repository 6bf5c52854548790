"""Identification among people who are all enrolled, in words and pictures."""

from collections.abc import Iterator
from dataclasses import replace

from vultus.errors import TooFewComparisons
from vultus.evaluation.metrics.ranks import Cmc
from vultus.evaluation.parts import cases, charts, groups, trade_off
from vultus.evaluation.parts.galleries import (
    Variation,
    faceless,
    gallery_of,
    people_enrolled,
    searches,
    variations,
)
from vultus.evaluation.parts.refused import FOR_LISTED_SEARCHES, FOR_SEARCHES, refused
from vultus.evaluation.parts.rivals import peers, rivals
from vultus.evaluation.parts.study import ONCE, Contender, Study
from vultus.evaluation.protocols.closed_set import (
    ClosedSet,
    RankRate,
    Recognised,
    closed_set,
    recognised,
)
from vultus.evaluation.report.case import Cases
from vultus.evaluation.report.chart import Axis, Chart, Series
from vultus.evaluation.report.evaluation import Part
from vultus.evaluation.report.figure import Figure

LEAST_ENROLLED = 2
"""Among fewer, whoever is searched for comes first."""


def closed_set_part(study: Study) -> Part:
    """Search for people who are all enrolled."""
    key, title = "closed_set", "Identification, everybody enrolled"
    gallery = gallery_of(study, strangers=False)
    try:
        result = closed_set(study.dataset, study.table, gallery, resampling=study.resampling)
    except TooFewComparisons:
        return refused(key, title, study, FOR_SEARCHES, FOR_LISTED_SEARCHES)
    if result.recognised.enrolled[0] < LEAST_ENROLLED:
        return refused(key, title, study, FOR_SEARCHES, FOR_LISTED_SEARCHES)

    def beside(contender: Contender) -> ClosedSet:
        return closed_set(study.dataset, contender.table, gallery, resampling=ONCE)

    others = rivals(study, beside)
    curves = [(each.contender.name, each.result.cmc) for each in others if each.result]
    figures = _figures(result)
    return Part(
        key,
        title,
        _about(study, result.recognised),
        figures,
        details=tuple(
            _variation(study, each) for each in variations(study, gallery, strangers=False)
        ),
        charts=(_cmc([(study.name, result.cmc), *curves]),),
        peers=peers(others, _figures, figures[:2]),
        groupings=groups.by_group(
            [
                groups.of_searches(
                    result.recognised.attempts,
                    "misses",
                    "Searches in which the right person does not come first",
                )
            ],
            study.dataset.images,
            study.table.measures,
            groups.fewer(study.resampling),
        ),
        cases=tuple(_cases(study, result)),
    )


def _about(study: Study, result: Recognised) -> str:
    enrolled, times = people_enrolled(result.enrolled), searches(result.probes, result.draws)
    missing = faceless(result.faceless)
    if study.lists is not None:
        who = f"{enrolled} with the photos that were listed, and other listed ones of theirs are"
    else:
        who = f"{enrolled} with one photo each, and their other photos are"
    return (
        f"Who is it? {who} searched for: {times}. Whoever is most similar counts, and no threshold "
        f"is asked.{missing}"
    )


def _cases(study: Study, result: ClosedSet) -> Iterator[Cases]:
    if result.confused:
        yield cases.confused(result.confused, study)
    yield from cases.failures((~study.table.found).nonzero()[0].tolist(), study)


def _figures(result: ClosedSet) -> tuple[Figure, ...]:
    of = result.recognised
    first, *further = (_rank(each) for each in of.strict)
    return (
        replace(first, sentence=f"{first.sentence}{_moved(of)}"),
        trade_off.of_estimate(
            "closed_set.map",
            "Mean average precision (mAP)",
            result.mean_average_precision,
            "How well each person's own photos come before those of all others, when all searches "
            "are sorted by their similarity to that person; 100 % is perfect.",
            "higher",
        ),
        *further,
        *(_lenient(each) for each in of.lenient[:1] if of.undetected),
    )


def _moved(result: Recognised) -> str:
    if result.draws == 1:
        return ""
    return (
        f" Which photos are enrolled moves it by {100 * result.spread:.2f} points (standard "
        "deviation over the draws)."
    )


def _rank(each: RankRate) -> Figure:
    title = "Recognition rate (rank 1)" if each.rank == 1 else f"Rank {each.rank}"
    among = "the most similar" if each.rank == 1 else f"among the {each.rank} most similar"
    return trade_off.of_estimate(
        f"closed_set.rank{each.rank}",
        title,
        each.rate,
        f"Share of searches in which the right person is {among}.",
        "higher",
    )


def _lenient(each: RankRate) -> Figure:
    return trade_off.of_estimate(
        "closed_set.rank1.lenient",
        "Rank 1, lenient",
        each.rate,
        "The same without searches with a photo in which no face was found.",
        "higher",
    )


def _variation(study: Study, other: Variation) -> Figure:
    result = recognised(study.dataset, study.table, other.gallery, resampling=study.resampling)
    return replace(
        _rank(result.strict[0]),
        key=f"closed_set.rank1.{other.key}",
        title=f"Rank 1, {other.what}",
        sentence=f"{searches(result.probes, 1)}; {people_enrolled(result.enrolled)}.",
    )


def _cmc(curves: list[tuple[str, Cmc]]) -> Chart:
    lowest = min(curve.rates[0] for _, curve in curves[:1])
    return Chart(
        "closed_set.cmc",
        "CMC: how far down the right person is",
        "Share of searches in which the right person is among the so many most similar.",
        Axis("rank", "log", share=False),
        Axis("right person found", low=max(0.0, min(lowest, 0.9) - 0.02), high=1.005),
        tuple(
            Series(name, tuple(map(float, curve.ranks)), curve.rates, role, "steps")
            for (name, curve), role in zip(curves, charts.ROLES, strict=False)
        ),
    )
