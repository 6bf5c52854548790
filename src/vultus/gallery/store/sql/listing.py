"""Lists of subjects: all of them, or those that a query finds, page by page."""

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, or_

from vultus.domain.gallery import Enrollment
from vultus.domain.page import LONGEST, Page
from vultus.errors import InvalidValue
from vultus.gallery.store.requests import SubjectQuery
from vultus.gallery.store.sql.database import Database, canonical_json
from vultus.gallery.store.sql.names import MOST_WORDS, called, in_gallery
from vultus.gallery.store.sql.tables import subjects
from vultus.gallery.store.sql.transaction import GalleryRow
from vultus.gallery.store.sql.values import ENROLLMENT, enrollment_of
from vultus.gallery.store.sql.words import CLOSE, likeness, words_of

MOST_CLOSE = 100
"""Most subjects that are listed because they come close to a text."""

HIGHEST_KEY = 2**63 - 1

CANDIDATES = 200
"""How many of them are looked at."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ends: behind a subject, and how close that came if none was found whole."""

    key: int = 0
    likeness: float | None = None

    @property
    def order(self) -> tuple[float, int]:
        """The closest come first, and those that are as close in the order they were created."""
        return -(self.likeness or 0), self.key


Found = list[tuple[Row[Any], Position]]


def list_subjects(
    database: Database,
    connection: Connection,
    gallery: GalleryRow,
    query: SubjectQuery,
    cursor: str | None,
    limit: int,
) -> Page[Enrollment]:
    """Read one page; errors as for `Store.subjects`."""
    if not 1 <= limit <= LONGEST:
        raise InvalidValue("limit", f"{limit} subjects make no page: 1 to {LONGEST:,} do")
    seal = _seal(gallery, query)
    start = None if cursor is None else _opened(cursor, seal)
    found = _Listing(database, connection, gallery, query).after(start, limit + 1)
    page = found[:limit]
    items = tuple(enrollment_of(row, gallery.id) for row, _ in page)
    return Page(items, _closed(page[-1][1], seal) if len(found) > limit else None)


class _Listing:
    """The subjects that a query finds, in order."""

    def __init__(
        self, database: Database, connection: Connection, gallery: GalleryRow, query: SubjectQuery
    ) -> None:
        self._database = database
        self._connection = connection
        self._gallery = gallery
        self._query = query
        self._words = words_of(query.text)[:MOST_WORDS]

    def after(self, start: Position | None, count: int) -> Found:
        """The next subjects behind a position, each with its own; None begins."""
        if self._query.text.strip() and not self._words:
            return []
        if start is not None and start.likeness is not None:
            return [entry for entry in self._close() if entry[1].order > start.order][:count]
        found = self._whole(start or Position(), count)
        return found if found or start or not self._words else self._close()[:count]

    def _whole(self, start: Position, count: int) -> Found:
        conditions = [*self._conditions(), subjects.c.key > start.key]
        if self._words:
            conditions.append(self._database.begin_words(self._words))
        in_order = ENROLLMENT.where(*conditions).order_by(subjects.c.key).limit(count)
        return [(row, Position(row.key)) for row in self._rows(in_order)]

    def _close(self) -> Found:
        keys = self._database.close_subjects(
            self._connection, self._gallery.key, self._words, CANDIDATES
        )
        candidates = self._database.one_of(subjects.c.key, keys)
        rows = self._rows(ENROLLMENT.where(candidates, *self._conditions()))
        scored = [(row, likeness(self._words, row.search_text)) for row in rows]
        close = [(row, Position(row.key, alike)) for row, alike in scored if alike >= CLOSE]
        return sorted(close, key=lambda entry: entry[1].order)[:MOST_CLOSE]

    def _conditions(self) -> list[ColumnElement[bool]]:
        alike = self._database.attribute_is
        return [
            *self._whose(),
            subjects.c.deleted_at.is_(None),
            *(or_(*(alike(name, value) for value in each)) for name, each in self._query.wanted),
        ]

    def _whose(self) -> Iterable[ColumnElement[bool]]:
        if self._query.name is not None:
            return called(self._database, self._gallery, self._query.name)
        return [in_gallery(self._gallery, by_words=bool(self._words))]

    def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        return self._connection.execute(query).all()


def _seal(gallery: GalleryRow, query: SubjectQuery) -> str:
    asked = canonical_json([gallery.id, query.text, query.wanted, query.name])
    return hashlib.blake2s(asked.encode(errors="surrogatepass"), digest_size=6).hexdigest()


def _closed(position: Position, seal: str) -> str:
    written = json.dumps([seal, position.key, position.likeness]).encode()
    return base64.urlsafe_b64encode(written).decode()


def _opened(cursor: str, seal: str) -> Position:
    try:
        found, key, alike = json.loads(base64.urlsafe_b64decode(cursor))
        position = Position(int(key), None if alike is None else float(alike))
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise InvalidValue("cursor", "it is none that was given out") from error
    if found != seal or not 0 <= position.key <= HIGHEST_KEY:
        raise InvalidValue("cursor", "it belongs to another query")
    return position
