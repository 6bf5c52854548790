"""What goes for good, and when."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime
from typing import Self

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    func,
    or_,
    select,
    true,
    union,
    update,
)

from vultus.errors import GalleryNotFound
from vultus.gallery.store.requests import Purged
from vultus.gallery.store.sql.answers import forget_what_they_say
from vultus.gallery.store.sql.audit import record
from vultus.gallery.store.sql.database import Database
from vultus.gallery.store.sql.subjects import delete_where
from vultus.gallery.store.sql.tables import (
    doomed_blobs,
    faces,
    galleries,
    merged_subjects,
    merges,
    subjects,
)
from vultus.gallery.store.sql.transaction import Write, writing

Where = ColumnElement[bool]


NOTHING = Purged(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Due:
    """When what was deleted goes, and the day before which subjects are past their retention."""

    deleted_before: datetime
    today: date

    @property
    def is_over(self) -> Where:
        """The condition that a subject's date of retention has passed."""
        return subjects.c.retain_until < self.today

    @property
    def goes(self) -> Where:
        """The condition that a subject goes, once those whose date has passed are deleted."""
        deleted = subjects.c.deleted_at.is_not(None)
        return or_(subjects.c.deleted_at < self.deleted_before, and_(deleted, self.is_over))


@dataclass(frozen=True, slots=True)
class Erased:
    """The conditions on subjects, faces and merges that are removed."""

    subjects: Where
    faces: Where
    merges: Where

    @classmethod
    def with_subjects(cls, gone: Where) -> Self:
        """Some subjects, with all faces of theirs and every merge that they were part of."""
        keys = select(subjects.c.key).where(gone)
        merged = select(merged_subjects.c.merge_key).where(merged_subjects.c.subject_key.in_(keys))
        of_them = or_(merges.c.into_key.in_(keys), merges.c.key.in_(merged))
        return cls(gone, faces.c.subject_key.in_(keys), of_them)


EVERYTHING = Erased(true(), true(), true())


def purge(database: Database, due: Due, actor: str) -> Purged:
    """Remove what is due, gallery by gallery."""
    with database.reading() as connection:
        stale = connection.execute(_with_something_due(due)).scalars().all()
        gone = connection.execute(_deleted_galleries(due.deleted_before)).scalars().all()
        left = connection.execute(_with_somebody_over(due)).scalars().all()
    if stale or gone or left:
        with database.writing() as connection:
            forget_what_they_say(connection)
    removed = [NOTHING]
    for gallery_id in stale:
        with suppress(GalleryNotFound), writing(database, gallery_id, actor) as write:
            removed.append(_purge(write, due))
    for gallery_id in gone:
        removed.append(_remove(database, gallery_id, due, actor))
    for gallery_id in set(left) - set(gone):
        removed.append(_remove_expired(database, gallery_id, due, actor))
    if len(removed) > 1:
        database.after_purge()
    return Purged(*(sum(counts) for counts in zip(*map(astuple, removed), strict=True)))


def _with_something_due(due: Due) -> Select[str]:
    before = due.deleted_before
    keys = union(
        select(subjects.c.gallery_key).where(subjects.c.deleted_at < before),
        select(faces.c.gallery_key).where(faces.c.deleted_at < before),
        select(merges.c.gallery_key).where(merges.c.at < before),
        # By two conditions, because each has an index.
        select(subjects.c.gallery_key).where(due.is_over, subjects.c.deleted_at.is_(None)),
        select(subjects.c.gallery_key).where(due.is_over, subjects.c.deleted_at.is_not(None)),
    )
    return select(galleries.c.id).where(galleries.c.key.in_(keys), galleries.c.deleted_at.is_(None))


def _deleted_galleries(before: datetime) -> Select[str]:
    return select(galleries.c.id).where(galleries.c.deleted_at < before)


def _with_somebody_over(due: Due) -> Select[str]:
    """The deleted galleries that still have subjects whose date of retention has passed."""
    keys = select(subjects.c.gallery_key).where(due.is_over)
    deleted = galleries.c.deleted_at.is_not(None)
    return select(galleries.c.id).where(deleted, galleries.c.key.in_(keys))


