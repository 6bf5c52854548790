"""Who the faces of an image are, and whether they are one that is enrolled."""

from collections.abc import Mapping

from vultus.api.candidates import Candidates
from vultus.api.compat.compreface.faces import name_of, stored_face
from vultus.api.compat.compreface.looking import Looker
from vultus.api.compat.compreface.parameters import asked_of
from vultus.api.compat.compreface.shapes import Shape, face_shape, rounded, versions_shape
from vultus.api.compat.similarity import Kind, Scale
from vultus.usecases.gallery.opened import OpenGallery
from vultus.usecases.identification import Identification
from vultus.usecases.recognizer import Recognizer


def recognize(gallery: OpenGallery, image: bytes, query: Mapping[str, str], kind: Kind) -> Shape:
    """Each face with its most similar subjects, however similar they are: the client decides.

    Raises:
        NoFace: the image shows none that is meant.
        ImageRefused: it cannot be read.
    """
    asked, looker = asked_of(query), Looker(gallery.recognizer)
    faces = looker.faces(image, asked)
    Candidates().take(len(faces), asked.prediction_count, "prediction_count")
    found = gallery.identify_faces(faces, top_k=asked.prediction_count)
    result = [
        face_shape(face, asked, looker.watch.took_ms)
        | {"subjects": subject_shapes(identified, kind, gallery.recognizer)}
        for face, identified in zip(faces, found, strict=True)
    ]
    return {"result": result} | versions_shape(asked, gallery.recognizer.model)


def verify_face(
    gallery: OpenGallery, image_id: str, image: bytes, query: Mapping[str, str], kind: Kind
) -> Shape:
    """Each face of an image, compared with an enrolled one.

    Raises:
        FaceNotFound: none is enrolled under that id.
        NoFace, ImageRefused: as for `recognize`.
    """
    enrolled = stored_face(gallery, image_id)
    asked, looker = asked_of(query), Looker(gallery.recognizer)
    name, scale = name_of(gallery, enrolled), Scale.of(kind, gallery.recognizer)
    result = [
        face_shape(face, asked, looker.watch.took_ms)
        | {
            "subject": name,
            "similarity": rounded(scale.of_pair(face.template.similarity(enrolled.template))),
        }
        for face in looker.faces(image, asked)
    ]
    return {"result": result} | versions_shape(asked, gallery.recognizer.model)


def detect(recognizer: Recognizer, image: bytes, query: Mapping[str, str]) -> Shape:
    """Each face of an image; errors as for `recognize`."""
    asked, looker = asked_of(query), Looker(recognizer)
    faces = looker.detected(image, asked)
    result = [face_shape(face, asked, looker.watch.took_ms) for face in faces]
    return {"result": result} | versions_shape(asked, recognizer.model)


def subject_shapes(found: Identification, kind: Kind, recognizer: Recognizer) -> list[Shape]:
    """The subjects that a face may be, best first."""
    scale = Scale.of(kind, recognizer, found.policy)
    return [
        {"subject": each.subject.name, "similarity": rounded(scale.of_candidate(each))}
        for each in found.candidates
    ]
