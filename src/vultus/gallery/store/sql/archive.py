"""Galleries on their way out and in."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, Table, select

from vultus.domain.gallery import EnrolledSubject, GalleryFace
from vultus.errors import ExternalIdTaken
from vultus.gallery.store.sql.enrolling import check_templates, insert_faces
from vultus.gallery.store.sql.rows import (
    folded_source_row,
    imported_face_row,
    imported_subject_row,
)
from vultus.gallery.store.sql.subjects import add as add_subjects
from vultus.gallery.store.sql.subjects import check_free
from vultus.gallery.store.sql.tables import faces, folded_sources, subjects
from vultus.gallery.store.sql.transaction import GalleryRow, Write
from vultus.gallery.store.sql.values import ENROLLMENT, FACE, enrollment_of, face_of, model_of

AT_ONCE = 500
"""Subjects that are read at once."""


def export(connection: Connection, gallery: GalleryRow) -> Iterator[EnrolledSubject]:
    """Read all live subjects with their live faces, in the order of creation."""
    live = (subjects.c.gallery_key == gallery.key, subjects.c.deleted_at.is_(None))
    in_order = ENROLLMENT.where(*live).order_by(subjects.c.key).limit(AT_ONCE)
    after = 0
    while rows := connection.execute(in_order.where(subjects.c.key > after)).all():
        meant = faces.c.subject_key.between(rows[0].key, rows[-1].key)
        own = _faces(connection, gallery, meant)
        folded = _folded(connection, gallery, meant)
        for row in rows:
            yield EnrolledSubject(
                enrollment_of(row, gallery.id), tuple(own[row.id]), folded[row.id]
            )
        after = rows[-1].key


def import_all(write: Write, given: Sequence[EnrolledSubject]) -> int:
    """Write subjects with their ids, but for those that are there; say how many.

    Raises:
        ModelMismatch, TemplateSizeMismatch, ExternalIdTaken.
    """
    check_templates(write.gallery, (face.template for entry in given for face in entry.faces))
    there = _ids_there(write, subjects, [entry.enrollment.subject.id for entry in given])
    new = [entry for entry in given if entry.enrollment.subject.id not in there]
    _check_external_ids(write, new)
    keys = write.database.reserve_keys(write.connection, subjects, len(new))
    owned = list(zip(new, keys, strict=True))
    add_subjects(
        write, [imported_subject_row(write, entry.enrollment, key) for entry, key in owned]
    )
    _insert_faces(write, owned)
    for entry in new:
        write.note("subject.imported", entry.enrollment.subject.id, faces=len(entry.faces))
    return len(new)


def _faces(
    connection: Connection, gallery: GalleryRow, meant: ColumnElement[bool]
) -> defaultdict[str, list[GalleryFace]]:
    """Live faces by the id of their subject."""
    live = (faces.c.gallery_key == gallery.key, faces.c.deleted_at.is_(None), meant)
    found: defaultdict[str, list[GalleryFace]] = defaultdict(list)
    for row in connection.execute(FACE.where(*live).order_by(faces.c.key)):
        found[row.subject_id].append(face_of(row, model_of(gallery)))
    return found


def _folded(
    connection: Connection, gallery: GalleryRow, meant: ColumnElement[bool]
) -> defaultdict[str, dict[str, tuple[str, ...]]]:
    """Source digests of running means, by the id of the subject and that of the face."""
    sources = (
        select(subjects.c.id.label("subject_id"), faces.c.id, folded_sources.c.source_digest)
        .join(faces, faces.c.key == folded_sources.c.face_key)
        .join(subjects, subjects.c.key == faces.c.subject_key)
        .where(folded_sources.c.gallery_key == gallery.key, faces.c.deleted_at.is_(None), meant)
        .order_by(folded_sources.c.source_digest)
    )
    found: defaultdict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for row in connection.execute(sources):
        known = found[row.subject_id].get(row.id, ())
        found[row.subject_id][row.id] = (*known, row.source_digest)
    return found


def _check_external_ids(write: Write, given: Sequence[EnrolledSubject]) -> None:
    owners: dict[str, str] = {}
    for subject in (entry.enrollment.subject for entry in given):
        if subject.external_id in owners:
            raise ExternalIdTaken(subject.external_id, owners[subject.external_id])
        if subject.external_id is not None:
            owners[subject.external_id] = subject.id
    check_free(write, list(owners))


def _ids_there(write: Write, table: Table, ids: Sequence[str]) -> set[str]:
    known = select(table.c.id).where(
        table.c.gallery_key == write.gallery.key,
        table.c.deleted_at.is_(None),
        write.database.one_of(table.c.id, ids),
    )
    return set(write.connection.execute(known).scalars())


def _insert_faces(write: Write, owned: Sequence[tuple[EnrolledSubject, int]]) -> None:
    there = _ids_there(write, faces, [face.id for entry, _ in owned for face in entry.faces])
    new = [
        (face, owner, entry.folded_sources.get(face.id, ()))
        for entry, owner in owned
        for face in entry.faces
        if face.id not in there
    ]
    keys = write.database.reserve_keys(write.connection, faces, len(new))
    rows, folded = [], []
    for (face, owner, digests), key in zip(new, keys, strict=True):
        rows.append(imported_face_row(write, face, key, owner))
        folded += [folded_source_row(write, key, digest) for digest in digests]
    insert_faces(write, rows)
    write.insert(folded_sources, folded)
