"""Whether two images show one person, and the same for ready templates."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from vultus.api.candidates import Candidates
from vultus.api.compat.compreface.faces import stored_face
from vultus.api.compat.compreface.looking import Looker
from vultus.api.compat.compreface.parameters import Asked, asked_of
from vultus.api.compat.compreface.recognition import subject_shapes
from vultus.api.compat.compreface.shapes import Shape, face_shape, rounded, versions_shape
from vultus.api.compat.similarity import Kind, Scale
from vultus.api.json_body import Numbers
from vultus.domain.face import Face
from vultus.errors import SeveralFaces
from vultus.usecases.gallery.opened import OpenGallery
from vultus.usecases.gallery.templates import unit_rows
from vultus.usecases.recognizer import Recognizer


def verify(
    recognizer: Recognizer, source: bytes, target: bytes, query: Mapping[str, str], kind: Kind
) -> Shape:
    """Compare the one face of an image with each face of another.

    Raises:
        SeveralFaces: the first image shows more than one that is meant.
        NoFace: one of the images shows none.
        ImageRefused: one cannot be read.
    """
    asked, scale = asked_of(query), Scale.of(kind, recognizer)
    first, second = Looker(recognizer), Looker(recognizer)
    one = _sole(first.faces(source, asked))
    matches = [
        face_shape(face, asked, second.watch.took_ms)
        | {"similarity": rounded(scale.of_pair(one.template.similarity(face.template)))}
        for face in second.faces(target, asked)
    ]
    answer: Shape = {
        "source_image_face": face_shape(one, asked, first.watch.took_ms),
        "face_matches": matches,
    }
    return {"result": [answer | versions_shape(asked, recognizer.model)]}


def recognize_templates(
    gallery: OpenGallery, templates: Numbers, asked: Asked, kind: Kind
) -> Shape:
    """Each template with its most similar subjects.

    Raises:
        TemplateSizeMismatch, InvalidValue: they are no templates of the gallery's model.
    """
    Candidates().take(len(templates), asked.prediction_count, "prediction_count")
    found = gallery.identify_templates(templates, top_k=asked.prediction_count)
    result = [
        {
            "embedding": template.tolist(),
            "similarities": subject_shapes(identified, kind, gallery.recognizer),
        }
        for template, identified in zip(templates, found, strict=True)
    ]
    return {"result": result}


def verify_with_face(gallery: OpenGallery, image_id: str, templates: Numbers, kind: Kind) -> Shape:
    """Compare templates with an enrolled face, the most similar first.

    Raises:
        FaceNotFound: none is enrolled under that id.
        TemplateSizeMismatch, InvalidValue: as for `recognize_templates`.
    """
    enrolled = stored_face(gallery, image_id).template.vector
    return _compared(gallery.recognizer, enrolled, templates, kind)


def verify_templates(
    recognizer: Recognizer, source: Numbers, targets: Numbers, kind: Kind
) -> Shape:
    """Compare templates with another, the most similar first; errors as above."""
    return _compared(recognizer, source, targets, kind)


def _compared(recognizer: Recognizer, source: ArrayLike, targets: Numbers, kind: Kind) -> Shape:
    dim, scale = recognizer.pipeline.embedder.spec.dim, Scale.of(kind, recognizer)
    (one,) = unit_rows(source, dim)
    similarities = np.clip(unit_rows(targets, dim) @ one, -1.0, 1.0)
    result = [
        {"embedding": target.tolist(), "similarity": rounded(scale.of_pair(float(similarity)))}
        for target, similarity in zip(targets, similarities, strict=True)
    ]
    return {"result": sorted(result, key=lambda each: each["similarity"], reverse=True)}


def _sole(faces: Sequence[Face]) -> Face:
    if len(faces) > 1:
        raise SeveralFaces(len(faces))
    return faces[0]
