"""Whether a candidate may take the place of a model: no figure may be worse beyond chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from vultus.evaluation.metrics.paired import Difference

Better = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class Guarded:
    """A figure that must not get worse, and how it changed from the current to the candidate.

    `allowed` is how much worse the candidate may be before that matters, in the figure's own unit;
    0 forgives nothing that is real.
    """

    name: str
    better: Better
    change: Difference
    allowed: float = 0.0

    @property
    def regressed(self) -> bool:
        """Whether the whole interval of the change lies beyond what is allowed, for the worse."""
        interval = self.change.difference
        if self.better == "higher":
            return interval.high < -self.allowed
        return interval.low > self.allowed

    @property
    def reason(self) -> str:
        """What happened to the figure, as a sentence for people."""
        change, interval = self.change, self.change.difference
        verdict = "is worse" if self.regressed else "is not worse beyond chance"
        return (
            f"{self.name} {verdict}: {change.first:.5g} became {change.second:.5g}, a change of "
            f"{interval.value:+.2g} ({interval.low:+.2g} to {interval.high:+.2g} at 95 %)"
        )


@dataclass(frozen=True, slots=True)
class Gate:
    """The verdict about a candidate. `lost` says what the current model can do and it cannot."""

    figures: tuple[Guarded, ...]
    lost: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the candidate may take the place; never when nothing could be compared."""
        return not self.reasons

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it may not."""
        if not self.figures:
            return ("no figure could be measured for both", *self.lost)
        return (*self.lost, *(figure.reason for figure in self.figures if figure.regressed))


def judge(figures: Sequence[Guarded], lost: Sequence[str] = ()) -> Gate:
    """Hold a candidate to the figures of the current model.

    Of 40 figures that did not change one seems worse by chance: an interval of 95 % misses the
    truth on that side once in 40 times. Guard the few that matter.
    """
    return Gate(tuple(figures), tuple(lost))
