"""The running mean of a subject's templates."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row, exists, select, update

from vultus.errors import InvalidValue
from vultus.gallery.store.requests import NewFace
from vultus.gallery.store.sql.enrolling import check_templates
from vultus.gallery.store.sql.rows import folded_source_row, new_face_row
from vultus.gallery.store.sql.subjects import live_subject, touch
from vultus.gallery.store.sql.tables import faces, folded_sources, merged_faces, merges
from vultus.gallery.store.sql.transaction import Write

LEAST_RESULTANT = 1e-6
"""A shorter sum of templates has no direction that means anything."""


def fold(write: Write, subject_id: str, given: Sequence[NewFace]) -> str:
    """Fold templates into a subject's running mean, and give the id of its face.

    Raises:
        SubjectNotFound, ModelMismatch, TemplateSizeMismatch.
        InvalidValue: none are given, or their sum has no direction.
    """
    if not given:
        raise InvalidValue("templates", "there are none")
    check_templates(write.gallery, (face.template for face in given))
    subject = live_subject(write.connection, write.gallery, subject_id)
    means = _running(write, subject.key)
    new = _not_folded(write, means, given)
    mean = next((row for row in means if not row.merged), None)
    if not new:
        return str((mean or means[0]).id)
    row = _extended(mean, new) if mean is not None else _begun(write, subject.key, new)
    _write(write, row, is_new=mean is None)
    _remember(write, row["key"], new)
    touch(write, [subject.key])
    write.note("template.updated", subject_id, face=row["id"], folded=len(new))
    return str(row["id"])


def _running(write: Write, subject_key: int) -> Sequence[Row[Any]]:
    """The running means of a subject, the oldest first.

    `merged` marks those that a merge brought and that would leave with its undoing: they count, and
    another goes on.
    """
    brought = exists().where(
        merged_faces.c.face_key == faces.c.key,
        merged_faces.c.merge_key == merges.c.key,
        merges.c.into_key == faces.c.subject_key,
    )
    own = select(faces, brought.label("merged")).where(
        faces.c.subject_key == subject_key, faces.c.running, faces.c.deleted_at.is_(None)
    )
    return write.connection.execute(own.order_by(faces.c.key)).all()


def _not_folded(write: Write, means: Sequence[Row[Any]], given: Sequence[NewFace]) -> list[NewFace]:
    """Those whose source is new to all means of a subject, each source once."""
    keys = [mean.key for mean in means]
    folded = select(folded_sources.c.source_digest).where(
        write.database.one_of(folded_sources.c.face_key, keys)
    )
    known = set(write.connection.execute(folded).scalars())
    new = []
    for face in given:
        if face.source_digest is None or face.source_digest not in known:
            new.append(face)
            known.add(face.source_digest)
    return new


def _begun(write: Write, subject_key: int, given: Sequence[NewFace]) -> dict[str, Any]:
    key = write.database.reserve_keys(write.connection, faces, 1)[0]
    blank = new_face_row(write, NewFace(given[0].template), subject_key)
    mean = _mean(np.zeros(write.gallery.dim), 0, given)
    return {**blank, "key": key, "running": True, **mean}


def _extended(mean: Row[Any], given: Sequence[NewFace]) -> dict[str, Any]:
    total = mean.template.astype(np.float64) * mean.resultant
    return {"key": mean.key, "id": mean.id, **_mean(total, mean.weight, given)}


def _mean(total: NDArray[np.float64], weight: int, given: Sequence[NewFace]) -> dict[str, Any]:
    for face in given:
        total = total + face.template.vector
    resultant = float(np.linalg.norm(total))
    if resultant < LEAST_RESULTANT:
        raise InvalidValue("templates", "their sum has no direction: they are of opposite faces")
    template = (total / resultant).astype(np.float32)
    return {"template": template, "resultant": resultant, "weight": weight + len(given)}


def _write(write: Write, row: dict[str, Any], *, is_new: bool) -> None:
    if is_new:
        write.insert(faces, [row])
        return
    stamped = {**row, "revision": write.revision}
    write.connection.execute(update(faces).where(faces.c.key == row["key"]).values(stamped))


def _remember(write: Write, face_key: int, given: Sequence[NewFace]) -> None:
    digests = [face.source_digest for face in given if face.source_digest is not None]
    rows = [folded_source_row(write, face_key, digest) for digest in digests]
    write.insert(folded_sources, rows)
