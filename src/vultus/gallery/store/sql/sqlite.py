"""SQLite: one file, any number of processes, one writer at a time.

`synchronous=FULL` makes every commit wait until the write-ahead log is on the disk: in WAL mode
NORMAL would lose the last commits when the power fails, though not when a process is killed.
"""

import errno
import json
import logging
import os
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import (
    URL,
    BindParameter,
    ColumnElement,
    Connection,
    Dialect,
    Table,
    column,
    create_engine,
    event,
    func,
    literal,
    select,
    table,
    text,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.types import TypeEngine

from vultus.errors import (
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreReadOnly,
    StoreUnavailable,
    StoreUnsuitable,
)
from vultus.gallery.store.sql.database import Database, Failure, Record, canonical_json
from vultus.gallery.store.sql.tables import subjects
from vultus.gallery.store.sql.words import trigrams_of

log = logging.getLogger(__name__)

FAILURES: dict[str, Failure] = {
    "SQLITE_BUSY": StoreBusy,
    "SQLITE_LOCKED": StoreBusy,
    "SQLITE_PROTOCOL": StoreBusy,
    "SQLITE_INTERRUPT": StoreBusy,
    "SQLITE_READONLY": StoreReadOnly,
    "SQLITE_PERM": StoreReadOnly,
    "SQLITE_FULL": StoreFull,
    "SQLITE_CORRUPT": StoreDamaged,
    "SQLITE_NOTADB": StoreDamaged,
    "SQLITE_FORMAT": StoreDamaged,
    "SQLITE_SCHEMA": StoreDamaged,
    "SQLITE_CONSTRAINT": StoreDamaged,
    "SQLITE_ERROR": StoreDamaged,
}
"""Result codes by their first two words; every other is StoreUnavailable."""

SETTINGS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    # Indexes of random digests are written all over: memory for 32 MiB of pages, and a log of as
    # much before it is folded in, double the speed of bulk writes.
    "cache_size=-32768",
    "wal_autocheckpoint=8000",
)
"""What every connection is told."""

NO_ROOM = errno.ENOSPC, errno.EDQUOT
NOT_OURS = errno.EACCES, errno.EPERM, errno.EROFS
LEAST_ROOM_BYTES = 1024**2
"""An input or output error where less is free comes from there: the log's index finds no room."""

FULL_TEXT = tuple(
    table(name, column(name), column("rowid"), column("words"))
    for name in ("subject_words", "subject_trigrams")
)
PADDED = literal(" ") + subjects.c.search_text + literal(" ")


