"""People from a folder: who is in it, and which of their photos can be used."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vultus.domain.face import Face
from vultus.domain.subject import Subject, check_name
from vultus.errors import NoFace, NoPeople, SeveralFaces, VultusError

TOLD = 5
"""So many refused photos are named when nobody was enrolled."""

Step = Callable[[int, int], None]
"""Called as (photos done, photos in all)."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A file, and the name of whom it shows: that of its folder, or its own."""

    path: Path
    name: str

    @property
    def subject(self) -> Subject:
        """Whom it shows.

        Raises:
            InvalidValue: nobody can have that name.
        """
        check_name(self.name)
        return Subject(id=self.name, name=self.name)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A photo from which a face of `subject` was taken."""

    photo: Photo
    subject: Subject
    face: Face


@dataclass(frozen=True, slots=True)
class Refused:
    """A photo that was not used, and why."""

    photo: Photo
    error: VultusError


def photos_in(folder: Path) -> list[Photo]:
    """List the photos of a folder with a folder per person, or one photo per person, or both.

    Hidden files are passed over. What is no image is listed all the same, and refused later with a
    reason.

    Raises:
        NoPeople: there is no such folder, or no file in it.
    """
    if not folder.is_dir():
        raise NoPeople(str(folder), "it is not a folder")
    found = list(_photos(folder))
    if not found:
        raise NoPeople(str(folder), "no photo is in it")
    return found


def enroll_photos(
    photos: list[Photo], faces_of: Callable[[Path], list[Face]], step: Step | None = None
) -> list[Enrolled | Refused]:
    """Take the one face of each photo; a photo that fails is refused, and the rest goes on."""
    outcomes: list[Enrolled | Refused] = []
    for photo in photos:
        outcomes.append(_enroll(photo, faces_of))
        if step is not None:
            step(len(outcomes), len(photos))
    return outcomes


def _enroll(photo: Photo, faces_of: Callable[[Path], list[Face]]) -> Enrolled | Refused:
    try:
        return Enrolled(photo, photo.subject, sole_face(faces_of(photo.path)))
    except VultusError as error:
        return Refused(photo, error)


def why_nobody(refused: Sequence[Refused]) -> str:
    """Why nobody was enrolled: the first few photos with their reasons, and how many more."""
    told = [f"{each.photo.path}: {each.error}".removesuffix(".") for each in refused[:TOLD]]
    more = [f"and {len(refused) - TOLD} more"] if len(refused) > TOLD else []
    return f"none of {len(refused)} photos can be used ({'; '.join(told + more)})"


def sole_face(faces: list[Face]) -> Face:
    """The one face of a photo, or the one whose picture nothing is wrong with.

    So a passer-by in the background, or what only resembles a face, does not spoil a portrait.

    Raises:
        NoFace: there is none.
        SeveralFaces: there are more, and nobody said which is meant.
    """
    if not faces:
        raise NoFace
    good = [face for face in faces if not face.quality.reasons]
    meant = faces if len(faces) == 1 else good
    if len(meant) != 1:
        raise SeveralFaces(len(faces))
    return meant[0]


def _photos(folder: Path) -> Iterator[Photo]:
    for entry in _visible(folder):
        if entry.is_dir():
            yield from (Photo(path, entry.name) for path in _visible(entry))
        else:
            yield Photo(entry, entry.stem)


def _visible(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
