"""pgvector: the search is an index of the store's own table, so it changes with the faces.

PostgreSQL keeps the index in the transaction that writes a face: nothing follows, nothing lags, and
what is deleted is not found from the moment of the commit. `gallery.store.sql.tables` names what is
read here: live faces of one gallery, whose template is cast from `real[]` to `vector`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, TextClause, text

from vultus.domain.gallery import Gallery
from vultus.errors import GalleryNotFound, InvalidValue, SearchUnavailable, StoreError
from vultus.gallery.search.port import Hits
from vultus.gallery.search.ranking import (
    Candidates,
    best_subjects,
    candidates_of,
    check_probes,
)
from vultus.gallery.search.widening import best_by_widening, beyond
from vultus.gallery.store.sql.database import Database

MOST_NUMBERS = 2_000
"""Numbers in a vector that pgvector can index."""
MOST_CANDIDATES = 1_000
"""The highest `hnsw.ef_search` that pgvector takes."""
MANY = 1_000
"""From so many wanted subjects on, it is worth asking how many there are."""

SAMPLED = 100
"""So many faces are looked for to tell whether the index finds what is there."""
LEAST_FOUND = 0.9
SAME = 1 - 1e-5
"""A face is found where the nearest one is as similar as it is to itself."""
SAMPLE = """
SELECT template FROM faces WHERE {live} AND key IN (
    SELECT key FROM faces WHERE {live} ORDER BY random() LIMIT :count
)
"""
BY_INDEX_ALONE = """
SELECT set_config('enable_seqscan', 'off', true), set_config('enable_sort', 'off', true),
    set_config('enable_bitmapscan', 'off', true)
