"""Other ways of telling people apart beside the one that is measured."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from vultus.errors import TooFewComparisons
from vultus.evaluation.parts.study import Contender, Study
from vultus.evaluation.report.evaluation import Peer
from vultus.evaluation.report.figure import Figure

R = TypeVar("R")

NOT_MEASURED = "not measured: it found a face in too few of these photos"


@dataclass(frozen=True, slots=True)
class Rival(Generic[R]):
    """A contender and what came of it; None where the faces that it found are too few."""

    contender: Contender
    result: R | None


def rivals(study: Study, measure: Callable[[Contender], R]) -> list[Rival[R]]:
    """Measure everything that stands beside; what cannot be measured keeps nobody else out."""
    return [_rival(each, measure) for each in study.beside]


def _rival(contender: Contender, measure: Callable[[Contender], R]) -> Rival[R]:
    try:
        return Rival(contender, measure(contender))
    except TooFewComparisons:
        return Rival(contender, None)


def peers(
    measured: Sequence[Rival[R]],
    figures: Callable[[R], Sequence[Figure]],
    shown: Sequence[Figure],
) -> tuple[Peer, ...]:
    """The same figures of each rival as the model itself has, without intervals: they have none."""
    return tuple(_peer(each, figures, shown) for each in measured)


def _peer(
    rival: Rival[R], figures: Callable[[R], Sequence[Figure]], shown: Sequence[Figure]
) -> Peer:
    contender = rival.contender
    if rival.result is None:
        return Peer(contender.name, f"{contender.note} ({NOT_MEASURED})", ())
    own = {figure.key: figure for figure in figures(rival.result) if figure.measured}
    wanted = [figure.key for figure in shown if figure.measured and figure.key in own]
    bare = (replace(own[key], low=None, high=None) for key in wanted)
    return Peer(contender.name, contender.note, tuple(bare))
