"""Subjects in SQL: create, read, change, delete, restore."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, select, true, update

from vultus.domain.changes import NewSubject, SubjectChange
from vultus.domain.gallery import Enrollment
from vultus.domain.subject import Attributes
from vultus.errors import ExternalIdTaken, SubjectNotFound, VersionConflict
from vultus.gallery.store.sql.changed import changed_fields
from vultus.gallery.store.sql.rows import new_subject_row
from vultus.gallery.store.sql.tables import faces, merged_subjects, subjects
from vultus.gallery.store.sql.transaction import GalleryRow, Write
from vultus.gallery.store.sql.values import ENROLLMENT, enrollment_of
from vultus.gallery.store.sql.words import search_text

SubjectRow = Row[Any]
Where = ColumnElement[bool]

LIVE = subjects.c.deleted_at.is_(None)


def live_subject(connection: Connection, gallery: GalleryRow, subject_id: str) -> SubjectRow:
    """Read the row of a subject.

    Raises:
        SubjectNotFound: there is no live subject of that id in the gallery.
    """
    row = connection.execute(select(subjects).where(*_named(gallery, subject_id))).one_or_none()
    if row is None:
        raise SubjectNotFound(gallery.id, subject_id)
    return row


def read(connection: Connection, gallery: GalleryRow, subject_id: str) -> Enrollment:
    """Read a subject by its id; errors as for `live_subject`."""
    row = connection.execute(ENROLLMENT.where(*_named(gallery, subject_id))).one_or_none()
    if row is None:
        raise SubjectNotFound(gallery.id, subject_id)
    return enrollment_of(row, gallery.id)


def read_by_external_id(
    connection: Connection, gallery: GalleryRow, external_id: str
) -> Enrollment:
    """Read a subject by the operator's own id; errors as for `live_subject`."""
    having = (subjects.c.gallery_key == gallery.key, subjects.c.external_id == external_id, LIVE)
    row = connection.execute(ENROLLMENT.where(*having)).one_or_none()
    if row is None:
        raise SubjectNotFound(gallery.id, external_id)
    return enrollment_of(row, gallery.id)


def create(write: Write, new: NewSubject) -> SubjectRow:
    """Write a new subject.

    Raises:
        ExternalIdTaken: another live subject has its external id.
    """
    check_free(write, [new.external_id])
    key = write.database.reserve_keys(write.connection, subjects, 1)[0]
    row = new_subject_row(write, new, key)
    add(write, [row])
    return live_subject(write.connection, write.gallery, row["id"])


