"""Several subjects become one, and apart again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, exists, select, update

from vultus.domain.gallery import Enrollment, Merge
from vultus.errors import InvalidMerge, MergeNotFound, MergeNotUndoable
from vultus.gallery.store.sql.faces import hand_over
from vultus.gallery.store.sql.ids import new_id
from vultus.gallery.store.sql.subjects import (
    SubjectRow,
    delete_where,
    live_subject,
    read,
    revive,
    touch,
)
from vultus.gallery.store.sql.tables import (
    faces,
    merged_faces,
    merged_subjects,
    merges,
    subjects,
)
from vultus.gallery.store.sql.transaction import GalleryRow, Write


def merge(write: Write, into: str, others: Sequence[str]) -> Merge:
    """Move the faces of `others` to `into`, delete `others`, and remember what came from whom.

    Raises:
        SubjectNotFound: one of them is not there.
        InvalidMerge: `into` is among `others`, one is named twice, or there are none.
    """
    if into in others:
        raise InvalidMerge(into, "it is one of them itself")
    if not others or len(set(others)) < len(others):
        raise InvalidMerge(into, "none is named" if not others else "one is named twice")
    target = live_subject(write.connection, write.gallery, into)
    found = (live_subject(write.connection, write.gallery, other) for other in others)
    sources = sorted(found, key=lambda row: int(row.key))
    done = Merge(new_id(), into, tuple(row.id for row in sources), write.at)
    merge_key = _remember(write, done, target, sources)
    _move(write, merge_key, sources, target.key)
    touch(write, [target.key])
    delete_where(write, write.database.one_of(subjects.c.key, [row.key for row in sources]))
    for row in (target, *sources):
        write.note("subjects.merged", row.id, merge=done.id, into=into)
    return done


def undo(write: Write, merge_id: str) -> tuple[Enrollment, ...]:
    """Let the merged subjects live again, with the faces that came from them and are still there.

    Raises:
        MergeNotFound: there is no such merge.
        MergeNotUndoable: the subject merged into is gone, or one of the others is there again.
        ExternalIdTaken: an external id of theirs went to another subject meanwhile.
    """
    known = merges.c.gallery_key == write.gallery.key, merges.c.id == merge_id
    record = write.connection.execute(select(merges).where(*known)).one_or_none()
    if record is None:
        raise MergeNotFound(merge_id)
    target = select(subjects).where(subjects.c.key == record.into_key)
    into = write.connection.execute(target).one()
    if into.deleted_at is not None:
        raise MergeNotUndoable(merge_id, "the subject they were merged into is gone")
    returning = _merged(write, record.key)
    if _any_lives(write, [row.id for row in returning]):
        raise MergeNotUndoable(merge_id, "one of the subjects was brought back by an import")
    revive(write, returning)
    _move_back(write, record)
    touch(write, [into.key])
    write.connection.execute(delete(merges).where(merges.c.key == record.key))
    for row in (into, *returning):
        write.note("merge.undone", row.id, merge=merge_id)
    return tuple(read(write.connection, write.gallery, row.id) for row in returning)


def undoable(connection: Connection, gallery: GalleryRow) -> tuple[Merge, ...]:
    """The merges that can be undone, the newest first."""
    into, other = subjects.alias(), subjects.alias()
    named = (
        select(merges.c.id, into.c.id.label("into"), other.c.id.label("other"), merges.c.at)
        .join(into, into.c.key == merges.c.into_key)
        .join(merged_subjects, merged_subjects.c.merge_key == merges.c.key)
        .join(other, other.c.key == merged_subjects.c.subject_key)
        .where(merges.c.gallery_key == gallery.key, into.c.deleted_at.is_(None))
        .order_by(merges.c.key.desc(), other.c.key)
    )
    found: dict[str, Merge] = {}
    for row in connection.execute(named):
        others = found[row.id].others if row.id in found else ()
        found[row.id] = Merge(row.id, row.into, (*others, row.other), row.at)
    return tuple(found.values())


def _remember(write: Write, done: Merge, into: SubjectRow, others: Sequence[SubjectRow]) -> int:
    key = write.database.reserve_keys(write.connection, merges, 1)[0]
    record = {
        "key": key,
        "id": done.id,
        "gallery_key": write.gallery.key,
        "into_key": into.key,
        "at": done.at,
    }
    write.insert(merges, [record])
    rows = [{"merge_key": key, "subject_key": other.key} for other in others]
    write.insert(merged_subjects, rows)
    return key


def _move(write: Write, merge_key: int, others: Sequence[SubjectRow], into_key: int) -> None:
    own: Select[Any] = select(faces.c.key, faces.c.subject_key, faces.c.source_digest).where(
        write.database.one_of(faces.c.subject_key, [row.key for row in others]),
        faces.c.deleted_at.is_(None),
    )
    theirs = write.connection.execute(own.order_by(faces.c.key)).all()
    moved = hand_over(write, theirs, into_key)
    rows = [
        {"merge_key": merge_key, "face_key": row.key, "from_key": row.subject_key} for row in moved
    ]
    write.insert(merged_faces, rows)


def _merged(write: Write, merge_key: int) -> Sequence[Row[Any]]:
    others = (
        select(subjects)
        .join(merged_subjects, merged_subjects.c.subject_key == subjects.c.key)
        .where(merged_subjects.c.merge_key == merge_key)
    )
    return write.connection.execute(others.order_by(subjects.c.key)).all()


def _any_lives(write: Write, ids: Sequence[str]) -> bool:
    alive = select(subjects.c.key).where(
        subjects.c.gallery_key == write.gallery.key,
        subjects.c.deleted_at.is_(None),
        write.database.one_of(subjects.c.id, ids),
    )
    return write.connection.execute(alive).first() is not None


def _move_back(write: Write, record: Row[Any]) -> None:
    came_from = select(merged_faces.c.from_key).where(
        merged_faces.c.merge_key == record.key, merged_faces.c.face_key == faces.c.key
    )
    still_there = (
        faces.c.subject_key == record.into_key,
        faces.c.deleted_at.is_(None),
        exists(came_from),
    )
    write.connection.execute(
        update(faces)
        .where(*still_there)
        .values(subject_key=came_from.scalar_subquery(), revision=write.revision)
    )
