"""Which of two models is better on the same comparisons, by how much, and whether that is real."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from vultus.errors import NotComparable, TooFewComparisons
from vultus.evaluation.compared import OWN_FMR, Compared, Side, carried_figures, paired_figures
from vultus.evaluation.gate import Guarded
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.metrics.trials import Trials
from vultus.evaluation.report.about import Studied
from vultus.evaluation.report.evaluation import Evaluation

PART = "verification"
"""The part whose single comparisons a result keeps."""
LEAST_PEOPLE = 30
"""In pairs of one person, and in pairs of different people.

The bootstrap takes the spread of the people at hand for that of all, and its percentiles are those
of a normal distribution, not of Student's t. For the mean of normal figures of n people, the
interval of 95 % therefore holds the truth with P(|t| < 1.96 sqrt((n - 1) / n)) at n - 1 degrees of
freedom: 94 % of the time with 30 people, 90 % with 10, 87 % with 6 and 60 % with 2. With fewer than
30, what is said to be beyond chance too often is not.
"""
REPEAT = "evaluate both with the same command on the same version of a dataset"


@dataclass(frozen=True, slots=True)
class Rivals:
    """Two models, by name, and their figures on the comparisons of one dataset.

    `lost` says what the first can do and the second cannot.
    """

    first: str
    second: str
    dataset: str
    comparisons: int
    people: int
    figures: tuple[Compared, ...]
    lost: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """Who is better, in a sentence."""
        won = {each.winner for each in self.figures} - {"neither"}
        if not won:
            return (
                f"No figure tells {self.first} and {self.second} apart: every difference may be "
                "chance. More people would tell more."
            )
        if len(won) == 2:
            return f"{self.first} is better by some figures and {self.second} by others."
        name, other = self.first, self.second
        if won == {"second"}:
            name, other = other, name
        real = [each.title for each in self.figures if each.winner != "neither"]
        return f"{name} is better than {other}, beyond chance, by: {', '.join(real)}."


def guarded(rivals: Rivals, allowed: float) -> tuple[Guarded, ...]:
    """The figures that a candidate, the second of the two, is held to.

    Not the area under the ROC, which moves with thresholds that nobody would use. False matches at
    the threshold are forgiven none: half a point would be five times as many as usual.
    """
    return tuple(
        Guarded(each.title, each.better, each.change, 0.0 if each.key == OWN_FMR else allowed)
        for each in rivals.figures
        if each.key != "auc"
    )


def compare_results(first: Evaluation, second: Evaluation, resampling: Resampling) -> Rivals:
    """Compare what two evaluations wrote down.

    Raises:
        NotComparable: they do not speak of the same pairs of the same photos.
        TooFewComparisons: fewer than 30 people are in pairs of one person, or of different people.
    """
    names = first.model.id, second.model.id
    if not _same_data(first.studied, second.studied):
        of = " and ".join(_called(each.studied) for each in (first, second))
        raise NotComparable(*names, f"they were measured on different datasets, {of}; {REPEAT}")
    one, other = (_side(each, names) for each in (first, second))
    if not one.trials.same_as(other.trials):
        raise NotComparable(*names, f"they verified different pairs; {REPEAT}")
    _need_people(one.trials)
    return Rivals(
        *names,
        dataset=first.studied.name,
        comparisons=len(one.trials),
        people=one.trials.subjects,
        figures=(*paired_figures(one, other, resampling), *carried_figures(first, second)),
        lost=tuple(_lost(first, second)),
    )


def _same_data(first: Studied, second: Studied) -> bool:
    """Whether both show the same photos, people and pairs, whatever they are called."""
    if first.content and second.content:
        return first.content == second.content
    return first.version == second.version


def _called(studied: Studied) -> str:
    split = f", split {studied.split}" if studied.split else ""
    return f"{studied.name} ({studied.version[:12]}{split})"


def _side(result: Evaluation, names: tuple[str, str]) -> Side:
    part, model = result.part(PART), result.model
    if part is None:
        asked = shlex.join(["--on", result.studied.name, "--pack", model.pack])
        command = f"vultus evaluate verification {asked}"
        problem = f"the result of {model.id} holds no verification of pairs"
        raise NotComparable(*names, f"{problem}; make one with {command} --json FILE")
    if part.comparisons is None:
        raise TooFewComparisons("A verification of pairs", 0, 1)
    return Side(part.comparisons.trials, model.threshold)


def _need_people(trials: Trials) -> None:
    kinds = {"one person": trials.genuine, "different people": ~trials.genuine}
    for kind, chosen in kinds.items():
        pairs = trials.only(chosen)
        if pairs.subjects < LEAST_PEOPLE:
            figure = f"The difference of two models in pairs of {kind}"
            raise TooFewComparisons(figure, pairs.subjects, LEAST_PEOPLE, "people")


def _lost(first: Evaluation, second: Evaluation) -> Iterator[str]:
    if first.model.threshold is not None and second.model.threshold is None:
        yield f"{second.model.id} names no threshold, so that it decides nothing"
    if _says_probabilities(first) and not _says_probabilities(second):
        yield f"{second.model.id} states no probability of a pair"


def _says_probabilities(result: Evaluation) -> bool:
    part = result.part(PART)
    return part is not None and part.figure("calibration.brier") is not None
