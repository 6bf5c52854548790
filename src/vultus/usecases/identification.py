"""1:N: who a face is, told from its most similar subjects."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.domain.candidate import Candidate
from vultus.domain.face import Face
from vultus.domain.gallery import SubjectTemplates
from vultus.domain.subject import Subject
from vultus.domain.template import ModelId
from vultus.errors import InvalidValue
from vultus.matching.calibration import SearchProbabilities
from vultus.matching.policy import Decision, Policy
from vultus.matching.subjects import most_similar_face, subject_similarities
from vultus.matching.thresholds import Threshold


@dataclass(frozen=True, slots=True)
class Identification:
    """Who a probe is, by the rule of `policy`. `candidates` come best first."""

    candidates: tuple[Candidate, ...]
    policy: Policy

    @property
    def best(self) -> Candidate | None:
        """The most similar subject, match or not; None when nobody is enrolled."""
        return self.candidates[0] if self.candidates else None

    @property
    def subject(self) -> Subject | None:
        """Who it is; None unless `decision` is a match."""
        return self.best.subject if self.best and self.decision is Decision.MATCH else None

    @property
    def similarity(self) -> float | None:
        """That of the best candidate."""
        return self.best.similarity if self.best else None

    @property
    def probability(self) -> float | None:
        """That of the best candidate; None also while the pack carries no calibration."""
        return self.best.probability if self.best else None

    @property
    def decision(self) -> Decision:
        """Match, uncertain or unknown."""
        return self.policy.decide(self.best.similarity) if self.best else Decision.UNKNOWN

    @property
    def reason(self) -> str:
        """Why, as a sentence for people."""
        return self.policy.explain(self.best.similarity) if self.best else "nobody is enrolled"

    @property
    def threshold(self) -> Threshold:
        """The similarity that makes a match."""
        return self.policy.threshold


@dataclass(frozen=True, slots=True)
class IdentifiedFace(Identification):
    """Who a face of an image is."""

    face: Face

    @property
    def model(self) -> ModelId:
        """What made the face's template."""
        return self.face.template.model


def check_top_k(k: object) -> None:
    """Refuse a number of candidates that cannot be asked for.

    Raises:
        InvalidValue: it is no whole number, or below 1.
    """
    if not isinstance(k, int | np.integer) or isinstance(k, bool):
        raise InvalidValue("top_k", f"a whole number is needed, got {k!r}")
    if k < 1:
        raise InvalidValue("top_k", "at least one candidate must be asked for")


def rank(
    probes: NDArray[np.float32],
    templates: SubjectTemplates,
    k: int,
    probabilities: SearchProbabilities | None,
) -> list[tuple[Candidate, ...]]:
    """Give the `k` most similar subjects of each of (Q, D) unit rows, best first.

    Without `probabilities` no candidate has a probability.

    Raises:
        InvalidValue: `k` is no whole number above 0.
    """
    check_top_k(k)
    similarities = subject_similarities(probes, templates)
    # A stable sort of the negated values: ties go to the subject that comes first.
    order = np.argsort(-similarities, axis=1, kind="stable")[:, :k]

    def candidates(row: int, best: list[int]) -> Iterator[Candidate]:
        reached = similarities[row, best].tolist()
        said = probabilities.ranked(reached) if probabilities else [None] * len(best)
        for subject, similarity, probability in zip(best, reached, said, strict=True):
            yield Candidate(
                subject=templates.subjects[subject],
                similarity=similarity,
                probability=probability,
                face_id=most_similar_face(probes[row], templates, subject),
            )

    return [tuple(candidates(row, best)) for row, best in enumerate(order.tolist())]
