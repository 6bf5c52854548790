"""Curves of the metrics as charts of a report."""

import math
from collections.abc import Sequence

from vultus.evaluation.metrics.calibration import Reliability
from vultus.evaluation.metrics.curve import Curve
from vultus.evaluation.metrics.spread import Spread
from vultus.evaluation.metrics.trade_off import TradeOff
from vultus.evaluation.parts.terms import Terms
from vultus.evaluation.report.chart import Axis, Chart, Mark, Role, Series

Named = tuple[str, Curve]
"""Whose curve it is, and the curve."""
ROLES: tuple[Role, ...] = ("main", "second", "third", "fourth", "fifth")


def of_trade_off(
    curves: Sequence[Named], first: TradeOff, terms: Terms, threshold: float | None
) -> tuple[Chart, ...]:
    """ROC and DET of all curves, and the scores of the first, down to what its numbers can show."""
    least, least_misses = _decade(first.distinct), _decade(first.genuine)
    return (
        roc(curves, terms, least),
        det(curves, terms, least, least_misses),
        scores(first.spread, terms, threshold),
    )


def roc(curves: Sequence[Named], terms: Terms, least: float) -> Chart:
    """What is rightly accepted over what is wrongly accepted; false alarms from `least` up."""
    series = [
        _above(name, role, least, curve.fmr, [1 - fnmr for fnmr in curve.fnmr])
        for (name, curve), role in zip(curves, ROLES, strict=False)
    ]
    lowest = min((min(each.y) for each in series if each.y), default=0.0)
    return Chart(
        f"{terms.key}.roc",
        "ROC: what passes at which price",
        "Each point is a threshold. Further left, less is accepted wrongly; higher up, more is "
        "accepted rightly. The upper left corner is perfect.",
        Axis(terms.false_alarms_in_words, "log", low=least, high=1),
        Axis(f"{terms.right_ones} accepted", low=max(0.0, min(lowest, 0.9) - 0.02), high=1.005),
        tuple(series),
    )


def det(curves: Sequence[Named], terms: Terms, least: float, least_misses: float) -> Chart:
    """Both kinds of error, each on a logarithmic axis from its least shown rate up."""
    series = tuple(
        _above(name, role, least, curve.fmr, curve.fnmr, least_misses)
        for (name, curve), role in zip(curves, ROLES, strict=False)
    )
    ends = max(least, least_misses), 1.0
    equal = Series("equal errors", ends, ends, "reference")
    return Chart(
        f"{terms.key}.det",
        "DET: one error against the other",
        "The same trade-off with both errors on logarithmic axes: the lower left is better. Where "
        "a curve crosses the dashed line, both errors are equal (EER).",
        Axis(terms.false_alarms_in_words, "log", low=least, high=1),
        Axis(terms.misses_in_words, "log", low=least_misses, high=1),
        (*series, equal),
        legend="lower left",
    )


def scores(spread: Spread, terms: Terms, threshold: float | None) -> Chart:
    """Where the similarities of both kinds lie."""
    middles = tuple(
        (low + high) / 2 for low, high in zip(spread.edges, spread.edges[1:], strict=False)
    )
    return Chart(
        f"{terms.key}.scores",
        "How similar both kinds are",
        "Each curve is the share of its kind at that similarity. What lies on the wrong "
        "side of the dotted line is decided wrongly.",
        Axis("similarity", share=False),
        Axis("share of its kind", low=0),
        (
            Series(terms.strangers, middles, spread.impostor, "impostor", "area"),
            Series(terms.right_ones, middles, spread.genuine, "genuine", "area"),
        ),
        () if threshold is None else (Mark(threshold, "threshold"),),
        legend="upper left",
    )


def reliability(measured: Reliability) -> Chart:
    """What was said against what was so."""
    return Chart(
        "verification.reliability",
        "Whether its probabilities hold",
        f"Each point is one bin of comparisons, at a prior of {measured.prior:g}. On the dashed "
        "line, of pairs said to match with 70 % exactly 70 % do; below it, too much was said.",
        Axis("probability that was stated", low=-0.02, high=1.02),
        Axis("share that are one person", low=-0.02, high=1.02),
        (
            Series("ideal", (0.0, 1.0), (0.0, 1.0), "reference"),
            Series(
                "measured",
                tuple(each.said for each in measured.bins),
                tuple(each.observed for each in measured.bins),
                form="points",
            ),
        ),
        legend="upper left",
    )


def _above(
    name: str,
    role: Role,
    least_x: float,
    xs: Sequence[float],
    ys: Sequence[float],
    least_y: float = 0.0,
) -> Series:
    """The points that a logarithmic axis can show; of those left of it, the last stands for all."""
    left = [y for x, y in zip(xs, ys, strict=True) if x < least_x]
    right = [(x, y) for x, y in zip(xs, ys, strict=True) if x >= least_x]
    points = ([(least_x, left[-1])] if left else []) + right
    shown = [(x, y) for x, y in points if y >= least_y]
    return Series(name, tuple(x for x, _ in shown), tuple(y for _, y in shown), role, "steps")


def _decade(count: int) -> float:
    """The power of ten below one in `count`."""
    return float(10.0 ** math.floor(math.log10(1 / max(count, 2))))
