"""Advice on thresholds as JSON for programs, and as text for people."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from vultus.cli.gallery_render import policy_json
from vultus.cli.line import Json
from vultus.cli.tables import Rows
from vultus.evaluation.advise.advice import Advice, End
from vultus.evaluation.advise.decided import Decided
from vultus.matching.rates import ErrorRates

LABEL = 16
"""Characters, of what stands before the figures."""
LEAST_SHOWN = 0.0005
"""A smaller share gets as many digits as it takes to differ from 0."""
ENDS: dict[End, str] = {
    "lowest": "the lowest threshold that was measured; what lower ones do is not known",
    "highest": "the highest threshold that was measured; what higher ones do is not known",
    "below": "below every threshold that was measured",
    "above": "above every threshold that was measured",
}
STRANGERS: dict[End | None, str] = {"below": "at least ", "above": "at most "}
MISSED: dict[End | None, str] = {"below": "at most ", "above": "at least "}
ORIGINS = {"pack": "the pack's own", "setting": "that of the settings"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question, which `asked` says in words.

    `policy` is how a gallery decides that keeps to the same share of strangers. `gallery` is how
    the gallery called `name` does decide; None where none was asked about.
    """

    asked: str
    advice: Advice
    others: Sequence[Advice]
    rates: ErrorRates
    policy: Decided
    name: str | None = None
    gallery: Decided | None = None


def advice_json(answer: Answer) -> Json:
    """The advice, what other targets would take, and on what all of it was measured."""
    rates, gallery = answer.rates, answer.gallery
    return {
        **_figures(answer.advice),
        "under_policy": _decided_json(answer.policy),
        "gallery": {"name": answer.name, **_decided_json(gallery)} if gallery else None,
        "others": [_figures(other) for other in answer.others],
        "measured_on": {"protocol": rates.protocol, "people": rates.people},
    }


def _figures(advice: Advice) -> Json:
    return {**asdict(advice), "fnir_is_at_most": advice.several_photos}


def _decided_json(decided: Decided) -> Json:
    return {
        **_figures(decided.does),
        "policy": policy_json(decided.policy),
        "origin": decided.rule.threshold.origin,
        "uncertain_from": decided.rule.uncertain_from,
        "uncertain_strangers": decided.uncertain,
    }


def print_advice(answer: Answer) -> None:
    """The same in sentences, and a table of the others."""
    policy, gallery = answer.policy, answer.gallery
    print(f"Among {_crowd(answer.advice)}:")
    _print("asked for", answer.asked)
    _print_figures(answer.advice)
    if not policy.floored:
        _print_grey_zone(policy)
    _print("measured on", answer.rates.protocol)
    if policy.floored and gallery != policy:
        print("\nA gallery of this size with the policy fpir decides by:")
        _print_decided(policy)
    if gallery == policy and not policy.floored:
        _print("in force", f"the gallery {answer.name} decides by this threshold")
    elif gallery is not None:
        print(f"\nThe gallery {answer.name} decides by:")
        _print_decided(gallery)
    _print_table(answer.others, policy.floor)


def _crowd(advice: Advice) -> str:
    photos = f", with {advice.comparisons:,} comparisons" if advice.several_photos else ""
    return f"{advice.subjects:,} subjects{photos}"


def _print_decided(decided: Decided) -> None:
    _print_figures(decided.does)
    _print_grey_zone(decided)
    _print("because", *_reason(decided))


def _reason(decided: Decided) -> Iterator[str]:
    fpir, whose = decided.policy.fpir, ORIGINS.get(decided.rule.threshold.origin)
    if fpir is None:
        yield f"the policy is fixed: one threshold whatever the size, {whose}"
    elif decided.floored:
        yield f"a lower threshold would name no more than {share(fpir)} of strangers, but the"
        yield f"policy fpir never goes below the threshold of pairs, {whose}"
    else:
        yield f"the policy is fpir: to name at most {share(fpir)} of strangers"


def _print_figures(advice: Advice) -> None:
    _print("threshold", f"{advice.threshold:.4f}{_how_sure(advice)}")
    named = _interval(advice.fpir, advice.fpir_low, advice.fpir_high)
    _print("strangers named", STRANGERS.get(advice.end, "") + named)
    _print("people missed", *_missed(advice))


def _missed(advice: Advice) -> Iterator[str]:
    missed = _interval(advice.fnir, advice.fnir_low, advice.fnir_high)
    if not advice.several_photos:
        yield MISSED.get(advice.end, "") + missed
        yield "with one enrolled photo each; more photos help"
    elif advice.end == "above":
        yield "not known: the pack's rates do not reach so far"
    else:
        yield f"at most {missed}"
        yield "which is what one photo of each would miss; several miss fewer, and how many"
        yield "fewer does not follow from the pack's rates, which are of pairs of photos"


def _print_grey_zone(decided: Decided) -> None:
    if not decided.has_grey_zone:
        _print("grey zone", "none: below the threshold everybody is unknown")
        return
    ends = f"{decided.rule.uncertain_from:.4f} to {decided.does.threshold:.4f}"
    _print("grey zone", f"{ends}: there the answer is uncertain, which")
    strangers = decided.uncertain
    in_it = "" if strangers is None else f"; it holds {share(strangers)} of strangers"
    _print("", f"means that nobody is named, and a person should look{in_it}")


def _print_table(others: Sequence[Advice], floor: float) -> None:
    several = any(other.several_photos for other in others)
    missed = "people missed, at most>" if several else "people missed>"
    rows = Rows("strangers named>", "threshold>", "95 % interval>", missed)
    for other in others:
        interval = f"{other.low:.4f} to {other.high:.4f}"
        rows.add(share(other.fpir), f"{other.threshold:.4f}", interval, share(other.fnir))
    print()
    rows.print()
    if any(other.threshold < floor for other in others):
        print(f"\nUnder the policy fpir no gallery decides by less than {floor:.4f}.")


def _how_sure(advice: Advice) -> str:
    if advice.end:
        return f"  ({ENDS[advice.end]})"
    return f"  (95 % interval {advice.low:.4f} to {advice.high:.4f})"


def _interval(value: float, low: float, high: float) -> str:
    return f"{share(value)}  ({share(low)} to {share(high)})"


def _print(label: str, first: str, *more: str) -> None:
    """A labelled line, and what goes on below it."""
    for head, line in zip((label, *[""] * len(more)), (first, *more), strict=True):
        print(f"  {head:<{LABEL}} {line}")


def share(number: float) -> str:
    """A share in percent, as people read it."""
    if 0 < number < LEAST_SHOWN:
        return f"{100 * number:.1g}%"
    return f"{number:.2%}" if number < 0.1 else f"{number:.1%}"