def add(write: Write, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows of new subjects, and let them be found by their words."""
    if rows:
        write.insert(subjects, rows)
        added = subjects.c.key.between(rows[0]["key"], rows[-1]["key"])
        own = subjects.c.gallery_key == write.gallery.key
        write.database.index_words(write.connection, own & added)


def change(
    write: Write, subject_id: str, wanted: SubjectChange, expected_version: int | None
) -> None:
    """Change the fields that differ.

    Raises:
        SubjectNotFound, VersionConflict, ExternalIdTaken.
    """
    row = live_subject(write.connection, write.gallery, subject_id)
    _check_version(row, expected_version)
    values = changed_fields(wanted, row)
    if not values:
        return
    names = sorted(values)
    if "external_id" in values:
        check_free(write, [values["external_id"]])
    values["search_text"] = _search_text(row, values)
    values |= {"version": row.version + 1, "updated_at": write.at}
    meant = subjects.c.key == row.key
    write.database.forget_words(write.connection, meant)
    write.connection.execute(update(subjects).where(meant).values(values))
    write.database.index_words(write.connection, meant)
    write.note("subject.updated", subject_id, fields=names)


def delete(write: Write, subject_id: str, expected_version: int | None) -> None:
    """Delete a subject with its faces.

    Raises:
        SubjectNotFound, VersionConflict.
    """
    row = live_subject(write.connection, write.gallery, subject_id)
    _check_version(row, expected_version)
    delete_where(write, subjects.c.key == row.key)
    write.note("subject.deleted", subject_id)


def delete_all(write: Write) -> int:
    """Delete every subject with its faces, and say how many there were."""
    deleted = delete_where(write, true())
    if deleted:
        write.note("gallery.emptied", subjects=deleted)
    return deleted


def touch(write: Write, keys: Iterable[int]) -> None:
    """Raise the versions of subjects whose faces change."""
    touched = sorted(set(keys))
    if touched:
        raised = {"version": subjects.c.version + 1, "updated_at": write.at}
        meant = update(subjects).where(write.database.one_of(subjects.c.key, touched))
        write.connection.execute(meant.values(raised))


def delete_where(write: Write, condition: Where) -> int:
    """Mark the live subjects that meet a condition as deleted, and their faces."""
    meant = (subjects.c.gallery_key == write.gallery.key, LIVE, condition)
    write.connection.execute(
        update(faces)
        .where(
            faces.c.subject_key.in_(select(subjects.c.key).where(*meant)),
            faces.c.deleted_at.is_(None),
        )
        .values(deleted_at=write.at, revision=write.revision)
    )
    marked = update(subjects).where(*meant).values(deleted_at=write.at)
    return write.connection.execute(marked).rowcount


def restore(write: Write, subject_id: str) -> None:
    """Take back the latest deletion of a subject; nothing happens to a live one.

    Raises:
        SubjectNotFound: nobody of that id was deleted, other than by a merge.
        ExternalIdTaken: another live subject has its external id.
    """
    alive = select(subjects.c.key).where(*_named(write.gallery, subject_id))
    if write.connection.execute(alive).first() is not None:
        return
    merged = exists().where(merged_subjects.c.subject_key == subjects.c.key)
    gone = (
        select(subjects)
        .where(subjects.c.gallery_key == write.gallery.key, subjects.c.id == subject_id, ~merged)
        .order_by(subjects.c.key.desc())
    )
    row = write.connection.execute(gone).first()
    if row is None:
        raise SubjectNotFound(write.gallery.id, subject_id)
    revive(write, [row])
    write.note("subject.restored", subject_id)


def revive(write: Write, rows: Sequence[SubjectRow]) -> None:
    """Let deleted subjects live again, with the faces that were deleted together with them.

    Raises:
        ExternalIdTaken: another live subject has an external id of theirs.
    """
    check_free(write, [row.external_id for row in rows])
    twin = faces.alias()
    lives_elsewhere = exists().where(
        twin.c.gallery_key == faces.c.gallery_key,
        twin.c.id == faces.c.id,
        twin.c.deleted_at.is_(None),
    )
    for row in rows:
        write.connection.execute(
            update(subjects)
            .where(subjects.c.key == row.key)
            .values(deleted_at=None, version=row.version + 1, updated_at=write.at)
        )
        write.connection.execute(
            update(faces)
            .where(
                faces.c.subject_key == row.key,
                faces.c.deleted_at == row.deleted_at,
                ~lives_elsewhere,
            )
            .values(deleted_at=None, revision=write.revision)
        )


def check_free(write: Write, external_ids: Sequence[str | None]) -> None:
    """Refuse external ids that live subjects of the gallery have.

    Raises:
        ExternalIdTaken: one has one of them.
    """
    wanted = [external_id for external_id in external_ids if external_id is not None]
    having = (
        subjects.c.gallery_key == write.gallery.key,
        LIVE,
        write.database.one_of(subjects.c.external_id, wanted),
    )
    owned = select(subjects.c.external_id, subjects.c.id).where(*having)
    for owner in write.connection.execute(owned) if wanted else ():
        raise ExternalIdTaken(owner.external_id, owner.id)


def _named(gallery: GalleryRow, subject_id: str) -> tuple[Where, ...]:
    return subjects.c.gallery_key == gallery.key, subjects.c.id == subject_id, LIVE


def _check_version(row: SubjectRow, expected: int | None) -> None:
    if expected is not None and row.version != expected:
        raise VersionConflict(row.id, expected, row.version)


def _search_text(row: SubjectRow, values: dict[str, Any]) -> str:
    name: str = values.get("name", row.name)
    external_id: str | None = values.get("external_id", row.external_id)
    attributes: Attributes = values.get("attributes", row.attributes)
    return search_text(name, external_id, attributes)
