"""The result of an evaluation: what was measured on what, in parts that a report shows in order."""

from dataclasses import dataclass, replace
from typing import Literal

from vultus.evaluation.report.about import Environment, ModelFacts, Studied
from vultus.evaluation.report.case import Case, Cases, Shown
from vultus.evaluation.report.chart import Chart
from vultus.evaluation.report.comparisons import Comparisons
from vultus.evaluation.report.figure import Figure
from vultus.evaluation.report.grouping import ByGroup

SCHEMA: Literal[1] = 1


@dataclass(frozen=True, slots=True)
class Peer:
    """The same figures from something else: chance, a baseline, another pack.

    They come without intervals. There are none where it could not be measured; `note` says so.
    """

    name: str
    note: str
    figures: tuple[Figure, ...]

    def figure(self, key: str) -> Figure | None:
        """The figure of that key, if it was measured."""
        return next((each for each in self.figures if each.key == key), None)


@dataclass(frozen=True, slots=True)
class Part:
    """One protocol and everything that came of it. `key` names the protocol for programs."""

    key: str
    title: str
    sentence: str
    figures: tuple[Figure, ...]
    details: tuple[Figure, ...] = ()
    charts: tuple[Chart, ...] = ()
    peers: tuple[Peer, ...] = ()
    groupings: tuple[ByGroup, ...] = ()
    cases: tuple[Cases, ...] = ()
    comparisons: Comparisons | None = None

    def figure(self, key: str) -> Figure | None:
        """The figure of that key, if the part has it."""
        return next((each for each in (*self.figures, *self.details) if each.key == key), None)

    @property
    def compared(self) -> tuple[Figure, ...]:
        """The figures that some peer has as well."""
        return tuple(
            each for each in self.figures if any(peer.figure(each.key) for peer in self.peers)
        )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A model, measured on a dataset. `made_at` is ISO 8601 with its offset."""

    made_at: str
    command: str
    model: ModelFacts
    studied: Studied
    environment: Environment
    parts: tuple[Part, ...]
    schema: Literal[1] = SCHEMA

    def part(self, key: str) -> Part | None:
        """The part of that protocol, if it was measured."""
        return next((part for part in self.parts if part.key == key), None)

    @property
    def measured(self) -> bool:
        """Whether the data supported any figure at all."""
        return any(figure.measured for part in self.parts for figure in part.figures)

    def without_pictures(self) -> "Evaluation":
        """The same without a picture of anybody: what JSON keeps."""
        return replace(self, parts=tuple(_bare_part(part) for part in self.parts))


def _bare_part(part: Part) -> Part:
    return replace(part, cases=tuple(_bare_cases(cases) for cases in part.cases))


def _bare_cases(cases: Cases) -> Cases:
    return replace(cases, cases=tuple(_bare_case(case) for case in cases.cases))


def _bare_case(case: Case) -> Case:
    return replace(case, images=tuple(_bare_image(image) for image in case.images))


def _bare_image(image: Shown) -> Shown:
    return replace(image, jpeg="")
