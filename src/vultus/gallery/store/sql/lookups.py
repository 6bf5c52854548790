"""What is asked before and after every search: statements put together once, to be fast."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import BindParameter, ColumnElement, Select, Table, bindparam, select

from vultus.domain.gallery import SubjectTemplates
from vultus.domain.subject import Subject
from vultus.errors import GalleryNotFound
from vultus.gallery.store.sql.database import Database
from vultus.gallery.store.sql.tables import faces, galleries, subjects
from vultus.gallery.store.sql.values import subject_of

KEYS: BindParameter[Any] = bindparam("keys")


class Lookups:
    """Single statements about galleries, subjects and faces by what an index knows of them."""

    def __init__(self, database: Database) -> None:
        """Put the statements together."""
        self._database = database
        live = (galleries.c.id == bindparam("gallery_id"), galleries.c.deleted_at.is_(None))
        self._revision = select(galleries.c.revision).where(*live)
        person = (
            subjects.c.key,
            subjects.c.id,
            subjects.c.name,
            subjects.c.external_id,
            subjects.c.attributes,
        )
        gallery_id = galleries.c.id.label("gallery_id")
        self._subjects: Select[Any] = select(*person, gallery_id).where(*_live(database, subjects))
        self._face_ids = select(faces.c.key, faces.c.id, gallery_id).where(*_live(database, faces))
        template = faces.c.id.label("face_id"), faces.c.template, faces.c.resultant
        self._templates: Select[Any] = (
            select(gallery_id, *template, *person)
            .where(*_live(database, subjects))
            .where(faces.c.subject_key == subjects.c.key, faces.c.deleted_at.is_(None))
            .order_by(subjects.c.key, faces.c.key)
        )

    def revision(self, gallery_id: str) -> int:
        """Read the revision of a gallery.

        Raises:
            GalleryNotFound: there is no live gallery of that id.
        """
        with self._database.asking() as connection:
            found = connection.execute(self._revision, {"gallery_id": gallery_id}).scalar()
        if found is None:
            raise GalleryNotFound(gallery_id)
        return int(found)

    def subjects(self, gallery_id: str, keys: Sequence[int]) -> Mapping[int, Subject]:
        """Read live subjects by their keys."""
        with self._database.asking() as connection:
            rows = connection.execute(self._subjects, self._listed(keys)).all()
        return {row.key: subject_of(row) for row in rows if row.gallery_id == gallery_id}

    def face_ids(self, gallery_id: str, keys: Sequence[int]) -> Mapping[int, str]:
        """Read ids of live faces by their keys."""
        with self._database.asking() as connection:
            rows = connection.execute(self._face_ids, self._listed(keys)).all()
        return {row.key: row.id for row in rows if row.gallery_id == gallery_id}

    def templates(self, gallery_id: str, keys: Sequence[int]) -> SubjectTemplates:
        """Read live subjects that have faces, in order of their keys, with their templates."""
        with self._database.asking() as connection:
            rows = connection.execute(self._templates, self._listed(keys)).all()
        # Asked after every search: by place, for names cost time.
        own = [row for row in rows if row[0] == gallery_id]
        _, face_ids, vectors, resultants, owners, *_ = zip(*own, strict=True) if own else ((),) * 6
        starts = np.flatnonzero(np.diff(owners, prepend=-1))
        return SubjectTemplates(
            subjects=tuple(Subject(*own[start][5:]) for start in starts),
            starts=starts,
            face_ids=face_ids,
            vectors=np.array(vectors, np.float32),
            resultants=np.array(resultants, np.float32),
        )

    def _listed(self, keys: Sequence[int]) -> dict[str, Any]:
        return {"keys": self._database.list_of([int(key) for key in keys])}


def _live(database: Database, of: Table) -> tuple[ColumnElement[bool], ...]:
    # The gallery is compared afterwards: a planner without statistics would rather read all of it.
    return (
        database.in_list(of.c.key, KEYS),
        of.c.deleted_at.is_(None),
        galleries.c.key == of.c.gallery_key,
        galleries.c.deleted_at.is_(None),
    )
