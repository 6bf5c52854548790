"""Identification among people who are all enrolled, in words and pictures."""

from collections.abc import Iterator
from dataclasses import replace

from vultus.errors import TooFewComparisons
from vultus.evaluation.metrics.estimate import Estimate
from vultus.evaluation.metrics.ranks import Cmc
from vultus.evaluation.parts import cases, charts, trade_off
from vultus.evaluation.parts.galleries import largest, searches
from vultus.evaluation.parts.refused import FOR_SEARCHES, refused
from vultus.evaluation.parts.study import ONCE, Study
from vultus.evaluation.protocols.closed_set import ClosedSet, RankRate, closed_set
from vultus.evaluation.protocols.repeated import Gallery
from vultus.evaluation.protocols.searching import Fusion
from vultus.evaluation.report.chart import Axis, Chart, Series
from vultus.evaluation.report.evaluation import Part, Peer
from vultus.evaluation.report.figure import Figure

SIZES = (100, 1000)
"""Of galleries that are shown beside the largest, which data of other sizes gives too."""
LEAST_ENROLLED = 2
"""Among fewer, whoever is searched for comes first."""
SEVERAL = 3
"""Photos of each person, to show what several are worth and how they are best taken together."""


def closed_set_part(study: Study) -> Part:
    """Search for people who are all enrolled."""
    title = "Identification, everybody enrolled"
    gallery = Gallery(largest(study, strangers=False))
    if gallery.subjects < LEAST_ENROLLED:
        return refused("closed_set", title, study, FOR_SEARCHES)
    try:
        result = closed_set(study.dataset, study.table, gallery, resampling=study.resampling)
    except TooFewComparisons:
        return refused("closed_set", title, study, FOR_SEARCHES)
    others = [
        (each, closed_set(study.dataset, each.table, gallery, resampling=ONCE))
        for each in study.beside
    ]
    return Part(
        "closed_set",
        title,
        f"Who is it? {gallery.subjects:,} people are enrolled with one photo each, and their other "
        f"photos are searched for: {searches(result.probes, gallery)}. Whoever is most similar "
        "counts, and no threshold is asked.",
        _closed_figures(result),
        details=tuple(_variations(study, gallery)),
        charts=(_cmc([(study.name, result.cmc), *((each.name, of.cmc) for each, of in others)]),),
        peers=tuple(Peer(each.name, each.note, _closed_figures(of)[:2]) for each, of in others),
        cases=(cases.confused(result.confused, study),) if result.confused else (),
    )


def _closed_figures(result: ClosedSet) -> tuple[Figure, ...]:
    first, *further = (_rank(each) for each in result.strict)
    return (
        replace(
            first,
            sentence=f"{first.sentence} Which photos are enrolled moves it by "
            f"{100 * result.spread:.2f} points (standard deviation over the draws).",
        ),
        trade_off.of_estimate(
            "closed_set.map",
            "Mean average precision (mAP)",
            _mean_precision(result),
            "How well each person's own photos come before those of all others, when all searches "
            "are sorted by their similarity to that person; 100 % is perfect.",
            "higher",
        ),
        *further,
        *(_lenient(each) for each in result.lenient[:1] if result.undetected),
    )


def _mean_precision(result: ClosedSet) -> Estimate:
    """Where nobody came before the right person, it is known no better than the rank 1 rate."""
    measured = result.mean_average_precision
    if measured.value < 1:
        return measured
    return replace(measured, low=min(measured.low, result.strict[0].rate.low))


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


def _variations(study: Study, gallery: Gallery) -> Iterator[Figure]:
    """Rank 1 in smaller galleries, and with several photos of each person."""
    for size in SIZES:
        if size < gallery.subjects:
            yield _variation(study, replace(gallery, subjects=size), f"{size:,} people enrolled")
    if max(_photos_of_people(study), default=0) > SEVERAL:
        for fusion, name in (
            (Fusion.BEST_OF, "the best of them"),
            (Fusion.CENTROID, "their mean"),
            (Fusion.VULTUS, "best and mean together, as a gallery does"),
        ):
            several = replace(gallery, photos=SEVERAL, fusion=fusion)
            yield _variation(study, several, f"up to {SEVERAL} photos, {name}")


def _variation(study: Study, gallery: Gallery, what: str) -> Figure:
    once = replace(gallery, draws=1)
    result = closed_set(study.dataset, study.table, once, resampling=study.resampling)
    rate = _rank(result.strict[0])
    key = f"closed_set.rank1.{gallery.subjects}x{gallery.photos}.{gallery.fusion}"
    return replace(
        rate,
        key=key,
        title=f"Rank 1, {what}",
        sentence=f"{result.probes:,} searches among {gallery.subjects:,} people.",
    )


def _photos_of_people(study: Study) -> list[int]:
    counts: dict[str, int] = {}
    for image in study.dataset.images:
        counts[image.subject] = counts.get(image.subject, 0) + 1
    return list(counts.values())


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
