"""PostgreSQL through psycopg 3: any number of processes, one writer at a time in each gallery."""

import json
import logging
from collections.abc import Sequence
from functools import lru_cache
from time import monotonic
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg.adapt import Buffer, Dumper, Loader
from psycopg.pq import Format
from sqlalchemy import (
    URL,
    BindParameter,
    ColumnElement,
    Connection,
    Table,
    any_,
    cast,
    create_engine,
    event,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSQUERY
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from vultus.errors import (
    InvalidValue,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreReadOnly,
    StoreUnavailable,
    VultusError,
)
from vultus.gallery.store.sql.database import Database, Failure, Record, canonical_json
from vultus.gallery.store.sql.tables import subjects

log = logging.getLogger(__name__)

FAILURES: dict[str, Failure] = {
    "55P03": StoreBusy,
    "57014": StoreBusy,
    "53300": StoreBusy,
    "40": StoreBusy,
    "25006": StoreReadOnly,
    "42501": StoreReadOnly,
    "53100": StoreFull,
    "53200": StoreFull,
    "54": StoreFull,
    "21": StoreDamaged,
    "23": StoreDamaged,
    "42": StoreDamaged,
    "XX": StoreDamaged,
}
"""SQLSTATEs, or their first two characters; every other is StoreUnavailable."""

DATA = "22"
"""The SQLSTATEs that say what was asked or given, not what is stored, makes no sense."""

MANY = 500
"""From so many rows on, writing them changes how the table is best read."""

IDLE_S = 5.0
"""A connection that was not used for so long is tried before it is used again."""

SCHEMA_LOCK = 0x76756C747573
WORDS = func.array_to_tsvector(func.string_to_array(subjects.c.search_text, literal_column("' '")))
LEAST_TRIGRAM_SIMILARITY = "0.3"
MOST_SCORED = 5_000


class PostgresDatabase(Database):
    """A database on a server, whose `synchronous_commit` decides what a power failure may take."""

    def __init__(self, url: URL, timeout_s: float) -> None:
        """Prepare connections to the server that the URL names; none is made yet.

        `timeout_s` bounds the wait for a connection and for what other writers hold.
        """
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args={
                "connect_timeout": max(int(timeout_s), 2),
                "options": f"-c lock_timeout={int(timeout_s * 1000)}",
                "application_name": "vultus",
            },
            pool_timeout=timeout_s,
            json_serializer=canonical_json,
            json_deserializer=_read_json,
            hide_parameters=True,
        )
        event.listen(engine, "connect", _configure)
        event.listen(engine, "checkin", _note_use)
        event.listen(engine, "checkout", _ping_when_idle)
        super().__init__(
            engine,
            snapshot=engine.execution_options(isolation_level="REPEATABLE READ"),
            glance=engine.execution_options(isolation_level="AUTOCOMMIT"),
            place=url.render_as_string(hide_password=True),
        )
        self._has_trigrams = False

    def failure(self, error: SQLAlchemyError) -> VultusError:
        """Translate by SQLSTATE; only the primary sentence, because the others quote values."""
        cause = error.orig if isinstance(error, DBAPIError) else None
        if not isinstance(cause, psycopg.Error):
            return StoreUnavailable(self.place, type(error).__name__)
        return self._failure(cause)

    def _failure(self, cause: psycopg.Error) -> VultusError:
        if isinstance(cause, psycopg.DataError) and cause.sqlstate is None:
            return InvalidValue("text", "it has a NUL character, which no name or id has")
        state = cause.sqlstate or ""
        if state.startswith(DATA):
            return InvalidValue("a value", "the database has no room for it or cannot read it")
        kind = FAILURES.get(state) or FAILURES.get(state[:2], StoreUnavailable)
        problem = cause.diag.message_primary or str(cause)
        return kind(self.place, " ".join(problem.split()))

    def lock_schema(self, connection: Connection) -> None:
        """Take an advisory lock, which exists before any table does."""
        connection.execute(select(func.pg_advisory_xact_lock(SCHEMA_LOCK)))

    def prepare(self) -> None:
        """Index trigrams, if the extension is there or may be made."""
        indexed = text("SELECT to_regclass('subjects_trigrams') IS NOT NULL")
        with self.reading() as connection:
            self._has_trigrams = bool(connection.execute(indexed).scalar())
        if self._has_trigrams:
            return
        try:
            with self.writing() as connection:
                self._index_trigrams(connection)
        except StoreError as error:
            log.warning(
                "%s forgives no typos in names, because pg_trgm is missing: %s. "
                "Let an administrator run CREATE EXTENSION pg_trgm (Debian: postgresql-contrib)",
                self.place,
                error,
            )

    def _index_trigrams(self, connection: Connection) -> None:
        self.lock_schema(connection)
        for statement in (
            "CREATE EXTENSION IF NOT EXISTS pg_trgm",
            "CREATE INDEX IF NOT EXISTS subjects_trigrams ON subjects"
            " USING gin (search_text gin_trgm_ops)",
        ):
            connection.execute(text(statement))
        self._has_trigrams = True

    def insert(self, connection: Connection, of: Table, rows: Sequence[Record]) -> None:
        """Copy the rows in binary: twice as fast as inserting them."""
        if not rows:
            return
        names = list(rows[0])
        types = [of.c[name].type.compile(connection.dialect).lower() for name in names]
        columns = ", ".join(f'"{name}"' for name in names)
        cursor: psycopg.Cursor[Any] = connection.connection.cursor()  # type: ignore[assignment]
        statement = f"COPY {of.name} ({columns}) FROM STDIN (FORMAT BINARY)"
        try:
            with cursor, cursor.copy(statement) as copy:
                copy.set_types(types)
                for row in rows:
                    copy.write_row([row[name] for name in names])
        except psycopg.Error as error:
            raise self._failure(error) from None
        if len(rows) >= MANY:
            self._refresh_statistics(connection, of, len(rows))

    def _refresh_statistics(self, connection: Connection, of: Table, added: int) -> None:
        # The planner takes `deleted_at IS NULL` for rare until it is told otherwise, and reads
        # whole galleries; autovacuum would tell it a minute later.
        known = text("SELECT reltuples FROM pg_class WHERE oid = to_regclass(:name)")
        if connection.execute(known, {"name": of.name}).scalar_one() < 2 * added:
            connection.execute(text(f"ANALYZE {of.name}"))

    def reserve_keys(self, connection: Connection, of: Table, count: int) -> Sequence[int]:
        """Draw keys from the table's sequence."""
        if not count:
            return ()
        key = func.nextval(f"{of.name}_key_seq")
        drawn = select(key).select_from(func.generate_series(1, count))
        return connection.execute(drawn).scalars().all()

    def in_list(self, of: ColumnElement[Any], given: BindParameter[Any]) -> ColumnElement[bool]:
        """Compare with an array."""
        return of == any_(cast(given, ARRAY(of.type)))

    def list_of(self, values: Sequence[Any]) -> list[Any]:
        """The driver makes an array of a list."""
        return list(values)

    def index_words(self, connection: Connection, meant: ColumnElement[bool]) -> None:
        """Nothing to do: the index is one of the table's."""

    def forget_words(self, connection: Connection, meant: ColumnElement[bool]) -> None:
        """Nothing to do: the index is one of the table's."""

    def begin_words(self, words: Sequence[str]) -> ColumnElement[bool]:
        """Ask the full-text index."""
        query = " & ".join(f"'{word}':*" for word in words)
        return WORDS.bool_op("@@")(cast(literal(query), TSQUERY))

    def close_subjects(
        self, connection: Connection, gallery_key: int, words: tuple[str, ...], limit: int
    ) -> Sequence[int]:
        """Ask the index of trigrams."""
        if not self._has_trigrams:
            return ()
        threshold = "pg_trgm.word_similarity_threshold"
        connection.execute(select(func.set_config(threshold, LEAST_TRIGRAM_SIMILARITY, True)))
        alike = (
            select(subjects.c.key, subjects.c.search_text)
            .where(
                or_(*(subjects.c.search_text.bool_op("%>")(word) for word in words)),
                subjects.c.gallery_key == gallery_key,
                subjects.c.deleted_at.is_(None),
            )
            .limit(MOST_SCORED)
            .subquery()
        )
        closeness = func.word_similarity(" ".join(words), alike.c.search_text)
        best = select(alike.c.key).order_by(closeness.desc(), alike.c.key).limit(limit)
        return connection.execute(best).scalars().all()

    def attribute_is(self, name: str, value: Any) -> ColumnElement[bool]:
        """Let the index find what contains the value, and compare."""
        wanted = cast(literal(value, JSONB), JSONB)
        contains = subjects.c.attributes.bool_op("@>")(cast(literal({name: value}, JSONB), JSONB))
        return contains & (subjects.c.attributes.op("->", return_type=JSONB())(name) == wanted)

    def after_purge(self) -> None:
        """Nothing to do: the server's vacuum reuses the room."""


