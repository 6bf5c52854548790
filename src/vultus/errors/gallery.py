"""Galleries that cannot do what was asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from vultus.errors.base import VultusError

FEW = 5
"""So many of several subjects are named in an error."""


class GalleryError(VultusError):
    """A gallery cannot do what was asked."""

    code = "gallery_error"


@dataclass(eq=False)
class GalleryNotFound(GalleryError):
    """No gallery of that id or name."""

    code = "gallery_not_found"
    sentence = "There is no gallery {gallery!r}."
    gallery: str


@dataclass(eq=False)
class GalleryExists(GalleryError):
    """A gallery of that name is already there."""

    code = "gallery_exists"
    sentence = "There is a gallery {name!r} already. Choose another name."
    name: str


@dataclass(eq=False)
class SubjectNotFound(GalleryError):
    """No subject of that id in the gallery."""

    code = "subject_not_found"
    sentence = "There is no subject {subject!r} in the gallery {gallery!r}."
    gallery: str
    subject: str


@dataclass(eq=False)
class FaceNotFound(GalleryError):
    """No face of that id in the gallery."""

    code = "face_not_found"
    sentence = "There is no face {face!r} in the gallery {gallery!r}."
    gallery: str
    face: str


@dataclass(eq=False)
class ExternalIdTaken(GalleryError):
    """Another subject of the gallery has that external id."""

    code = "external_id_taken"
    sentence = (
        "The external id {external_id!r} belongs to the subject {subject!r} already. "
        "Use that subject, or another external id."
    )
    external_id: str
    subject: str


@dataclass(eq=False)
class VersionConflict(GalleryError):
    """Somebody else changed the subject first."""

    code = "version_conflict"
    sentence = (
        "The subject {subject!r} is at version {actual}, not {expected}: it was changed meanwhile. "
        "Read it again, then change it."
    )
    subject: str
    expected: int
    actual: int


@dataclass(eq=False)
class TemplateSizeMismatch(GalleryError):
    """A template that has more or fewer numbers than those of the gallery."""

    code = "template_size_mismatch"
    sentence = (
        "A template of {actual} numbers cannot stand in a gallery of templates of {expected}. "
        "Embed the image with the gallery's pack."
    )
    expected: int
    actual: int


@dataclass(eq=False)
class InvalidMerge(GalleryError):
    """Subjects that cannot be merged."""

    code = "invalid_merge"
    sentence = "These subjects cannot be merged into {into!r}: {problem}."
    into: str
    problem: str


@dataclass(eq=False)
class MergeNotFound(GalleryError):
    """No such merge, or its retention has passed."""

    code = "merge_not_found"
    sentence = "There is no merge {merge!r} that could be undone; it may be too long ago."
    merge: str


@dataclass(eq=False)
class MergeNotUndoable(GalleryError):
    """A merge that can be taken back no more."""

    code = "merge_not_undoable"
    sentence = "The merge {merge!r} cannot be undone: {problem}."
    merge: str
    problem: str


@dataclass(eq=False)
class RevisionPurged(GalleryError):
    """An index cannot follow its gallery from the revision where it is."""

    code = "revision_purged"
    sentence = (
        "The gallery {gallery!r} cannot be followed from revision {after}; "
        "from {since} on it can. Run: vultus index rebuild"
    )
    gallery: str
    after: int
    since: int


@dataclass(eq=False)
class SubjectAmbiguous(GalleryError):
    """Several subjects answer to what was said."""

    code = "subject_ambiguous"
    sentence = "{count} subjects answer to {subject!r}. Name the one meant by its id: {ids}."
    subject: str
    count: int
    ids: str

    @classmethod
    def among(cls, subject: str, ids: Sequence[str]) -> Self:
        """That these subjects answer to it; the first few are named."""
        return cls(subject, len(ids), ", ".join(ids[:FEW]))


@dataclass(eq=False)
class SubjectWithoutFaces(GalleryError):
    """A subject that nothing can be compared with."""

    code = "subject_without_faces"
    sentence = "The subject {subject!r} has no face to compare with. Enroll a photo first."
    subject: str


@dataclass(eq=False)
class GalleryModelMismatch(GalleryError):
    """The pack at hand did not make the templates of the gallery."""

    code = "gallery_model_mismatch"
    sentence = (
        "The templates of the gallery {gallery!r} were made by {theirs}, and the pack at hand is "
        "{ours}; they cannot be compared. Use the gallery's pack, or embed the photos again, into "
        "a new gallery. Run: vultus enroll --gallery NEW --pack {pack} --folder PHOTOS"
    )
    gallery: str
    theirs: str
    ours: str
    pack: str
