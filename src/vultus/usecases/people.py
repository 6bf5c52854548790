"""1:N among the people of a folder: a gallery in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vultus.domain.candidate import Candidate
from vultus.domain.gallery import SubjectTemplates
from vultus.domain.subject import Subject
from vultus.domain.template import ModelId, Template
from vultus.errors import ModelMismatch, NoPeople
from vultus.matching.calibration import SearchProbabilities
from vultus.usecases.identification import rank


@dataclass(frozen=True, slots=True)
class Likeness:
    """A template of a subject; `face_id` names what it was made from, as the path of a photo."""

    subject: Subject
    face_id: str
    template: Template


class Roll:
    """Templates of enrolled subjects, searched by comparing with all of them."""

    def __init__(self, enrolled: Sequence[Likeness]) -> None:
        """Hold `enrolled`, any number of templates per subject, all of one model.

        Raises:
            NoPeople: there are none.
            ModelMismatch: they come from different models.
        """
        self.model = _sole_model([each.template for each in enrolled])
        by_subject: dict[Subject, list[Likeness]] = {}
        for each in sorted(enrolled, key=lambda each: each.subject.name):
            by_subject.setdefault(each.subject, []).append(each)
        ordered = [each for own in by_subject.values() for each in own]
        sizes = [len(own) for own in by_subject.values()]
        self._templates = SubjectTemplates(
            subjects=tuple(by_subject),
            starts=np.cumsum([0, *sizes[:-1]]),
            face_ids=tuple(each.face_id for each in ordered),
            vectors=np.array([each.template.vector for each in ordered]),
            resultants=np.ones(len(ordered), np.float32),
        )

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """Everybody, by name."""
        return self._templates.subjects

    def candidates(
        self, probe: Template, k: int, probabilities: SearchProbabilities | None
    ) -> tuple[Candidate, ...]:
        """Give the `k` most similar subjects, best first; ties go to the name that comes first.

        Raises:
            ModelMismatch: the probe is of another model.
        """
        if probe.model != self.model:
            raise ModelMismatch(str(probe.model), str(self.model))
        (ranked,) = rank(probe.vector[np.newaxis], self._templates, k, probabilities)
        return ranked


def _sole_model(templates: Sequence[Template]) -> ModelId:
    if not templates:
        raise NoPeople("the given templates", "there are none")
    first = templates[0].model
    for template in templates:
        if template.model != first:
            raise ModelMismatch(str(first), str(template.model))
    return first
