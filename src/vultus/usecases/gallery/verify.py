"""1:1: is this the subject that it is said to be?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vultus.domain.face import Face
from vultus.domain.gallery import GalleryFace, SubjectTemplates
from vultus.domain.subject import Subject
from vultus.domain.template import ModelId
from vultus.errors import ModelMismatch, SubjectWithoutFaces
from vultus.matching.calibration import Calibration
from vultus.matching.policy import Policy
from vultus.matching.subjects import most_similar_face, subject_similarities
from vultus.usecases.verify import Comparison, Portrait, caveats


@dataclass(frozen=True, slots=True)
class SubjectVerification(Comparison):
    """The answer to whether a photo shows `subject`, told from its main face.

    `similarity` is as `subject_similarities` gives it; `face_id` names the subject's most similar
    face.
    """

    subject: Subject
    face: Face
    face_id: str

    @property
    def model(self) -> ModelId:
        """What made the templates."""
        return self.face.template.model


def verify_subject(
    portrait: Portrait,
    subject: Subject,
    enrolled: Sequence[GalleryFace],
    policy: Policy,
    calibration: Calibration | None,
) -> SubjectVerification:
    """Compare the main face of a photo with the enrolled faces of a subject.

    Raises:
        NoFace: the photo shows none.
        SubjectWithoutFaces: there is nothing to compare with.
        ModelMismatch: the faces were embedded by another pack.
    """
    probe = portrait.main
    if not enrolled:
        raise SubjectWithoutFaces(subject.id)
    if probe.template.model != enrolled[0].template.model:
        raise ModelMismatch(str(probe.template.model), str(enrolled[0].template.model))
    templates = _templates(subject, enrolled)
    vector = probe.template.vector
    similarity = float(subject_similarities(vector[np.newaxis], templates)[0, 0])
    return SubjectVerification(
        subject=subject,
        similarity=similarity,
        probability=calibration.pair.probability(similarity) if calibration else None,
        decision=policy.decide(similarity),
        reasons=(policy.explain(similarity), *caveats(portrait, probe)),
        threshold=policy.threshold,
        face=probe,
        face_id=most_similar_face(vector, templates, 0),
    )


def _templates(subject: Subject, faces: Sequence[GalleryFace]) -> SubjectTemplates:
    return SubjectTemplates(
        subjects=(subject,),
        starts=np.array([0]),
        face_ids=tuple(face.id for face in faces),
        vectors=np.array([face.template.vector for face in faces]),
        resultants=np.array([face.resultant for face in faces], np.float32),
    )
