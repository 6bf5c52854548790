"""False alarms against misses, as figures and charts."""

from vultus.evaluation.metrics.estimate import Estimate
from vultus.evaluation.metrics.scored import Unmeasured
from vultus.evaluation.metrics.trade_off import Operating, TradeOff
from vultus.evaluation.parts.terms import Terms
from vultus.evaluation.report.figure import Better, Figure, percent


def figures(measured: TradeOff, terms: Terms) -> tuple[Figure, ...]:
    """The rates at each target, the first one that cannot be measured, the equal error rate."""
    return (
        *(_operating(each, terms) for each in measured.at),
        *(_unmeasured(each, terms) for each in measured.unmeasured[:1]),
        _equal_error_rate(measured, terms),
    )


def area(measured: TradeOff, terms: Terms) -> Figure:
    """The area under the ROC."""
    return of_estimate(
        f"{terms.key}.auc",
        "Area under the ROC (AUC)",
        measured.area,
        f"How often one of the {terms.right_ones} is more similar than one of the "
        f"{terms.strangers}; 50 % is chance.",
        "higher",
    )


def of_estimate(
    key: str, title: str, measured: Estimate, sentence: str, better: Better = "lower"
) -> Figure:
    """A share with its interval."""
    return Figure(key, title, measured.value, sentence, measured.low, measured.high, better=better)


def rate_name(target: float) -> str:
    """A target as people write it: `0.1 %`."""
    return f"{100 * target:.6g} %"


def _operating(at: Operating, terms: Terms) -> Figure:
    return of_estimate(
        f"{terms.key}.{terms.misses.lower()}@{terms.false_alarms.lower()}={at.target:g}",
        f"{terms.misses} at {terms.false_alarms} {rate_name(at.target)}",
        at.misses,
        f"From a similarity of {at.threshold:.4f} on, {percent(at.false_alarms)} of "
        f"{terms.strangers} are accepted. {percent(1 - at.misses.value)} of {terms.right_ones} "
        "are accepted too; the rest is missed.",
    )


def _unmeasured(each: Unmeasured, terms: Terms) -> Figure:
    return Figure(
        f"{terms.key}.{terms.misses.lower()}@{terms.false_alarms.lower()}={each.target:g}",
        f"{terms.misses} at {terms.false_alarms} {rate_name(each.target)}",
        None,
        f"There are {each.comparisons:,} {terms.counted}; it takes {each.needed:,} to see a "
        f"rate of {rate_name(each.target)}, and more for rarer ones.",
    )


def _equal_error_rate(measured: TradeOff, terms: Terms) -> Figure:
    return of_estimate(
        f"{terms.key}.eer",
        "Equal error rate (EER)",
        measured.equal_error_rate,
        "At the threshold where both errors are equally frequent, each is that frequent. It "
        "compares systems; nobody runs one there.",
    )
