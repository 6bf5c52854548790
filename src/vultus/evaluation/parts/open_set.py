"""Identification with strangers among those who are searched for, in words and pictures."""

from collections.abc import Iterator, Sequence

from vultus.errors import TooFewComparisons
from vultus.evaluation.parts import cases, charts, groups, trade_off
from vultus.evaluation.parts.galleries import (
    Variation,
    faceless,
    gallery_of,
    people_enrolled,
    searches,
    variations,
)
from vultus.evaluation.parts.refused import FOR_LISTED_STRANGERS, FOR_STRANGERS, refused
from vultus.evaluation.parts.rivals import peers, rivals
from vultus.evaluation.parts.study import ONCE, Contender, Study
from vultus.evaluation.parts.terms import OPEN_SET
from vultus.evaluation.protocols.open_set import Alarms, OpenSet, misses_at, open_set
from vultus.evaluation.protocols.repeated import Gallery, Lists
from vultus.evaluation.report.evaluation import Part
from vultus.evaluation.report.figure import Figure, percent
from vultus.evaluation.report.grouping import ByGroup


def open_set_part(study: Study) -> Part:
    """Search for people of whom some are strangers."""
    key, title = "open_set", "Identification with strangers"
    gallery = gallery_of(study, strangers=True)
    try:
        result = open_set(
            study.dataset,
            study.table,
            gallery,
            threshold=study.threshold,
            resampling=study.resampling,
        )
    except TooFewComparisons:
        return refused(key, title, study, FOR_STRANGERS, FOR_LISTED_STRANGERS)

    def beside(contender: Contender) -> OpenSet:
        return open_set(study.dataset, contender.table, gallery, resampling=ONCE)

    others = rivals(study, beside)
    strict = result.strict
    curves = [(each.contender.name, each.result.strict.curve) for each in others if each.result]
    figures = _figures(result)
    return Part(
        key,
        title,
        _about(study, gallery, result),
        figures,
        details=tuple(_variations(study, gallery)),
        charts=charts.of_trade_off(
            [(study.name, strict.curve), *curves], strict, OPEN_SET, study.threshold
        ),
        peers=peers(others, _figures, figures),
        groupings=_groups(study, result),
        cases=(cases.alarming(result.alarming, study),) if result.alarming else (),
    )


def _about(study: Study, gallery: Gallery | Lists, result: OpenSet) -> str:
    draws = gallery.draws if isinstance(gallery, Gallery) else 1
    photos = "one photo each" if study.lists is None else "the photos that were listed"
    mated, strangers = (
        searches(count, draws) for count in (result.strict.genuine, result.strict.impostor)
    )
    return (
        f"Who is it, if anybody? {people_enrolled(result.enrolled)} with {photos}. Searched for "
        f"are other photos of theirs, {mated}, and photos of strangers, {strangers}. A larger "
        f"gallery names more strangers at the same threshold.{faceless(result.faceless)}"
    )


def _figures(result: OpenSet) -> tuple[Figure, ...]:
    decided = [figure for each in [result.decided] if each for figure in _alarms(each)]
    return (*decided, *trade_off.figures(result.strict, OPEN_SET))


def _alarms(decided: Alarms) -> tuple[Figure, Figure]:
    return (
        trade_off.of_estimate(
            "open_set.fpir@threshold",
            "Strangers named at the threshold (FPIR)",
            decided.fpir,
            f"Share of searches for strangers in which somebody reaches {decided.threshold:.4f}, a "
            "threshold of pairs. vultus thresholds advise names one for a gallery of this size.",
        ),
        trade_off.of_estimate(
            "open_set.fnir@threshold",
            "Misses at the threshold (FNIR)",
            decided.fnir,
            "Share of searches for enrolled people in which the right one does not come first, or "
            f"does not reach {decided.threshold:.4f}.",
        ),
    )


def _variations(study: Study, gallery: Gallery | Lists) -> Iterator[Figure]:
    """The misses in other galleries, at each FPIR that the strangers left over can show."""
    for other in variations(study, gallery, strangers=True):
        yield from _variation(study, other)


def _variation(study: Study, other: Variation) -> Sequence[Figure]:
    resampling = groups.fewer(study.resampling)
    try:
        result = misses_at(study.dataset, study.table, other.gallery, resampling=resampling)
    except TooFewComparisons:
        return ()
    return [
        trade_off.of_estimate(
            f"open_set.fnir@fpir={at.target:g}.{other.key}",
            f"FNIR at FPIR {trade_off.rate_name(at.target)}, {other.what}",
            at.misses,
            f"{people_enrolled(result.enrolled)}. From a similarity of {at.threshold:.4f} on, "
            f"{percent(at.false_alarms)} of searches for strangers name somebody.",
        )
        for at in result.at
    ]


def _groups(study: Study, result: OpenSet) -> tuple[ByGroup, ...]:
    """Both errors of the threshold, where there is one."""
    if result.misses is None or result.alarms is None:
        return ()
    tried = (
        groups.of_searches(
            result.misses,
            "misses",
            "Searches for enrolled people that do not name them at the threshold",
        ),
        groups.of_searches(
            result.alarms,
            "strangers named",
            "Searches for strangers that name somebody at the threshold",
        ),
    )
    resampling = groups.fewer(study.resampling)
    return groups.by_group(tried, study.dataset.images, study.table.measures, resampling)
