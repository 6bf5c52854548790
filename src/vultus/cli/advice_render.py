"""Advice on thresholds as JSON for programs, and as text for people."""

from collections.abc import Sequence
from dataclasses import asdict

from vultus.cli.line import Json
from vultus.cli.tables import Rows
from vultus.evaluation.advise.advice import Advice
from vultus.matching.rates import ErrorRates


def advice_json(advice: Advice, others: Sequence[Advice], rates: ErrorRates) -> Json:
    """The advice, what other targets would take, and on what all of it was measured."""
    return {
        **asdict(advice),
        "others": [asdict(other) for other in others],
        "measured_on": {"protocol": rates.protocol, "people": rates.people},
    }


def print_advice(advice: Advice, others: Sequence[Advice], rates: ErrorRates) -> None:
    """The same in sentences, and a table of the others."""
    print(f"Among {advice.subjects:,} subjects:")
    print(
        f"  threshold        {advice.threshold:.4f}"
        f"  (95 % interval {advice.low:.4f} to {advice.high:.4f})"
    )
    print(
        f"  strangers named  {_share(advice.fpir)}"
        f"  ({_share(advice.fpir_low)} to {_share(advice.fpir_high)})"
    )
    print(
        f"  people missed    {_share(advice.fnir)}  with one enrolled photo each; more photos help"
    )
    print(f"  measured on      {rates.protocol}")
    rows = Rows("strangers named>", "threshold>", "95 % interval>", "people missed>")
    for other in others:
        interval = f"{other.low:.4f} to {other.high:.4f}"
        rows.add(_share(other.fpir), f"{other.threshold:.4f}", interval, _share(other.fnir))
    print()
    rows.print()


def _share(share: float) -> str:
    return f"{share:.2%}" if share < 0.1 else f"{share:.1%}"
