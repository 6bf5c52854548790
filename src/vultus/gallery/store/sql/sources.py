"""Which images are enrolled already, by their digests."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select, union_all

from vultus.gallery.store.sql.database import Database
from vultus.gallery.store.sql.tables import faces, folded_sources, subjects
from vultus.gallery.store.sql.transaction import GalleryRow


def known_sources(
    database: Database, connection: Connection, gallery: GalleryRow, digests: Sequence[str]
) -> Sequence[Row[Any]]:
    """The live faces that were made from images of these digests, running means included.

    Rows have `source_digest`, `face_id`, `subject_key` and `subject_id`.
    """
    face = (faces.c.id.label("face_id"), faces.c.subject_key)
    live = faces.c.deleted_at.is_(None)
    photos = select(faces.c.source_digest, *face).where(
        faces.c.gallery_key == gallery.key, live, database.one_of(faces.c.source_digest, digests)
    )
    folded = (
        select(folded_sources.c.source_digest, *face)
        .join(faces, faces.c.key == folded_sources.c.face_key)
        .where(
            folded_sources.c.gallery_key == gallery.key,
            live,
            database.one_of(folded_sources.c.source_digest, digests),
        )
    )
    known = union_all(folded, photos).subquery()
    owner = subjects.c.id.label("subject_id")
    named = select(known, owner).join(subjects, subjects.c.key == known.c.subject_key)
    return connection.execute(named).all()
