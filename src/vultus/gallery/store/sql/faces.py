"""Faces in SQL: read, delete, move."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select, update

from vultus.domain.changes import NewSubject
from vultus.domain.gallery import GalleryFace
from vultus.errors import FaceNotFound, InvalidValue
from vultus.gallery.store.requests import KnownFace
from vultus.gallery.store.sql.database import Database
from vultus.gallery.store.sql.sources import known_sources
from vultus.gallery.store.sql.subjects import create, live_subject, touch
from vultus.gallery.store.sql.tables import faces
from vultus.gallery.store.sql.transaction import GalleryRow, Write
from vultus.gallery.store.sql.values import FACE, face_of, model_of

LIVE = faces.c.deleted_at.is_(None)


def of_subject(
    connection: Connection, gallery: GalleryRow, subject_id: str
) -> tuple[GalleryFace, ...]:
    """Read the faces of a subject in the order they were added."""
    subject = live_subject(connection, gallery, subject_id)
    own = FACE.where(faces.c.subject_key == subject.key, LIVE).order_by(faces.c.key)
    model = model_of(gallery)
    return tuple(face_of(row, model) for row in connection.execute(own))


def read(connection: Connection, gallery: GalleryRow, face_id: str) -> GalleryFace:
    """Read a face by its id; errors as for `live_face`."""
    return face_of(live_face(connection, gallery, face_id), model_of(gallery))


def live_face(connection: Connection, gallery: GalleryRow, face_id: str) -> Row[Any]:
    """Read the row of a face, with the id of its subject.

    Raises:
        FaceNotFound: there is no live face of that id in the gallery.
    """
    meant = FACE.where(faces.c.gallery_key == gallery.key, faces.c.id == face_id, LIVE)
    row = connection.execute(meant).one_or_none()
    if row is None:
        raise FaceNotFound(gallery.id, face_id)
    return row


def by_source(
    database: Database, connection: Connection, gallery: GalleryRow, digests: Sequence[str]
) -> Mapping[str, tuple[KnownFace, ...]]:
    """Find the faces that were made from images of these digests, by digest."""
    found: defaultdict[str, list[KnownFace]] = defaultdict(list)
    for row in known_sources(database, connection, gallery, digests):
        found[row.source_digest].append(KnownFace(row.face_id, row.subject_id))
    return {digest: tuple(known) for digest, known in found.items()}


def delete(write: Write, face_id: str) -> None:
    """Mark a face as deleted; errors as for `live_face`."""
    row = live_face(write.connection, write.gallery, face_id)
    _mark(write, [row.key], deleted_at=write.at)
    touch(write, [row.subject_key])
    write.note("face.deleted", row.subject_id, face=face_id)


def move(write: Write, face_ids: Sequence[str], subject: NewSubject | str) -> str:
    """Move faces to a subject that stands or is new, and give its id.

    Raises:
        InvalidValue: no faces are named.
        FaceNotFound, SubjectNotFound, ExternalIdTaken.
    """
    if not face_ids:
        raise InvalidValue("faces", "there are none")
    rows = [live_face(write.connection, write.gallery, face_id) for face_id in set(face_ids)]
    if isinstance(subject, str):
        target = live_subject(write.connection, write.gallery, subject)
    else:
        target = create(write, subject)
        write.note("subject.created", target.id, faces=len(rows))
    moving = [row for row in rows if row.subject_key != target.key]
    hand_over(write, moving, target.key)
    if moving:
        receiver = [target.key] if isinstance(subject, str) else []
        touch(write, [*(row.subject_key for row in moving), *receiver])
    for giver in sorted({row.subject_id for row in moving}):
        moved = [row.id for row in moving if row.subject_id == giver]
        write.note("faces.moved", giver, faces=sorted(moved), to=target.id)
    return str(target.id)


def hand_over(write: Write, rows: Sequence[Row[Any]], subject_key: int) -> list[Row[Any]]:
    """Let faces belong to a subject; those it has already by their source are deleted instead.

    Gives the rows of those that were moved. Rows need `key` and `source_digest`.
    """
    own = select(faces.c.source_digest).where(faces.c.subject_key == subject_key, LIVE)
    there = set(write.connection.execute(own).scalars()) - {None}
    moved: list[Row[Any]] = []
    doubled: list[Row[Any]] = []
    for row in rows:
        (doubled if row.source_digest in there else moved).append(row)
        there |= {row.source_digest} - {None}
    _mark(write, [row.key for row in doubled], deleted_at=write.at)
    _mark(write, [row.key for row in moved], subject_key=subject_key)
    return moved


def _mark(write: Write, keys: Sequence[int], **values: Any) -> None:
    meant = update(faces).where(write.database.one_of(faces.c.key, keys))
    write.connection.execute(meant.values(revision=write.revision, **values))
