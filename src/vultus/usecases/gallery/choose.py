"""Which face of a photo is meant, and whether its picture is good enough."""

from collections.abc import Sequence

from vultus.domain.face import Box, Face
from vultus.errors import FaceNotAtBox, NoFace, PoorQuality
from vultus.usecases.enroll import sole_face


def meant_face(faces: Sequence[Face], box: Box | None) -> Face:
    """The face that overlaps `box` most, or, without a box, the only one.

    Raises:
        NoFace: there is none.
        SeveralFaces: there are more, and no box says which is meant.
        FaceNotAtBox: no face overlaps the box.
        PoorQuality: its picture has a fault that the quality policy names.
    """
    face = sole_face(list(faces)) if box is None else _face_at(box, faces)
    if face.quality.reasons:
        raise PoorQuality(face.quality.reasons)
    return face


def _face_at(box: Box, faces: Sequence[Face]) -> Face:
    if not faces:
        raise NoFace
    nearest = max(faces, key=lambda face: face.detection.box.iou(box))
    if nearest.detection.box.iou(box) == 0:
        raise FaceNotAtBox(len(faces))
    return nearest