"""
NEAREST = """
SELECT probe.row, face.subject_key, face.key, face.distance
FROM unnest(CAST(:probes AS text[])) WITH ORDINALITY AS probe(vector, row)
CROSS JOIN LATERAL (
    SELECT key, subject_key, {distance} AS distance
    FROM faces WHERE {live} ORDER BY {distance} LIMIT :limit
) AS face
"""
BEST = """
SELECT probe.row, face.subject_key, face.key, face.distance
FROM unnest(CAST(:probes AS text[])) WITH ORDINALITY AS probe(vector, row)
CROSS JOIN LATERAL (
    SELECT key, subject_key, distance FROM (
        SELECT DISTINCT ON (subject_key) key, subject_key, {distance} AS distance
        FROM faces WHERE {live} ORDER BY subject_key, distance, key
    ) AS best ORDER BY distance, subject_key LIMIT :limit
) AS face
"""


@dataclass(frozen=True, slots=True)
class PgVectorOptions:
    """When faces are indexed (HNSW), and how; more of `m` … `search_width` finds more, slower."""

    index_from: int = 10_000
    links: int = 16
    build_width: int = 64
    search_width: int = 200


class PgVectorSearch:
    """A `TemplateSearch` in the store's own PostgreSQL.

    Exact until `tend` makes the gallery's index, once it has `index_from` faces; from then on it
    may miss a subject.
    """

    def __init__(
        self, database: Database, gallery: Gallery, options: PgVectorOptions | None = None
    ) -> None:
        """Search in the tables of a store on PostgreSQL.

        Raises:
            InvalidValue: the gallery's templates have more numbers than pgvector can index.
            GalleryNotFound: the gallery is not in this database.
            SearchUnavailable: the server has no pgvector, or may not use it.
            StoreError: the server cannot be used at all.
        """
        if gallery.dim > MOST_NUMBERS:
            raise InvalidValue("dim", f"pgvector indexes at most {MOST_NUMBERS:,} numbers")
        self._database = database
        self._dim = gallery.dim
        self._options = options or PgVectorOptions()
        self._have_extension()
        key = _key_of(database, gallery.id, "deleted_at IS NULL")
        if key is None:
            raise GalleryNotFound(gallery.id)
        self._index = _index_of(key)
        self._live = f"gallery_key = {key} AND deleted_at IS NULL"
        self._vector = f"(template::vector({gallery.dim}))"
        distance = f"{self._vector} <=> CAST(probe.vector AS vector({gallery.dim}))"
        self._nearest = text(NEAREST.format(distance=distance, live=self._live))
        self._best = text(BEST.format(distance=distance, live=self._live))

    def __len__(self) -> int:
        with self._database.reading() as connection:
            counted = text(f"SELECT count(*) FROM faces WHERE {self._live}")
            return int(connection.execute(counted).scalar_one())

    def search(self, probes: NDArray[np.float32], k: int) -> Hits:
        """See `TemplateSearch`."""
        asked = check_probes(probes, self._dim, k)
        most = k if k < MANY else min(k, len(self))
        with self._database.reading() as connection:
            return best_by_widening(
                asked,
                most,
                lambda some, width: self._look(connection, some, width),
                lambda some: self._compare(connection, some, most),
            )

    def tend(self) -> bool:
        """Make the index, if there are faces enough and it is not there; say whether it was made.

        Takes minutes for millions of faces, while others read and write.
        """
        if len(self) < self._options.index_from or self._is_valid():
            return False
        with _outside_transactions(self._database) as connection:
            mine = text("SELECT pg_try_advisory_lock(hashtext(:name))")
            if not connection.execute(mine, {"name": self._index}).scalar():
                return False
            try:
                self._make_index(connection)
            finally:
                freed = text("SELECT pg_advisory_unlock(hashtext(:name))")
                connection.execute(freed, {"name": self._index})
        return True

    def problem(self) -> str | None:
        """What is wrong with the index, if anything is.

        It must be there and valid where there are faces enough, and find some of them by their own
        templates, as a look at every row does. A few misses are its nature.
        """
        valid = self._is_valid()
        if valid is None:
            enough = len(self) >= self._options.index_from
            return "there is no index, and every template is compared" if enough else None
        if not valid:
            return "the index is not used, because its making was broken off"
        looked_for, found = self._sample()
        if found < LEAST_FOUND * looked_for:
            return f"of {looked_for} faces with a known template the index finds {found}"
        return None

    def rebuild(self) -> None:
        """Make the index anew, if there are faces enough."""
        self.drop()
        self.tend()

    def drop(self) -> None:
        """Remove the index; the faces stay, and are compared one by one."""
        with _outside_transactions(self._database) as connection:
            connection.execute(text(f"DROP INDEX CONCURRENTLY IF EXISTS {self._index}"))

    def _make_index(self, connection: Connection) -> None:
        # An index of that name is one whose making was broken off.
        connection.execute(text(f"DROP INDEX CONCURRENTLY IF EXISTS {self._index}"))
        options = f"m = {self._options.links}, ef_construction = {self._options.build_width}"
        connection.execute(
            text(
                f"CREATE INDEX CONCURRENTLY {self._index} ON faces"
                f" USING hnsw ({self._vector} vector_cosine_ops) WITH ({options})"
                f" WHERE {self._live}"
            )
        )

    def _look(
        self, connection: Connection, probes: NDArray[np.float32], width: int
    ) -> tuple[Candidates, NDArray[np.float32]]:
        """Give the `width` nearest faces; others are no nearer, where there are so many."""
        walk = min(max(width, self._options.search_width), MOST_CANDIDATES)
        connection.execute(
            text(
                "SELECT set_config('hnsw.ef_search', :walk, true),"
                " set_config('hnsw.iterative_scan', 'strict_order', true)"
            ),
            {"walk": str(walk)},
        )
        faces = self._faces(connection, self._nearest, probes, width)
        return faces, beyond(faces)

    def _compare(self, connection: Connection, probes: NDArray[np.float32], k: int) -> Hits:
        return best_subjects(self._faces(connection, self._best, probes, k), k)

    def _faces(
        self, connection: Connection, query: TextClause, probes: NDArray[np.float32], limit: int
    ) -> Candidates:
        rows = connection.execute(query, {"probes": _literals(probes), "limit": limit})
        found = ((row - 1, subject, face, 1 - apart) for row, subject, face, apart in rows)
        return candidates_of(found, len(probes), limit)

    def _is_valid(self) -> bool | None:
        """Whether the index may be used; None if there is none."""
        found = text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)")
        with self._database.reading() as connection:
            valid: bool | None = connection.execute(found, {"name": self._index}).scalar()
        return valid

    def _sample(self) -> tuple[int, int]:
        """Look for some faces by their own templates, and say how many, and how many are found."""
        with self._database.reading() as connection:
            drawn = text(SAMPLE.format(live=self._live))
            rows = connection.execute(drawn, {"count": SAMPLED}).all()
            if not rows:
                return 0, 0
            # Else the planner would rather sort few rows than walk the index that is in question.
            connection.execute(text(BY_INDEX_ALONE))
            probes = np.array([row.template for row in rows], np.float32)
            nearest, _ = self._look(connection, probes, 1)
        alike = nearest.similarities[:, 0] if nearest.similarities.shape[1] else np.zeros(0)
        return len(rows), int((alike > SAME).sum())

    def _have_extension(self) -> None:
        present = text("SELECT count(*) FROM pg_extension WHERE extname = 'vector'")
        with self._database.reading() as connection:
            if connection.execute(present).scalar():
                return
        try:
            with self._database.writing() as connection:
                # Two processes that start at once would otherwise both make it, and one fail.
                self._database.lock_schema(connection)
                connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
        except StoreError as error:
            problem = f"pgvector is missing ({error.facts.get('problem')})"
            raise SearchUnavailable(self._database.place, problem) from error


def check_extension(database: Database) -> None:
    """Make sure that the server has pgvector, in use already or to be had.

    Raises:
        SearchUnavailable: it has not.
        StoreError: the server cannot be used at all.
    """
    known = text("SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'")
    with database.reading() as connection:
        if not connection.execute(known).scalar():
            raise SearchUnavailable(database.place, "pgvector is not installed on the server")


def drop_index(database: Database, gallery_id: str) -> None:
    """Remove the index of a gallery, which may be gone already."""
    key = _key_of(database, gallery_id, "TRUE")
    if key is not None:
        with _outside_transactions(database) as connection:
            connection.execute(text(f"DROP INDEX CONCURRENTLY IF EXISTS {_index_of(key)}"))


def _key_of(database: Database, gallery_id: str, condition: str) -> int | None:
    found = text(f"SELECT key FROM galleries WHERE id = :id AND {condition}")
    with database.reading() as connection:
        key: int | None = connection.execute(found, {"id": gallery_id}).scalar()
    return key


def _index_of(gallery_key: int) -> str:
    return f"faces_nearest_{gallery_key}"


@contextmanager
def _outside_transactions(database: Database) -> Iterator[Connection]:
    """A connection that commits each statement by itself, as CONCURRENTLY wants it."""
    with database.translated(), database.engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


def _literals(probes: NDArray[np.float32]) -> list[str]:
    return [f"[{','.join(map(str, probe))}]" for probe in probes.tolist()]
