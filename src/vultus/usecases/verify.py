"""1:1: do two photos show one person?"""

from dataclasses import dataclass

from vultus.domain.face import Face
from vultus.domain.template import ModelId
from vultus.errors import NoFace
from vultus.matching.calibration import Calibration
from vultus.matching.policy import Decision, Policy
from vultus.matching.thresholds import Threshold


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether two things show one person.

    `similarity` is their cosine in [-1, 1]. `probability` that they are one person is None while
    the pack carries no calibration. `reasons` are sentences for people.
    """

    similarity: float
    probability: float | None
    decision: Decision
    reasons: tuple[str, ...]
    threshold: Threshold


@dataclass(frozen=True, slots=True)
class Verification(Comparison):
    """The answer to whether two photos show one person, told from one face of each."""

    first: Face
    second: Face

    @property
    def model(self) -> ModelId:
        """What made the faces' templates."""
        return self.first.template.model


@dataclass(frozen=True, slots=True)
class Portrait:
    """The faces of one photo, its size in pixels, and what it is called, if it is."""

    faces: list[Face]
    width_px: float
    height_px: float
    name: str | None = None

    @property
    def main(self) -> Face:
        """The face that the photo is of: the largest, unless it is far from the middle.

        Raises:
            NoFace: there is none.
        """
        if not self.faces:
            raise NoFace().about(self.name)
        return max(self.faces, key=self._prominence)

    def _prominence(self, face: Face) -> float:
        """Area less twice the squared distance from the middle, in square pixels."""
        box = face.detection.box
        off_x = (box.x1 + box.x2 - self.width_px) / 2
        off_y = (box.y1 + box.y2 - self.height_px) / 2
        return box.area - 2 * (off_x**2 + off_y**2)


def verify(
    first: Portrait, second: Portrait, policy: Policy, calibration: Calibration | None
) -> Verification:
    """Compare the main face of one photo with the main face of another.

    Raises:
        NoFace: one of the photos shows none.
        ModelMismatch: the faces were embedded by different packs.
    """
    one, other = first.main, second.main
    similarity = one.template.similarity(other.template)
    return Verification(
        similarity=similarity,
        probability=calibration.pair.probability(similarity) if calibration else None,
        decision=policy.decide(similarity),
        reasons=(policy.explain(similarity), *caveats(first, one), *caveats(second, other)),
        threshold=policy.threshold,
        first=one,
        second=other,
    )


def caveats(portrait: Portrait, chosen: Face) -> list[str]:
    """What to bear in mind about an answer that is told from one face of a photo."""
    count = len(portrait.faces)
    several = [f"of {count} faces in one photo the largest near its middle was compared"]
    poor = [f"one face is {reason.replace('_', ' ')}" for reason in chosen.quality.reasons]
    return (several if count > 1 else []) + poor
