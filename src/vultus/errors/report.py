"""Results of evaluations as files, and beside each other."""

from dataclasses import dataclass

from vultus.errors.base import VultusError


class ReportError(VultusError):
    """A result of an evaluation cannot be read or compared."""

    code = "report_error"


@dataclass(eq=False)
class EvaluationUnreadable(ReportError):
    """A file that holds no result of an evaluation."""

    code = "evaluation_unreadable"
    sentence = (
        "No result of an evaluation can be read from {path}: {problem}. "
        "Make one with vultus evaluate … --json FILE."
    )
    path: str
    problem: str


@dataclass(eq=False)
class NotComparable(ReportError):
    """Two results that do not speak of the same comparisons."""

    code = "not_comparable"
    sentence = "{first} and {second} cannot be compared: {problem}."
    first: str
    second: str
    problem: str
