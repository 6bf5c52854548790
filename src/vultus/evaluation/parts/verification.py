"""Verification in words and pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

from vultus.evaluation.metrics.confusion import Confusion
from vultus.evaluation.metrics.folds import FoldAccuracy
from vultus.evaluation.parts import charts, trade_off
from vultus.evaluation.parts.terms import VERIFICATION
from vultus.evaluation.protocols.pairs import Decided, Verification
from vultus.evaluation.report.chart import Chart
from vultus.evaluation.report.figure import Figure, percent


@dataclass(frozen=True, slots=True)
class NamedVerification:
    """Whose result it is, and the result."""

    name: str
    result: Verification


def figures(measured: Verification) -> tuple[Figure, ...]:
    """What stands at the head: accuracy, the errors of the threshold, then the trade-off."""
    return (
        *(_accuracy(each) for each in [measured.accuracy] if each),
        *(figure for each in [measured.decided] if each for figure in _decided(each)),
        *trade_off.figures(measured.strict, VERIFICATION),
    )


def details(measured: Verification) -> tuple[Figure, ...]:
    """What is looked up: the area, what is undetected, the lenient figures, the counts."""
    return (
        trade_off.area(measured.strict, VERIFICATION),
        *_lenient(measured),
        *(figure for each in [measured.decided] if each for figure in _counts(each.confusion)),
    )


def drawn(measured: Sequence[NamedVerification], threshold: float | None) -> tuple[Chart, ...]:
    """ROC and DET of all of them, and the scores of the first."""
    first = measured[0].result.strict
    curves = [(each.name, each.result.strict.curve) for each in measured]
    return charts.of_trade_off(curves, first, VERIFICATION, threshold)


def _accuracy(measured: FoldAccuracy) -> Figure:
    folds = len(measured.shares)
    lowest, highest = min(measured.thresholds), max(measured.thresholds)
    return trade_off.of_estimate(
        "verification.accuracy",
        f"Accuracy over {folds} folds",
        measured.mean,
        f"Share of pairs decided rightly. Each fold is decided at the threshold that is best on "
        f"the others ({lowest:.4f} to {highest:.4f}). The standard error over the folds is "
        f"{100 * measured.standard_error:.2f} points.",
        "higher",
    )


def _lenient(measured: Verification) -> tuple[Figure, ...]:
    """The same without pairs that were never compared, if there are any."""
    left_out = measured.strict.genuine_undetected + measured.strict.impostor_undetected
    if not left_out:
        return ()
    accuracy = measured.lenient_accuracy
    rate = _lenient_equal_error_rate(measured, left_out)
    return (_lenient_accuracy(accuracy), rate) if accuracy else (rate,)


def _lenient_accuracy(measured: FoldAccuracy) -> Figure:
    return trade_off.of_estimate(
        "verification.accuracy.lenient",
        "Accuracy, lenient",
        measured.mean,
        "The same without the pairs in which an image shows no face.",
        "higher",
    )


def _lenient_equal_error_rate(measured: Verification, left_out: int) -> Figure:
    return trade_off.of_estimate(
        "verification.eer.lenient",
        "EER, lenient",
        measured.lenient.equal_error_rate,
        f"The equal error rate without the {left_out:,} pairs in which an image shows no face. "
        "All other figures are strict: they count such a pair as refused.",
    )


def _decided(decided: Decided) -> tuple[Figure, Figure]:
    counts = decided.confusion
    wrong, missed = counts.false_positives, counts.false_negatives
    return (
        trade_off.of_estimate(
            "verification.fmr@threshold",
            "False matches at the threshold (FMR)",
            decided.fmr,
            f"{wrong:,} of {wrong + counts.true_negatives:,} pairs of different people reach "
            f"{counts.threshold:.4f}.",
        ),
        trade_off.of_estimate(
            "verification.fnmr@threshold",
            "Misses at the threshold (FNMR)",
            decided.fnmr,
            f"{missed:,} of {missed + counts.true_positives:,} genuine pairs do not reach "
            f"{counts.threshold:.4f}.",
        ),
    )


def _counts(counts: Confusion) -> tuple[Figure, ...]:
    numbers = (
        ("tp", "True positives", counts.true_positives, "Genuine pairs accepted."),
        ("fp", "False positives", counts.false_positives, "Pairs of different people accepted."),
        ("fn", "False negatives", counts.false_negatives, "Genuine pairs refused."),
        ("tn", "True negatives", counts.true_negatives, "Pairs of different people refused."),
    )
    shares = (
        ("tpr", "True positive rate, recall", counts.tpr, "Share of genuine pairs accepted."),
        ("fpr", "False positive rate", counts.fpr, "Share of the others accepted."),
        ("precision", "Precision", counts.precision, "Share of accepted pairs that are genuine."),
        ("f1", "F1", counts.f1, "Harmonic mean of precision and recall."),
    )
    mix = counts.true_positives + counts.false_negatives
    whole = mix + counts.false_positives + counts.true_negatives
    note = f" It depends on the mix: here {percent(mix / whole)} of the pairs are genuine."
    return (
        *(
            Figure(f"verification.{key}", title, value, sentence, unit="number")
            for key, title, value, sentence in numbers
        ),
        *(
            Figure(
                f"verification.{key}",
                title,
                value,
                sentence + (note if key in ("precision", "f1") else ""),
            )
            for key, title, value, sentence in shares
        ),
    )
