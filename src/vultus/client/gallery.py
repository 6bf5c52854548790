"""One gallery of a server: the methods of the library's `OpenGallery`.

Long, because every method says what it takes; each is a request or two, and the answer read.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from numpy.typing import ArrayLike

from vultus.client.answer import understood
from vultus.client.archives import written_to
from vultus.client.asking import changed, corners, flags, new, rows, version, wanted
from vultus.client.connection import Call, Connection, Json
from vultus.client.pages import every, fits_in_an_address, one_page, place
from vultus.client.reading import faces as reading_faces
from vultus.client.reading import subjects as reading
from vultus.client.reading import upkeep as reading_upkeep
from vultus.client.reading.faces import faces_of
from vultus.client.reading.outcomes import outcome, template_update
from vultus.client.upload import ImageFile, Photo, name_of, path_of
from vultus.client.values import (
    CheckedIndex,
    EnrolledFace,
    Identification,
    IdentifiedFace,
    IndexStatus,
    SubjectVerification,
    TemplateUpdate,
)
from vultus.domain.changes import NewSubject, SubjectChange
from vultus.domain.face import Box
from vultus.domain.gallery import (
    Duplicate,
    Enrollment,
    Gallery,
    GalleryCounts,
    Merge,
    ThresholdPolicy,
)
from vultus.domain.outcome import REFUSALS, Outcome, Refused
from vultus.domain.page import Page
from vultus.domain.subject import NOTHING, Attributes, Subject
from vultus.errors import (
    BodyTooLarge,
    ImageRefused,
    InvalidValue,
    NoFace,
    SubjectAmbiguous,
    SubjectNotFound,
)

T = TypeVar("T")
PAGE = 200
"""Subjects of a page, where all of them are wanted."""
FEW = 5
"""So many of several subjects are named in an error."""

Said = str | Subject
"""A subject; as text its id, its external id, or its whole name."""


@dataclass(frozen=True, slots=True)
class ServerGallery:
    """One gallery of a server. Safe between threads.

    Errors as for `Client`. A method that takes a subject raises SubjectNotFound when nobody answers
    to what is said, and SubjectAmbiguous when several do. Every method raises GalleryNotFound when
    the gallery was deleted meanwhile.
    """

    opened: Gallery
    connection: Connection
    max_image_bytes: int

    @property
    def id(self) -> str:
        """Its id, which never changes."""
        return self.opened.id

    @property
    def info(self) -> Gallery:
        """The gallery as it is now."""
        return self._ask(Call("GET", self._at()), reading.gallery)

    @property
    def counts(self) -> GalleryCounts:
        """How many subjects and faces it has now."""
        return self._ask(Call("GET", self._at()), reading.counts)

    # Enrolling

    def enroll(
        self,
        subject: Said | NewSubject,
        images: ImageFile | Sequence[ImageFile],
        *,
        box: Box | None = None,
        face_only: bool = False,
    ) -> list[Outcome]:
        """Enroll the one face of each image as a face of a subject.

        Args:
            subject: one of the gallery, or else the name of a new one, or all that is known of it.
            images: paths, or bytes of files.
            box: which of several faces is meant, in pixels of the file: the one that overlaps most.
            face_only: take each whole image as one face and look for none.

        Returns:
            An outcome for each image: enrolled, already there, or refused with the reason. The
            others are not touched by one that is refused.
        """
        whom = self.whom(subject)
        return [
            self._enrolled(name_of(image), whom, image, box, face_only=face_only)
            for image in _several(images)
        ]

    def whom(self, said: Said | NewSubject) -> NewSubject | str:
        """The id of a subject of the gallery, or else what is known of a new one."""
        if isinstance(said, NewSubject):
            return said
        try:
            return self.subject(said).subject.id
        except SubjectNotFound:
            return NewSubject(str(said))

    def enroll_photos(
        self, photos: Iterable[Photo], *, face_only: bool = False
    ) -> Iterator[Outcome]:
        """Enroll photos one by one; each is durable when its outcome is given.

        The same photos can be enrolled again after an interruption: those that are there already
        are recognised by their bytes.
        """
        for photo in photos:
            try:
                image = _bytes(photo.read(self.max_image_bytes))
            except REFUSALS as error:
                yield Refused(photo.name, error)
                continue
            yield self._enrolled(photo.name, photo.subject, image, photo.box, face_only=face_only)

    def update_template(
        self,
        subject: Said,
        images: ImageFile | Sequence[ImageFile],
        *,
        box: Box | None = None,
        face_only: bool = False,
    ) -> TemplateUpdate:
        """Fold the faces of new images into the subject's running mean, a face of its own.

        It needs none of the old images, replaces nothing, and counts each image once.
        """
        at, query = self._of(subject, "template"), flags(box=corners(box), face_only=face_only)
        mean: EnrolledFace | None = None
        refused: list[Refused] = []
        for image in _several(images):
            update = self._updated(at, image, query)
            mean = update.mean or mean
            refused += update.refused
        return TemplateUpdate(mean, tuple(refused))

    def update_template_with(self, subject: Said, vectors: ArrayLike) -> EnrolledFace:
        """The same for ready templates of the gallery's model, (N, D) or (D,) numbers.

        Raises:
            TemplateSizeMismatch: they have not as many numbers as the gallery's.
            InvalidValue: a number is not finite, or a template is zero.
        """
        at = self._of(subject, "template")
        call = Call("PUT", at, said={"templates": rows(vectors)})
        return self._write(call, lambda answer: reading_faces.enrolled_face(answer["mean"]))

    # Asking

    def identify(
        self, image: ImageFile, *, top_k: int = 3, face_only: bool = False
    ) -> list[IdentifiedFace]:
        """Name each face of an image, with its `top_k` most similar subjects.

        Raises:
            ThresholdMissing: neither the server's pack nor a setting of it names a threshold.
            ImageRefused: the image cannot be read.
        """
        query = flags(top_k=top_k, face_only=face_only)
        call = Call("POST", self._at("identify"), query=query, images=(image,))
        return self._ask(call, lambda answer: faces_of(answer, reading_faces.identified_face))

    def identify_templates(self, vectors: ArrayLike, *, top_k: int = 3) -> list[Identification]:
        """Name each of (N, D) ready templates of the gallery's model, in one batch.

        Raises:
            TemplateSizeMismatch, InvalidValue: as for `update_template_with`.
            ThresholdMissing: as for `identify`.
        """
        said = {"templates": rows(vectors)}
        call = Call("POST", self._at("search"), query=flags(top_k=top_k), said=said)
        return self._ask(call, lambda answer: _each(answer, reading_faces.identification))

    def verify(
        self, image: ImageFile, subject: Said, *, face_only: bool = False
    ) -> SubjectVerification:
        """Say whether the main face of an image is a subject's.

        Raises:
            NoFace: the image shows none.
            SubjectWithoutFaces: there is nothing to compare with.
            ThresholdMissing, ImageRefused: as for `identify`.
        """
        query = flags(gallery=self.id, subject=_said(subject), face_only=face_only)
        call = Call("POST", "/v1/verify", query=query, images=(image,))
        try:
            return self._ask(call, reading_faces.subject_verification)
        except (ImageRefused, NoFace) as error:
            error.about(path_of(image))
            raise

    # Browsing

    def subjects(
        self,
        text: str = "",
        attributes: Attributes = NOTHING,
        *,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Enrollment]:
        """List subjects in stable order, page by page.

        Args:
            text: every word begins a word of name, external id or attributes; near misses follow.
            attributes: these must equal; a number, true, false or null may also stand there as
                text, as from a CSV file.
            cursor: where the page before ended.
            limit: most subjects of a page.

        Raises:
            InvalidValue: the limit is below 1, or the cursor is none of this query.
        """
        call = self._list(text, attributes, limit)
        return one_page(self.connection, call, self._enrollment, cursor)

    def all_subjects(
        self, text: str = "", attributes: Attributes = NOTHING
    ) -> Iterator[Enrollment]:
        """The same without an end: pages are asked for as they are come to."""
        return every(self.connection, self._list(text, attributes, PAGE), self._enrollment)

    def subject(self, said: Said) -> Enrollment:
        """Find a subject."""
        return self._ask(Call("GET", self._of(said)), self._enrollment)

    def faces(self, subject: Said) -> tuple[EnrolledFace, ...]:
        """List the faces of a subject in the order they were added."""
        call = Call("GET", self._of(subject, "faces"))
        return tuple(every(self.connection, call, reading_faces.enrolled_face))

    def duplicates(
        self,
        least: float | None = None,
        *,
        limit: int = 100,
        step: Callable[[int], None] | None = None,
    ) -> list[Duplicate]:
        """List pairs of subjects that look like one person, most similar first.

        Args:
            least: lowest cosine of a pair; None takes the threshold of a match.
            limit: most pairs.
            step: not told anything: a server answers when it is done.

        Raises:
            ThresholdMissing: `least` is None, and nobody names a threshold.
        """
        query = flags(limit=min(limit, PAGE), least=least)
        call = Call("GET", self._at("duplicates"), query=query)
        return list(islice(every(self.connection, call, reading.duplicate), limit))

    # Changing

    def add_subject(self, subject: NewSubject) -> Enrollment:
        """Create a subject without faces.

        Raises:
            ExternalIdTaken: another subject has its external id.
        """
        call = Call("POST", self._at("subjects"), said=new(subject))
        return self._write(call, self._enrollment)

    def change_subject(
        self, subject: Said, change: SubjectChange, *, expected_version: int | None = None
    ) -> Enrollment:
        """Rename a subject, or change what is known of it.

        Raises:
            VersionConflict: its version is not the expected one: somebody else changed it.
            ExternalIdTaken: another subject has the new external id.
        """
        at, headers = self._of(subject), version(expected_version)
        call = Call("PATCH", at, said=changed(change), headers=headers)
        return self._write(call, self._enrollment)

    def delete_subject(self, subject: Said, *, expected_version: int | None = None) -> None:
        """Delete a subject with its faces; until a purge it can be restored.

        Raises:
            VersionConflict: its version is not the expected one: somebody else changed it.
        """
        at, headers = self._of(subject), version(expected_version)
        self.connection.write(Call("DELETE", at, headers=headers))

    def restore_subject(self, subject_id: str) -> Enrollment:
        """Take back a deletion: the subject returns with the faces that went with it.

        Raises:
            SubjectNotFound: it never was, it is gone for good, or it was merged.
            ExternalIdTaken: its external id went to another subject meanwhile.
        """
        call = Call("POST", self._at("subjects", f"{subject_id}:restore"))
        return self._write(call, self._enrollment)

    def delete_all_subjects(self) -> int:
        """Delete every subject, and say how many there were."""
        call = Call("DELETE", self._at("subjects"), query={"confirm": self.info.name})
        return self._write(call, lambda answer: int(answer["subjects"]))

    def set_policy(self, policy: ThresholdPolicy | None) -> Gallery:
        """Say how the threshold of searches follows the size; None leaves it to the settings."""
        said = {"kind": policy.kind, "fpir": policy.fpir} if policy else None
        return self._write(Call("PATCH", self._at(), said={"policy": said}), reading.gallery)

    def delete_face(self, face_id: str) -> None:
        """Delete one face; its subject stays.

        Raises:
            FaceNotFound: there is none of that id.
        """
        self.connection.write(Call("DELETE", self._at("faces", face_id)))

    def merge(self, into: Said, *others: Said) -> Merge:
        """Make one subject of several; the first keeps its name, external id and attributes.

        Raises:
            InvalidMerge: a subject is named twice, or there are no others.
        """
        said = {"into": _said(into), "others": [_said(other) for other in others]}
        return self._write(Call("POST", self._at("subjects:merge"), said=said), reading.merge)

    def undo_merge(self, merge_id: str) -> tuple[Enrollment, ...]:
        """Take back a merge, and give the subjects that returned.

        Raises:
            MergeNotFound: there is no such merge, or its retention has passed.
            MergeNotUndoable: it is undone already, or the subject merged into is gone.
            ExternalIdTaken: an external id of theirs went to another subject meanwhile.
        """
        call = Call("POST", self._at("merges", f"{merge_id}:undo"))
        return tuple(self._write(call, lambda answer: _each(answer, self._enrollment)))

    def merges(self) -> tuple[Merge, ...]:
        """List the merges that can be undone, the newest first."""
        return tuple(every(self.connection, Call("GET", self._at("merges")), reading.merge))

    def split(self, face_ids: Sequence[str], to: Said) -> Enrollment:
        """Move faces to another subject, or split them off into a new one, and give that subject.

        Raises:
            FaceNotFound: there is no face of one of the ids.
        """
        said = {"faces": list(face_ids), "to": _said(to)}
        return self._write(Call("POST", self._at("faces:move"), said=said), self._enrollment)

    # Upkeep

    def export(self, target: str | Path, step: Callable[[int, int], None] | None = None) -> int:
        """Write the gallery to one archive; say how many subjects it has.

        Args:
            target: a path; the archive is there when it is whole, and not before.
            step: not told anything: a server sends when it is done.

        Raises:
            ArchiveUnwritable: it cannot be written there; nothing of it is kept.
        """
        with written_to(Path(target)) as file:
            headers = self.connection.fetch(Call("GET", self._at("archive"), long=True), file)
            with understood(self.connection.server):
                return int(headers["vultus-subjects"])

    def index_status(self) -> IndexStatus:
        """How large the server's index is, and how many changes behind."""
        return self._ask(Call("GET", self._at("index")), reading_upkeep.index_status)

    def rebuild_index(self) -> IndexStatus:
        """Make the server's index anew from nothing but its store, and say how it is."""
        call = Call("POST", self._at("index:rebuild"), long=True)
        return self._ask(call, reading_upkeep.index_status)

    def check_index(self) -> CheckedIndex:
        """Compare the server's index with its store, face by face."""
        call = Call("POST", self._at("index:check"), long=True)
        return self._ask(call, reading_upkeep.checked_index)

    def _enrolled(
        self,
        photo: str,
        whom: NewSubject | str,
        image: ImageFile,
        box: Box | None,
        *,
        face_only: bool,
    ) -> Outcome:
        query = flags(box=corners(box), face_only=face_only)
        if isinstance(whom, NewSubject):
            at, said = self._at("faces"), {"subject": new(whom)}
        else:
            at, said = self._at("subjects", whom, "faces"), None

        def read(answer: Json) -> Outcome:
            (became,) = answer["images"]
            return outcome(became, photo, self.connection.server)

        try:
            return self._write(Call("POST", at, query=query, said=said, images=(image,)), read)
        except (*REFUSALS, BodyTooLarge) as error:
            return Refused(photo, error)

    def _updated(self, at: str, image: ImageFile, query: dict[str, str]) -> TemplateUpdate:
        call = Call("PUT", at, query=query, images=(image,))

        def read(answer: Json) -> TemplateUpdate:
            return template_update(answer, name_of(image), self.connection.server)

        try:
            return self._write(call, read)
        except (ImageRefused, BodyTooLarge) as error:
            return TemplateUpdate(None, (Refused(name_of(image), error),))

    def _ask(self, call: Call, read: Callable[[Json], T]) -> T:
        answer = self.connection.ask(call)
        with understood(self.connection.server):
            return read(answer)

    def _write(self, call: Call, read: Callable[[Json], T]) -> T:
        answer = self.connection.write(call)
        with understood(self.connection.server):
            return read(answer)

    def _at(self, *names: str) -> str:
        return place("galleries", self.id, *names)

    def _of(self, subject: Said, *names: str) -> str:
        return self._at("subjects", self._in_an_address(_said(subject)), *names)

    def _in_an_address(self, said: str) -> str:
        """What is said of a subject, or its id where an address cannot carry what is said."""
        if fits_in_an_address(said):
            return said
        found = [each.subject for each in self.all_subjects(said)] if said else []
        ids = [each.id for each in found if said in (each.name, each.external_id)]
        if not ids:
            raise SubjectNotFound(self.id, said)
        if len(ids) > 1:
            raise SubjectAmbiguous(said, len(ids), ", ".join(ids[:FEW]))
        return ids[0]

    def _list(self, text: str, attributes: Attributes, limit: int) -> Call:
        query = flags(q=text, limit=limit) | wanted(attributes)
        return Call("GET", self._at("subjects"), query=query)

    def _enrollment(self, json: Json) -> Enrollment:
        return reading.enrollment(json, self.id)


def _said(subject: Said) -> str:
    return subject.id if isinstance(subject, Subject) else subject


def _several(images: ImageFile | Sequence[ImageFile]) -> Sequence[ImageFile]:
    return images if isinstance(images, list | tuple) else [images]  # type: ignore[list-item]


def _each(answer: Json, read: Callable[[Json], T]) -> list[T]:
    return [read(item) for item in answer["items"]]


def _bytes(content: object) -> bytes:
    if isinstance(content, bytes):
        return content
    raise InvalidValue("image", "a server takes the bytes of a file, no pixels")
