"""Opening a store by its address."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from vultus.errors import StoreUnsuitable
from vultus.gallery.store.sql.database import Database
from vultus.gallery.store.sql.schema import bring_up_to_date
from vultus.gallery.store.sql.sqlite import SqliteDatabase
from vultus.gallery.store.sql.store import SqlStore


def open_store(url: str, *, timeout_s: float = 30.0) -> SqlStore:
    """Open a store, make its tables if there are none, and change those of an older version.

    Args:
        url: `sqlite:///path/to/file.db` (four slashes where the path begins with one), or
            `postgresql://user@host/database`.
        timeout_s: how long to wait for other writers, and for a connection.

    Raises:
        StoreUnsuitable: the address names no database that can be used.
        StoreTooNew: a newer version made its tables.
        StoreError: it cannot be reached, read or written; the subclass says why.
    """
    database = _database(_parsed(url), timeout_s)
    try:
        bring_up_to_date(database)
    except BaseException:
        database.close()
        raise
    return SqlStore(database)


def open_as_it_is(url: str, *, timeout_s: float) -> Database:
    """Open the database of a store, and neither make its tables nor change them.

    Arguments and errors as for `open_store`. A file that is not there is made: see `sqlite_file`.
    """
    return _database(_parsed(url), timeout_s)


def sqlite_file(url: str) -> Path | None:
    """The file of a store on SQLite; None where the address names none.

    Raises:
        StoreUnsuitable: it is no URL of a database.
    """
    parsed = _parsed(url)
    is_path = parsed.get_backend_name() == "sqlite" and "uri" not in parsed.query
    if not is_path or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as error:
        # The address is not repeated: there may be a password in it.
        raise StoreUnsuitable("the given address", "it is no URL of a database") from error


def _database(url: URL, timeout_s: float) -> Database:
    backend = url.get_backend_name()
    if backend == "sqlite":
        return SqliteDatabase(url, timeout_s)
    if backend in ("postgresql", "postgres"):
        return _postgres(url, timeout_s)
    place = url.render_as_string(hide_password=True)
    raise StoreUnsuitable(place, "only sqlite: and postgresql: are known")


def _postgres(url: URL, timeout_s: float) -> Database:
    try:
        from vultus.gallery.store.sql.postgres import PostgresDatabase
    except ImportError as error:
        place = url.render_as_string(hide_password=True)
        problem = f"its driver is missing ({error.name}); run: pip install 'vultus[postgres]'"
        raise StoreUnsuitable(place, problem) from error
    return PostgresDatabase(url, timeout_s)
