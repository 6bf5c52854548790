"""Results as text for people, and their JSON."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from vultus.cli.tables import Rows
from vultus.evaluation.report.figure import interval, percent, show

if TYPE_CHECKING:
    from vultus.evaluation.compare import Rivals
    from vultus.evaluation.compared import Compared
    from vultus.evaluation.gate import Gate
    from vultus.evaluation.report.evaluation import Evaluation, Part, Peer


def print_evaluation(result: "Evaluation") -> None:
    """The figures of every part, one below the other."""
    of = result.studied
    split = f", split {of.split}" if of.split else ""
    broken = f", {of.unreadable:,} cannot be read" if of.unreadable else ""
    print(
        f"{result.model.id} on {of.name}{split} ({of.version[:12]}): {of.images:,} images of "
        f"{of.subjects:,} people, no face found in {of.undetected:,}{broken}"
    )
    for part in result.parts:
        _print_part(part)


def _print_part(part: "Part") -> None:
    print(f"\n{part.title}\n{part.sentence}\n")
    rows = Rows("figure", "value>", "95 % interval>", *(f"{peer.name}>" for peer in part.peers))
    for figure in part.figures:
        if figure.measured:
            beside = [_beside(peer, figure.key) for peer in part.peers]
            rows.add(figure.title, show(figure.value, figure.unit), interval(figure), *beside)
    rows.print()
    for figure in part.figures:
        if not figure.measured:
            print(f"{figure.title}: not measured. {figure.sentence}")
    for peer in part.peers:
        if not peer.figures:
            print(f"{peer.name}: {peer.note}")


def _beside(peer: "Peer", key: str) -> str:
    shown = [show(figure.value, figure.unit) for figure in peer.figures if figure.key == key]
    return shown[0] if shown else ""


def print_rivals(rivals: "Rivals") -> None:
    """Figure by figure, and the verdict."""
    print(f"{rivals.comparisons:,} pairs of {rivals.people:,} people of {rivals.dataset}\n")
    rows = Rows("figure", f"{rivals.first}>", f"{rivals.second}>", "change>", "95 %>", "better")
    for each in rivals.figures:
        rows.add(*_rival_cells(rivals, each))
    rows.print()
    print(f"\n{rivals.verdict}")


def _rival_cells(rivals: "Rivals", each: "Compared") -> tuple[str, ...]:
    change, difference = each.change, each.change.difference
    better = {"first": rivals.first, "second": rivals.second, "neither": "may be chance"}
    return (
        each.title,
        percent(change.first),
        percent(change.second),
        points(difference.value),
        f"{points(difference.low)} to {points(difference.high)}",
        better[each.winner],
    )


def points(difference: float) -> str:
    """A difference of two shares, in points of a percent."""
    return f"{100 * difference:+.2f}"


def rivals_json(rivals: "Rivals") -> dict[str, Any]:
    """The same for programs."""
    winners = [{"winner": each.winner} for each in rivals.figures]
    plain = asdict(rivals)
    figures = [each | own for each, own in zip(plain["figures"], winners, strict=True)]
    return plain | {"figures": figures, "verdict": rivals.verdict}


def gate_json(rivals: "Rivals", gate: "Gate") -> dict[str, Any]:
    """A verdict for programs."""
    figures = [
        asdict(each) | {"regressed": each.regressed, "reason": each.reason} for each in gate.figures
    ]
    return {
        "candidate": rivals.second,
        "against": rivals.first,
        "dataset": rivals.dataset,
        "passed": gate.passed,
        "reasons": list(gate.reasons),
        "figures": figures,
    }
