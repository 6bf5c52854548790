"""Identification with strangers among those who are searched for, in words and pictures."""

from vultus.errors import TooFewComparisons
from vultus.evaluation.parts import cases, charts, trade_off
from vultus.evaluation.parts.galleries import largest, searches
from vultus.evaluation.parts.refused import FOR_STRANGERS, refused
from vultus.evaluation.parts.study import ONCE, Contender, Study
from vultus.evaluation.parts.terms import OPEN_SET
from vultus.evaluation.protocols.open_set import Alarms, OpenSet, open_set
from vultus.evaluation.protocols.repeated import Gallery
from vultus.evaluation.report.evaluation import Part, Peer
from vultus.evaluation.report.figure import Figure


def open_set_part(study: Study) -> Part:
    """Search for people of whom some are strangers."""
    title = "Identification with strangers"
    gallery = Gallery(largest(study, strangers=True))
    if not gallery.subjects:
        return refused("open_set", title, study, FOR_STRANGERS)
    try:
        result = open_set(
            study.dataset,
            study.table,
            gallery,
            threshold=study.threshold,
            resampling=study.resampling,
        )
        others = [(each, _beside(study, each, gallery)) for each in study.beside]
    except TooFewComparisons:
        return refused("open_set", title, study, FOR_STRANGERS)
    strict = result.strict
    curves = [(study.name, strict.curve), *((each.name, of.strict.curve) for each, of in others)]
    return Part(
        "open_set",
        title,
        f"Who is it, if anybody? {gallery.subjects:,} people are enrolled with one photo each. "
        f"Searched for are other photos of theirs, {searches(strict.genuine, gallery)}, and "
        f"photos of strangers, {searches(strict.impostor, gallery)}. A larger gallery names "
        "more strangers at the same threshold.",
        _open_figures(result),
        charts=charts.of_trade_off(curves, strict, OPEN_SET, study.threshold),
        peers=tuple(
            Peer(each.name, each.note, _measured(trade_off.figures(of.strict, OPEN_SET)))
            for each, of in others
        ),
        cases=(cases.alarming(result.alarming, study),) if result.alarming else (),
    )


def _beside(study: Study, contender: Contender, gallery: Gallery) -> OpenSet:
    return open_set(study.dataset, contender.table, gallery, resampling=ONCE)


def _open_figures(result: OpenSet) -> tuple[Figure, ...]:
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


def _measured(figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    return tuple(figure for figure in figures if figure.measured)
