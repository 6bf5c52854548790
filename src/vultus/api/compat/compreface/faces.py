"""Examples of subjects, as CompreFace calls enrolled faces."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from vultus.api.compat.compreface.looking import Looker
from vultus.api.compat.compreface.parameters import asked_of, page_of
from vultus.api.compat.compreface.shapes import Shape, face_id, image_id
from vultus.domain.face import Box
from vultus.domain.gallery import Enrollment, GalleryFace
from vultus.domain.outcome import Refused
from vultus.errors import FaceNotFound, SeveralFaces, SubjectNotFound
from vultus.usecases.gallery.naming import everybody, whom
from vultus.usecases.gallery.opened import OpenGallery


def add_face(gallery: OpenGallery, image: bytes, name: str, query: Mapping[str, str]) -> Shape:
    """Enroll the one face of an image; a subject that is not there yet is created.

    Raises:
        VultusError: why the image was refused.
    """
    subject = whom(gallery, name)
    (outcome,) = gallery.enroll(subject, image, box=_certain(gallery, image, query))
    if isinstance(outcome, Refused):
        raise outcome.error
    return {"image_id": image_id(outcome.face_id), "subject": outcome.subject.name}


def list_faces(gallery: OpenGallery, query: Mapping[str, str]) -> Shape:
    """A page of all faces, or of one subject's."""
    number, size = page_of(query)
    name = query.get("subject", "")
    meant: Iterable[Enrollment] = everybody(gallery)
    total = gallery.counts.faces
    if name:
        meant = called = _called(gallery, name)
        total = sum(each.face_count for each in called)
    return {
        "faces": list(_window(gallery, meant, number * size, size)),
        "page_number": number,
        "page_size": size,
        "total_pages": -(-total // size),
        "total_elements": total,
    }


def delete_faces(gallery: OpenGallery, name: str) -> Shape:
    """Delete a subject with all faces, or without a name everybody, and count the faces."""
    if not name:
        faces = gallery.counts.faces
        gallery.delete_all_subjects()
        return {"deleted": faces}
    called = _called(gallery, name)
    for each in called:
        gallery.delete_subject(each.subject)
    return {"deleted": sum(each.face_count for each in called)}


def delete_face(gallery: OpenGallery, image: str) -> Shape:
    """Delete one face; its subject stays.

    Raises:
        FaceNotFound: there is none of that id.
    """
    face = stored_face(gallery, image)
    shape = {"image_id": image_id(face.id), "subject": name_of(gallery, face)}
    gallery.delete_face(face.id)
    return shape


def delete_several(gallery: OpenGallery, images: Sequence[str]) -> list[Shape]:
    """Delete faces, and name those that were there."""
    deleted = []
    for image in images:
        try:
            deleted.append(delete_face(gallery, image))
        except (FaceNotFound, SubjectNotFound):
            # Somebody else was faster, or it never was: CompreFace says nothing of it.
            continue
    return deleted


def picture(gallery: OpenGallery, image: str) -> bytes:
    """The picture that is kept of a face, as JPEG; nothing where none is kept."""
    try:
        return gallery.crop(stored_face(gallery, image).id) or b""
    except FaceNotFound:
        return b""


def stored_face(gallery: OpenGallery, image: str) -> GalleryFace:
    """An enrolled face by CompreFace's id of it.

    Raises:
        FaceNotFound: there is none of that id.
    """
    known = face_id(image)
    if known is None:
        raise FaceNotFound(gallery.id, image)
    return gallery.face(known)


def name_of(gallery: OpenGallery, face: GalleryFace) -> str:
    """Whose face it is."""
    return gallery.subject(face.subject_id).subject.name


def _certain(gallery: OpenGallery, image: bytes, query: Mapping[str, str]) -> Box | None:
    """Where the one face is that is certain enough, if the client says how certain it must be."""
    asked = asked_of(query)
    if not asked.det_prob_threshold:
        return None
    found = Looker(gallery.recognizer).detected(image, asked)
    if len(found) > 1:
        raise SeveralFaces(len(found))
    return found[0].detection.box


def _called(gallery: OpenGallery, name: str) -> list[Enrollment]:
    try:
        return [gallery.subject(name)]
    except SubjectNotFound:
        return []


def _window(
    gallery: OpenGallery, subjects: Iterable[Enrollment], start: int, size: int
) -> Iterator[Shape]:
    """The faces from number `start` on; those of subjects before and after are not read."""
    left = size
    for each in subjects:
        if start >= each.face_count:
            start -= each.face_count
            continue
        faces = gallery.faces(each.subject)[start : start + left]
        start, left = 0, left - len(faces)
        for face in faces:
            yield {"image_id": image_id(face.id), "subject": each.subject.name}
        if not left:
            return
