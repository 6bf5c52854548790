"""Templates of datasets' images, kept so that a second evaluation of a model costs seconds.

A file holds what one model made under one set of settings. It is thrown away and made anew when
SQLite finds it damaged; a row that does not agree with its checksum counts as not there.
"""

import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from glob import escape
from hashlib import blake2b
from pathlib import Path

import numpy as np

from vultus.errors import TemplateCacheUnavailable
from vultus.evaluation.templates.embedded import MEASURES, Embedded

FORMAT = 1
"""Raised when rows change, or when the code makes other templates of the same image and model."""

PATIENCE_S = 30.0
ASKED_AT_ONCE = 500
TABLE = """
create table if not exists templates (
    digest text primary key, faces integer not null, numbers blob not null, checksum blob not null
) without rowid
"""

Row = tuple[str, int, bytes, bytes]


class TemplateCache:
    """What one model made of images, by their digests, in a file for its owner's eyes alone.

    Every method raises TemplateCacheUnavailable when the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        """Keep templates in a file, made when it is needed."""
        self._path = path

    def get(self, digests: Iterable[str]) -> dict[str, Embedded]:
        """Give what is kept of images, by digest."""
        self._drop_damaged()
        with self._opened() as database:
            return dict(_read(database, digests))

    def add(self, made: Mapping[str, Embedded]) -> None:
        """Keep what was made of images: afterwards all of it is durable, or nothing."""
        rows = [_row(digest, embedded) for digest, embedded in made.items()]
        with self._opened() as database, database:
            database.executemany("insert or replace into templates values (?, ?, ?, ?)", rows)

    def forget(self, digests: Collection[str]) -> None:
        """Delete what is kept of images."""
        self._drop_damaged()
        with self._opened() as database, database:
            rows = [(digest,) for digest in digests]
            database.executemany("delete from templates where digest = ?", rows)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with self._connected() as database:
            database.execute(TABLE)
            database.execute(f"pragma user_version = {FORMAT}")
            yield database

    def _drop_damaged(self) -> None:
        with self._connected() as database:
            if _is_sound(database):
                return
        for file in self._path.parent.glob(f"{escape(self._path.name)}*"):
            file.unlink(missing_ok=True)

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            with closing(sqlite3.connect(self._path, timeout=PATIENCE_S)) as database:
                database.execute("pragma secure_delete = on")
                yield database
        except (OSError, sqlite3.Error) as error:
            raise TemplateCacheUnavailable(str(self._path), str(error)) from error


def _is_sound(database: sqlite3.Connection) -> bool:
    try:
        (found,) = database.execute("pragma user_version").fetchone()
        return found in (0, FORMAT) and database.execute("pragma quick_check").fetchone() == ("ok",)
    except sqlite3.OperationalError:
        raise  # Another process holds the file, or it cannot be read.
    except sqlite3.DatabaseError:
        return False


def _read(database: sqlite3.Connection, digests: Iterable[str]) -> Iterator[tuple[str, Embedded]]:
    asked = list(digests)
    for start in range(0, len(asked), ASKED_AT_ONCE):
        some = asked[start : start + ASKED_AT_ONCE]
        marks = ",".join("?" * len(some))
        rows = database.execute(f"select * from templates where digest in ({marks})", some)
        for digest, faces, numbers, checksum in rows:
            if checksum == _checksum(digest, faces, numbers):
                yield digest, _embedded(faces, numbers)


def _row(digest: str, embedded: Embedded) -> Row:
    values = np.concatenate([embedded.measures, embedded.vector]).astype("<f4").tobytes()
    return digest, embedded.faces, values, _checksum(digest, embedded.faces, values)


def _embedded(faces: int, numbers: bytes) -> Embedded:
    values = np.frombuffer(numbers, "<f4").astype(np.float32)
    return Embedded(faces, values[len(MEASURES) :], values[: len(MEASURES)])


def _checksum(digest: str, faces: int, numbers: bytes) -> bytes:
    return blake2b(f"{digest} {faces} ".encode() + numbers, digest_size=16).digest()
