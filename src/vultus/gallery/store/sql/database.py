"""A database: transactions on it, and what each kind does in its own way."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Engine, Table, bindparam
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from vultus.errors import InvalidValue, StoreBusy, StoreError, VultusError

Record = Mapping[str, Any]
"""A row to write, by the names of the columns."""

Failure = Callable[[str, str], StoreError]
"""Makes an error of the place of the store and the problem."""


canonical_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
"""Writes JSON so that equal values read the same."""


class Database(ABC):
    """An engine, and the dialect's own answers to what SQL leaves open."""

    def __init__(self, engine: Engine, *, snapshot: Engine, glance: Engine, place: str) -> None:
        """Hold three engines on one pool: to write, to read as of one moment, to ask one thing.

        `place` says where the database is, without a password.
        """
        self.engine = engine
        self.place = place
        self._snapshot = snapshot
        self._glance = glance

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one moment of the database."""
        with self.translated(), self._snapshot.connect() as connection:
            yield connection

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """A connection for a single statement, without the cost of a transaction."""
        with self.translated(), self._glance.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed at the end, or rolled back by an exception."""
        with self.translated(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Let errors of SQLAlchemy come out as ours.

        Their own sentences and causes stay inside: they may quote names and templates.
        """
        try:
            yield
        except PoolExhausted:
            problem = "all connections are in use"
            raise StoreBusy(self.place, problem) from None
        except SQLAlchemyError as error:
            raise self.failure(error) from None
        except OverflowError:
            # SQLite's driver; PostgreSQL itself says so.
            raise InvalidValue("a number", "it has more than 64 bits") from None
        except UnicodeEncodeError:
            problem = "it has half of a surrogate pair, which no name or id has"
            raise InvalidValue("text", problem) from None

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @abstractmethod
    def failure(self, error: SQLAlchemyError) -> VultusError:
        """Say in our words what went wrong."""

    @abstractmethod
    def lock_schema(self, connection: Connection) -> None:
        """Wait until no other process changes the schema; until the end of the transaction."""

    @abstractmethod
    def prepare(self) -> None:
        """Make and find what depends on the server and not on the migrations."""

    @abstractmethod
    def insert(self, connection: Connection, table: Table, rows: Sequence[Record]) -> None:
        """Write many rows fast; all of them have the same columns."""

    @abstractmethod
    def reserve_keys(self, connection: Connection, of: Table, count: int) -> Sequence[int]:
        """Take `count` new keys of a table, rising."""

    def one_of(self, of: ColumnElement[Any], values: Sequence[Any]) -> ColumnElement[bool]:
        """The condition that a column has one of any number of values."""
        given: BindParameter[Any] = bindparam("values", self.list_of(values), unique=True)
        return self.in_list(of, given)

    @abstractmethod
    def in_list(self, of: ColumnElement[Any], given: BindParameter[Any]) -> ColumnElement[bool]:
        """The condition that a column has one of the values of a list, made by `list_of`."""

    @abstractmethod
    def list_of(self, values: Sequence[Any]) -> Any:
        """A list as one parameter of a statement: variables are limited in number."""

    @abstractmethod
    def index_words(self, connection: Connection, meant: ColumnElement[bool]) -> None:
        """Let subjects be found by their search text, after they were written."""

    @abstractmethod
    def forget_words(self, connection: Connection, meant: ColumnElement[bool]) -> None:
        """Let subjects not be found by the search text that they have now, before it changes."""

    @abstractmethod
    def begin_words(self, words: Sequence[str]) -> ColumnElement[bool]:
        """The condition that every one of `words` begins a word of a subject's search text."""

    @abstractmethod
    def close_subjects(
        self, connection: Connection, gallery_key: int, words: tuple[str, ...], limit: int
    ) -> Sequence[int]:
        """Keys of live subjects whose search text shares letters with `words`; the best ones."""

    @abstractmethod
    def attribute_is(self, name: str, value: Any) -> ColumnElement[bool]:
        """The condition that a subject's attribute equals a JSON value."""

    @abstractmethod
    def after_purge(self) -> None:
        """Let nothing of purged rows stay in files where the database would leave it."""