class SqliteDatabase(Database):
    """A database in one file, made with permissions for its owner alone."""

    def __init__(self, url: URL, timeout_s: float) -> None:
        """Open or make the file that the URL names; wait for other writers at most `timeout_s`.

        Raises:
            StoreUnsuitable: the URL names no file.
            StoreUnavailable: the file cannot be made.
        """
        if url.database in (None, "", ":memory:") or "mode=memory" in str(url):
            raise StoreUnsuitable(str(url), "a database in memory does not stay; name a file")
        place = str(url.database)
        self._timeout_ms = int(timeout_s * 1000)
        if "uri" not in url.query:
            _make_private(Path(place))
            url = _readable(url, Path(place))
        asked: dict[str, Any] = {"json_serializer": canonical_json, "hide_parameters": True}
        engine = create_engine(
            url,
            connect_args={"timeout": timeout_s, "check_same_thread": False},
            pool_timeout=timeout_s,
            **asked,
        )
        event.listen(engine, "connect", _configure)
        event.listen(engine, "begin", _begin)
        super().__init__(
            engine,
            snapshot=engine.execution_options(begin="BEGIN DEFERRED"),
            # Nobody listens to it: a twentieth of a millisecond for every question.
            glance=create_engine(url, pool=engine.pool, **asked),
            place=place,
        )

    def failure(self, error: SQLAlchemyError) -> StoreError:
        """Translate by SQLite's result code."""
        cause = error.orig if isinstance(error, DBAPIError) else None
        name = getattr(cause, "sqlite_errorname", "")
        kind = FAILURES.get("_".join(name.split("_")[:2]), StoreUnavailable)
        if name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")) and _is_full(Path(self.place)):
            kind = StoreFull
        return kind(self.place, str(cause or type(error).__name__))

    def lock_schema(self, connection: Connection) -> None:
        """Nothing to do: the transaction has begun by taking the only lock there is."""

    def prepare(self) -> None:
        """Nothing to do: SQLite brings all that is needed."""

    def insert(self, connection: Connection, of: Table, rows: Sequence[Record]) -> None:
        """Hand all rows to the driver at once: SQLAlchemy would name each value of each row."""
        if not rows:
            return
        names = list(rows[0])
        written = [_written(of.c[name].type, connection.dialect) for name in names]
        columns = ", ".join(f'"{name}"' for name in names)
        statement = f"INSERT INTO {of.name} ({columns}) VALUES ({', '.join('?' * len(names))})"
        values = [
            tuple(write(row[name]) for name, write in zip(names, written, strict=True))
            for row in rows
        ]
        connection.exec_driver_sql(statement, values)

    def reserve_keys(self, connection: Connection, of: Table, count: int) -> Sequence[int]:
        """Count up from the highest key ever used; no other process writes meanwhile."""
        used = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        highest = connection.execute(used, {"name": of.name}).scalar() or 0
        return range(highest + 1, highest + count + 1)

    def in_list(self, of: ColumnElement[Any], given: BindParameter[Any]) -> ColumnElement[bool]:
        """Read the values out of a JSON array."""
        return of.in_(select(func.json_each(given).table_valued("value").c.value))

    def list_of(self, values: Sequence[Any]) -> str:
        """Write a JSON array."""
        return canonical_json(list(values))

    def index_words(self, connection: Connection, meant: ColumnElement[bool]) -> None:
        """Add a row to both full-text tables."""
        for words in FULL_TEXT:
            chosen = select(subjects.c.key, PADDED).where(meant)
            connection.execute(words.insert().from_select(["rowid", "words"], chosen))

    def forget_words(self, connection: Connection, meant: ColumnElement[bool]) -> None:
        """Delete the rows; a table without content asks for the text that it was given."""
        for words in FULL_TEXT:
            chosen = select(literal("delete"), subjects.c.key, PADDED).where(meant)
            connection.execute(words.insert().from_select([words.name, "rowid", "words"], chosen))

    def begin_words(self, words: Sequence[str]) -> ColumnElement[bool]:
        """Ask the full-text table of words."""
        query = " ".join(f'"{word}"*' for word in words)
        found = text("SELECT rowid FROM subject_words WHERE subject_words MATCH :words")
        return subjects.c.key.in_(found.bindparams(words=query).columns(rowid=subjects.c.key.type))

    def close_subjects(
        self, connection: Connection, gallery_key: int, words: tuple[str, ...], limit: int
    ) -> Sequence[int]:
        """Ask the full-text table of trigrams for those that share the rarest ones."""
        query = " OR ".join(f'"{trigram}"' for trigram in trigrams_of(words))
        found = connection.execute(
            text(
                "SELECT subjects.key FROM subject_trigrams"
                " JOIN subjects ON subjects.key = subject_trigrams.rowid"
                " WHERE subject_trigrams MATCH :query"
                " AND subjects.gallery_key = :gallery_key AND subjects.deleted_at IS NULL"
                " ORDER BY subject_trigrams.rank LIMIT :limit"
            ),
            {"query": query, "gallery_key": gallery_key, "limit": limit},
        )
        return found.scalars().all()

    def attribute_is(self, name: str, value: Any) -> ColumnElement[bool]:
        """Compare with what `json_each` gives, which has its own word for true and false."""
        each = func.json_each(subjects.c.attributes).table_valued("key", "type", "value")
        same: ColumnElement[bool] = each.c.type.in_(_json_types(value))
        if isinstance(value, list | dict):
            same &= func.same_json(each.c.value, canonical_json(value))
        elif value is not None and not isinstance(value, bool):
            same &= each.c.value == literal(value)
        return select(each).where(each.c.key == name, same).exists()

    def after_purge(self) -> None:
        """Merge the full-text tables and empty the log: purged words stay in neither."""
        with self.writing() as connection:
            for words in FULL_TEXT:
                connection.execute(words.insert().values({words.name: "optimize"}))
        with self.asking() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 0")
            try:
                blocked, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {self._timeout_ms}")
        if blocked:
            log.info("purged rows stay in the log of %s until its readers are done", self.place)


def _written(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any]:
    """What turns a value into what the driver takes for a column of that kind."""
    return kind.dialect_impl(dialect).bind_processor(dialect) or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _make_private(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        if error.errno in NOT_OURS and path.is_file():
            return
        kind = StoreFull if error.errno in NO_ROOM else StoreUnavailable
        raise kind(str(path), str(error.strerror)) from error


def _readable(url: URL, path: Path) -> URL:
    """The URL by which a file is read where nothing can be written, not even a log beside it.

    Where there is a log, somebody has the file open, and SQLite reads both.
    """
    log_file = path.with_name(f"{path.name}-wal")
    if os.access(path, os.W_OK) or os.access(path.parent, os.W_OK) or log_file.exists():
        return url
    as_it_is = {**url.query, "mode": "ro", "immutable": "1", "uri": "true"}
    return url.set(database=path.absolute().as_uri(), query=as_it_is)


def _is_full(path: Path) -> bool:
    """Whether so little room is left beside a file that SQLite's own files find none."""
    try:
        room = os.statvfs(path.parent)
    except OSError:
        return False
    # Some file systems count no files, and say 0 of 0.
    no_files = room.f_files > 0 and room.f_favail == 0
    return no_files or room.f_bavail * room.f_frsize < LEAST_ROOM_BYTES


def _configure(connection: SqliteConnection, _: object) -> None:
    # Transactions begin when we say so: see _begin.
    connection.isolation_level = None
    for setting in SETTINGS:
        connection.execute(f"PRAGMA {setting}")
    connection.create_function("same_json", 2, _same_json, deterministic=True)


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: a reader that turned writer could only fail.
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"))


def _number(written: str) -> tuple[Decimal]:
    # In a tuple, which no JSON is: else true would equal 1.
    return (Decimal(written),)


_EXACT = json.JSONDecoder(parse_int=_number, parse_float=_number)


def _same_json(one: str, other: str) -> bool:
    """Whether two documents are equal, number by number: 1.0 is 1."""
    return bool(_EXACT.decode(one) == _EXACT.decode(other))


def _json_types(value: Any) -> tuple[str, ...]:
    if value is None:
        return ("null",)
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, str):
        return ("text",)
    if isinstance(value, list | dict):
        return ("array" if isinstance(value, list) else "object",)
    return ("integer", "real")