def _purge(write: Write, due: Due) -> Purged:
    _expire(write, due.is_over)
    of_subjects = Erased.with_subjects(due.goes)
    erased = Erased(
        due.goes,
        or_(faces.c.deleted_at < due.deleted_before, of_subjects.faces),
        or_(merges.c.at < due.deleted_before, of_subjects.merges),
    )
    newest = select(func.max(faces.c.revision)).where(
        faces.c.gallery_key == write.gallery.key, erased.faces
    )
    purged_revision = write.connection.execute(newest).scalar() or 0
    removed = _erase(write.database, write.connection, write.gallery.key, erased, due)
    raised = max(purged_revision, write.gallery.purged_revision)
    write.connection.execute(
        update(galleries).where(galleries.c.key == write.gallery.key).values(purged_revision=raised)
    )
    write.note("gallery.purged", subjects=removed.subjects, faces=removed.faces)
    return removed


def _expire(write: Write, is_over: Where) -> None:
    """Delete the subjects whose date has passed: an index that follows is told so."""
    meant = (subjects.c.gallery_key == write.gallery.key, subjects.c.deleted_at.is_(None), is_over)
    ids = write.connection.execute(select(subjects.c.id).where(*meant)).scalars().all()
    delete_where(write, is_over)
    for subject_id in ids:
        write.note("subject.expired", subject_id)


def _remove(database: Database, gallery_id: str, due: Due, actor: str) -> Purged:
    """Remove a deleted gallery with everything in it."""
    meant = galleries.c.id == gallery_id
    with database.writing() as connection:
        key = _locked(connection, gallery_id)
        if key is None:
            return NOTHING
        removed = _erase(database, connection, key, EVERYTHING, due)
        connection.execute(delete(galleries).where(meant))
        details = {"subjects": removed.subjects, "faces": removed.faces}
        record(connection, "gallery.removed", actor, gallery_id, None, details)
    return replace(removed, galleries=1)


def _remove_expired(database: Database, gallery_id: str, due: Due, actor: str) -> Purged:
    """Remove from a gallery that is deleted, and not gone yet, whose date has passed."""
    with database.writing() as connection:
        key = _locked(connection, gallery_id)
        if key is None:
            return NOTHING
        removed = _erase(database, connection, key, Erased.with_subjects(due.is_over), due)
        details = {"subjects": removed.subjects, "faces": removed.faces}
        record(connection, "gallery.purged", actor, gallery_id, None, details)
    return removed


def _locked(connection: Connection, gallery_id: str) -> int | None:
    own = select(galleries.c.key).where(galleries.c.id == gallery_id)
    key: int | None = connection.execute(own.with_for_update()).scalar()
    return key


def _erase(
    database: Database, connection: Connection, gallery_key: int, erased: Erased, due: Due
) -> Purged:
    """Remove rows of a gallery, and say how much that was."""
    connection.execute(delete(merges).where(merges.c.gallery_key == gallery_key, erased.merges))
    of_faces = and_(erased.faces, faces.c.gallery_key == gallery_key)
    crops = select(faces.c.crop).distinct().where(of_faces, faces.c.crop.is_not(None))
    names = connection.execute(crops).scalars().all()
    face_count = connection.execute(delete(faces).where(of_faces)).rowcount
    _doom(database, connection, names)
    of_subjects = and_(erased.subjects, subjects.c.gallery_key == gallery_key)
    over = select(func.count()).where(of_subjects, due.is_over)
    expired = connection.execute(over).scalar_one()
    database.forget_words(connection, of_subjects)
    subject_count = connection.execute(delete(subjects).where(of_subjects)).rowcount
    return Purged(0, subject_count, face_count, expired)


def _doom(database: Database, connection: Connection, names: Sequence[str]) -> None:
    """List blobs to be deleted, but for those that another face has or that are listed already."""
    if not names:
        return
    used = select(faces.c.crop).where(database.one_of(faces.c.crop, names))
    listed = select(doomed_blobs.c.name).where(database.one_of(doomed_blobs.c.name, names))
    spared = {*connection.execute(used).scalars(), *connection.execute(listed).scalars()}
    rows = [{"name": name} for name in names if name not in spared]
    database.insert(connection, doomed_blobs, rows)
