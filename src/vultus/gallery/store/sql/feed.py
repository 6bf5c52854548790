"""What an index follows, in SQL."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, Select, select

from vultus.domain.gallery import TemplateChanges
from vultus.errors import RevisionPurged
from vultus.gallery.store.sql.tables import faces
from vultus.gallery.store.sql.transaction import GalleryRow


def changes(
    connection: Connection, gallery: GalleryRow, after: int, limit: int
) -> Iterator[TemplateChanges]:
    """Read what happened to a gallery's templates; all of it as `Store.changes` says."""
    if not _can_follow(gallery, after):
        raise RevisionPurged(gallery.id, after, gallery.purged_revision)
    page: Sequence[Row[Any]] = ()
    streaming = connection.execution_options(yield_per=limit)
    with streaming.execute(_changed(gallery, after)) as rows:
        for following in rows.partitions():
            if page:
                # Faces of the same write may follow, so this page knows all only of those before.
                yield _page(page, following[0].revision - 1, gallery.dim, complete=False)
            page = following
    yield _page(page, gallery.revision, gallery.dim, complete=True)


def _can_follow(gallery: GalleryRow, after: int) -> bool:
    return after == 0 or gallery.purged_revision <= after <= gallery.revision


def _changed(gallery: GalleryRow, after: int) -> Select[Any]:
    wanted = select(
        faces.c.key, faces.c.subject_key, faces.c.revision, faces.c.deleted_at, faces.c.template
    ).where(faces.c.gallery_key == gallery.key, faces.c.revision > after)
    if after == 0:
        wanted = wanted.where(faces.c.deleted_at.is_(None))
    return wanted.order_by(faces.c.revision, faces.c.key)


def _page(rows: Sequence[Row[Any]], revision: int, dim: int, *, complete: bool) -> TemplateChanges:
    live = [row for row in rows if row.deleted_at is None]
    vectors = np.array([row.template for row in live], np.float32).reshape(len(live), dim)
    return TemplateChanges(
        revision=revision,
        keys=np.array([row.key for row in live], np.int64),
        subjects=np.array([row.subject_key for row in live], np.int64),
        vectors=vectors,
        removed=np.array([row.key for row in rows if row.deleted_at is not None], np.int64),
        complete=complete,
    )
