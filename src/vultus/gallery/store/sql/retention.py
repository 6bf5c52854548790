"""What goes for good, and when."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
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
from vultus.gallery.store.sql.audit import record
from vultus.gallery.store.sql.database import Database
from vultus.gallery.store.sql.subjects import delete_where
from vultus.gallery.store.sql.tables import doomed_blobs, faces, galleries, merges, subjects
from vultus.gallery.store.sql.transaction import Write, writing

Where = ColumnElement[bool]

EXPIRED_LIVES = (subjects.c.deleted_at.is_(None), galleries.c.deleted_at.is_(None))


def expire(database: Database, today: date, actor: str) -> int:
    """Delete the subjects whose `retain_until` is before `today`, gallery by gallery."""
    is_over = subjects.c.retain_until < today
    owned = select(galleries.c.id).distinct().join(subjects).where(is_over, *EXPIRED_LIVES)
    with database.reading() as connection:
        gallery_ids = connection.execute(owned).scalars().all()
    expired = 0
    for gallery_id in gallery_ids:
        # It may be deleted since it was read.
        with suppress(GalleryNotFound), writing(database, gallery_id, actor) as write:
            expired += _expire(write, is_over)
    return expired


def purge(database: Database, before: datetime, actor: str) -> Purged:
    """Remove what was deleted before a moment, gallery by gallery."""
    with database.reading() as connection:
        stale = connection.execute(_with_deleted_rows(before)).scalars().all()
        gone = connection.execute(_deleted_galleries(before)).scalars().all()
    removed = [(0, 0)]
    for gallery_id in stale:
        with suppress(GalleryNotFound), writing(database, gallery_id, actor) as write:
            removed.append(_purge(write, before))
    for gallery_id in gone:
        with database.writing() as connection:
            removed.append(_remove(database, connection, gallery_id, actor))
    if len(removed) > 1:
        database.after_purge()
    subjects_removed, faces_removed = map(sum, zip(*removed, strict=True))
    return Purged(len(gone), subjects_removed, faces_removed)


def _expire(write: Write, is_over: Where) -> int:
    meant = (subjects.c.gallery_key == write.gallery.key, subjects.c.deleted_at.is_(None), is_over)
    ids = write.connection.execute(select(subjects.c.id).where(*meant)).scalars().all()
    delete_where(write, is_over)
    for subject_id in ids:
        write.note("subject.expired", subject_id)
    return len(ids)


def _with_deleted_rows(before: datetime) -> Select[str]:
    keys = union(
        select(subjects.c.gallery_key).where(subjects.c.deleted_at < before),
        select(faces.c.gallery_key).where(faces.c.deleted_at < before),
        select(merges.c.gallery_key).where(merges.c.at < before),
    )
    return select(galleries.c.id).where(galleries.c.key.in_(keys), galleries.c.deleted_at.is_(None))


def _deleted_galleries(before: datetime) -> Select[str]:
    return select(galleries.c.id).where(galleries.c.deleted_at < before)


def _purge(write: Write, before: datetime) -> tuple[int, int]:
    subject_is_gone = subjects.c.deleted_at < before
    face_is_gone = or_(
        faces.c.deleted_at < before,
        faces.c.subject_key.in_(select(subjects.c.key).where(subject_is_gone)),
    )
    own = faces.c.gallery_key == write.gallery.key
    newest = select(func.max(faces.c.revision)).where(own, face_is_gone)
    purged_revision = write.connection.execute(newest).scalar() or 0
    removed = _erase(
        write.database,
        write.connection,
        write.gallery.key,
        subject_is_gone,
        face_is_gone,
        merges.c.at < before,
    )
    raised = max(purged_revision, write.gallery.purged_revision)
    write.connection.execute(
        update(galleries).where(galleries.c.key == write.gallery.key).values(purged_revision=raised)
    )
    write.note("gallery.purged", subjects=removed[0], faces=removed[1])
    return removed


def _remove(
    database: Database, connection: Connection, gallery_id: str, actor: str
) -> tuple[int, int]:
    meant = galleries.c.id == gallery_id
    key = connection.execute(select(galleries.c.key).where(meant).with_for_update()).scalar()
    if key is None:
        return 0, 0
    removed = _erase(database, connection, key, true(), true(), true())
    connection.execute(delete(galleries).where(meant))
    details = {"subjects": removed[0], "faces": removed[1]}
    record(connection, "gallery.removed", actor, gallery_id, None, details)
    return removed


def _erase(
    database: Database,
    connection: Connection,
    gallery_key: int,
    of_subjects: Where,
    of_faces: Where,
    of_merges: Where,
) -> tuple[int, int]:
    """Remove rows of a gallery, and say how many subjects and faces there were among them."""
    connection.execute(delete(merges).where(merges.c.gallery_key == gallery_key, of_merges))
    of_faces &= faces.c.gallery_key == gallery_key
    crops = select(faces.c.crop).distinct().where(of_faces, faces.c.crop.is_not(None))
    names = connection.execute(crops).scalars().all()
    face_count = connection.execute(delete(faces).where(of_faces)).rowcount
    _doom(database, connection, names)
    of_subjects &= subjects.c.gallery_key == gallery_key
    database.forget_words(connection, of_subjects)
    subject_count = connection.execute(delete(subjects).where(of_subjects)).rowcount
    return subject_count, face_count


def _doom(database: Database, connection: Connection, names: Sequence[str]) -> None:
    """List blobs to be deleted, but for those that another face has or that are listed already."""
    if not names:
        return
    used = select(faces.c.crop).where(database.one_of(faces.c.crop, names))
    listed = select(doomed_blobs.c.name).where(database.one_of(doomed_blobs.c.name, names))
    spared = {*connection.execute(used).scalars(), *connection.execute(listed).scalars()}
    rows = [{"name": name} for name in names if name not in spared]
    database.insert(connection, doomed_blobs, rows)
