"""Subjects and their faces, written many at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from vultus.domain.changes import NewSubject
from vultus.domain.template import Template
from vultus.errors import (
    ModelMismatch,
    SubjectAmbiguous,
    SubjectNotFound,
    TemplateSizeMismatch,
)
from vultus.gallery.store.requests import Enrolling, NewFace, StoredFace, StoredSubject
from vultus.gallery.store.sql import blobs
from vultus.gallery.store.sql.names import called
from vultus.gallery.store.sql.rows import new_face_row, new_subject_row
from vultus.gallery.store.sql.sources import known_sources
from vultus.gallery.store.sql.subjects import add as add_subjects
from vultus.gallery.store.sql.subjects import touch
from vultus.gallery.store.sql.tables import faces, subjects
from vultus.gallery.store.sql.transaction import GalleryRow, Write
from vultus.gallery.store.sql.values import model_of


@dataclass(frozen=True, slots=True)
class Target:
    """The subject that faces are added to; `created` by this very entry."""

    key: int
    id: str
    created: bool


Sources = dict[tuple[int, str], str]
"""Ids of faces by the key of their subject and their source digest."""

Said = tuple[str, str]
"""How a subject is known: a column, and what stands in it."""


def enroll(write: Write, entries: Sequence[Enrolling]) -> tuple[StoredSubject, ...]:
    """Create subjects and add faces; errors as for `Store.enroll`."""
    check_templates(write.gallery, (face.template for entry in entries for face in entry.faces))
    targets = _targets(write, entries)
    sources = {} if all(target.created for target in targets) else _known(write, entries)
    rows: list[dict[str, Any]] = []
    stored = tuple(
        _stored(write, target, entry.faces, sources, rows)
        for target, entry in zip(targets, entries, strict=True)
    )
    insert_faces(write, rows)
    created = {target.key for target in targets if target.created}
    touch(write, {row["subject_key"] for row in rows} - created)
    return stored


def insert_faces(write: Write, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows of faces, which take the crops that were held for them.

    Raises:
        BlobNotHeld: a crop is not held.
    """
    blobs.take(write.database, write.connection, [row["crop"] for row in rows if row["crop"]])
    write.insert(faces, rows)


def check_templates(gallery: GalleryRow, templates: Iterable[Template]) -> None:
    """Refuse templates that cannot stand in a gallery.

    Raises:
        ModelMismatch: one is of another model.
        TemplateSizeMismatch: one has more or fewer numbers.
    """
    model = model_of(gallery)
    for template in templates:
        if template.model != model:
            raise ModelMismatch(str(template.model), str(model))
        if template.vector.size != gallery.dim:
            raise TemplateSizeMismatch(gallery.dim, template.vector.size)


def _targets(write: Write, entries: Sequence[Enrolling]) -> list[Target]:
    """Find the subjects of all entries, and create those that are new."""
    standing = _standing(write, [said for entry in entries if (said := _said(entry))])
    new = sum(isinstance(entry.subject, NewSubject) for entry in entries)
    keys = iter(write.database.reserve_keys(write.connection, subjects, new))
    rows: list[dict[str, Any]] = []
    targets = []
    for entry in entries:
        said = _said(entry)
        if said in standing:
            targets.append(standing[said])
            continue
        if isinstance(entry.subject, str):
            raise SubjectNotFound(write.gallery.id, entry.subject)
        row = new_subject_row(write, entry.subject, next(keys))
        rows.append(row)
        targets.append(Target(row["key"], row["id"], created=True))
        if said is not None:
            standing[said] = Target(row["key"], row["id"], created=False)
    add_subjects(write, rows)
    return targets


def _said(entry: Enrolling) -> Said | None:
    """How the subject of an entry is known; None for one that is new whoever is there."""
    if isinstance(entry.subject, str):
        return "id", entry.subject
    if entry.subject.external_id is not None:
        return "external_id", entry.subject.external_id
    return ("name", entry.subject.name) if entry.by_name else None


def _standing(write: Write, wanted: Sequence[Said]) -> dict[Said | None, Target]:
    """The live subjects that are known in these ways."""
    said: defaultdict[str, list[str]] = defaultdict(list)
    for column, value in dict.fromkeys(wanted):
        said[column].append(value)
    found: dict[Said | None, Target] = {}
    for column in ("id", "external_id"):
        found |= _having(write, column, said[column])
    for name in said["name"]:
        if (named := _named(write, name)) is not None:
            found["name", name] = named
    return found


def _having(write: Write, column: str, values: Sequence[str]) -> dict[Said | None, Target]:
    if not values:
        return {}
    found = select(subjects.c.key, subjects.c.id, subjects.c[column].label("value")).where(
        subjects.c.gallery_key == write.gallery.key,
        subjects.c.deleted_at.is_(None),
        write.database.one_of(subjects.c[column], values),
    )
    rows = write.connection.execute(found)
    return {(column, row.value): Target(row.key, row.id, created=False) for row in rows}


def _named(write: Write, name: str) -> Target | None:
    own = select(subjects.c.key, subjects.c.id).where(
        *called(write.database, write.gallery, name), subjects.c.deleted_at.is_(None)
    )
    rows = write.connection.execute(own.order_by(subjects.c.key)).all()
    if len(rows) > 1:
        raise SubjectAmbiguous.among(name, [row.id for row in rows])
    return Target(rows[0].key, rows[0].id, created=False) if rows else None


def _known(write: Write, entries: Sequence[Enrolling]) -> Sources:
    digests = {face.source_digest for entry in entries for face in entry.faces}
    wanted = [digest for digest in digests if digest]
    rows = known_sources(write.database, write.connection, write.gallery, wanted)
    return {(row.subject_key, row.source_digest): row.face_id for row in rows}


def _stored(
    write: Write,
    target: Target,
    given: Sequence[NewFace],
    sources: Sources,
    rows: list[dict[str, Any]],
) -> StoredSubject:
    """Append the rows of the faces that are not there yet, and tell what became of each."""
    outcomes = []
    for face in given:
        source = face.source_digest and (target.key, face.source_digest)
        if source and source in sources:
            outcomes.append(StoredFace(sources[source], added=False))
            continue
        rows.append(new_face_row(write, face, target.key))
        outcomes.append(StoredFace(rows[-1]["id"], added=True))
        if source:
            sources[source] = rows[-1]["id"]
    added = sum(outcome.added for outcome in outcomes)
    if target.created:
        write.note("subject.created", target.id, faces=added)
    elif added:
        write.note("faces.added", target.id, faces=added)
    return StoredSubject(target.id, target.created, tuple(outcomes))