class BinaryServerCursor(psycopg.ServerCursor[Any]):
    """Reads large results in binary: templates as text would take ten times as long."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.format = Format.BINARY


REAL = psycopg.adapters.types["float4"].oid
REAL_ARRAY = psycopg.adapters.types["float4"].array_oid
ELEMENT = np.dtype([("size", ">i4"), ("value", ">f4")])
HEADER = np.dtype(">i4")


class VectorDumper(Dumper):
    """(D,) float32 → the binary form of `real[]`."""

    format = Format.BINARY
    oid = REAL_ARRAY

    def dump(self, obj: NDArray[np.float32]) -> Buffer:
        """Write one dimension, no nulls, the type of the elements, their number, from 1."""
        header, blank = _frame(obj.size)
        elements = blank.copy()
        elements["value"] = obj
        return header + elements.tobytes()


@lru_cache(maxsize=8)
def _frame(size: int) -> tuple[bytes, NDArray[np.void]]:
    """What is the same in all arrays of one size: the header, and the size of each element."""
    blank = np.zeros(size, ELEMENT)
    blank["size"] = 4
    return np.array([1, 0, REAL, size, 1], HEADER).tobytes(), blank


class VectorLoader(Loader):
    """The binary form of `real[]` → (D,) float32."""

    format = Format.BINARY

    def load(self, data: Buffer) -> NDArray[np.float32]:
        """Read what `VectorDumper` writes."""
        elements = np.frombuffer(data, ELEMENT, offset=5 * HEADER.itemsize)
        return elements["value"].astype(np.float32)


class VectorTextLoader(Loader):
    """The text form of `real[]` → (D,) float32."""

    format = Format.TEXT

    def load(self, data: Buffer) -> NDArray[np.float32]:
        """Read numbers between braces."""
        return np.array(bytes(data)[1:-1].split(b","), np.float32)


def _whole(digits: str) -> int | float:
    # The server writes 1e+19 as 10000000000000000000: what no integer of 64 bits holds was a float.
    value = int(digits)
    return value if -(2**63) <= value < 2**63 else float(digits)


_JSON = json.JSONDecoder(parse_int=_whole)


def _read_json(document: str | bytes) -> Any:
    """Read JSON as it was written, though the server has its own way of writing numbers."""
    return _JSON.decode(document if isinstance(document, str) else document.decode())


def _note_use(_: object, record: ConnectionPoolEntry) -> None:
    record.info["used_at_s"] = monotonic()


def _ping_when_idle(
    connection: psycopg.Connection[Any], record: ConnectionPoolEntry, _: object
) -> None:
    # A ping before every query would double its time; a connection that was just used is alive.
    if monotonic() - record.info.get("used_at_s", 0.0) < IDLE_S:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error as error:
        raise DisconnectionError from error


def _configure(connection: psycopg.Connection[Any], _: object) -> None:
    connection.server_cursor_factory = BinaryServerCursor
    connection.adapters.register_dumper(np.ndarray, VectorDumper)
    connection.adapters.register_loader(REAL_ARRAY, VectorLoader)
    connection.adapters.register_loader(REAL_ARRAY, VectorTextLoader)
