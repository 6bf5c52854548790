"""What goes wrong with a store comes out as an error of ours, whatever it is."""

import inspect
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from psycopg import errors as postgres_errors
from psycopg.errors import lookup
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, OperationalError

from stores import ACTOR, kinds, photo
from vultus.domain.answer import Answer, Claim
from vultus.domain.changes import NewSubject, SubjectChange
from vultus.domain.gallery import Gallery
from vultus.domain.key import NewKey, Scope
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
from vultus.gallery.store.opening import open_store
from vultus.gallery.store.port import Store
from vultus.gallery.store.requests import Enrolling, GalleryChange, NewGallery
from vultus.gallery.store.sql.database import Database
from vultus.gallery.store.sql.store import SqlStore

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CLAIM = Claim("x", "token")

EVERYTHING: dict[str, Callable[[Store, Gallery], Any]] = {
    "create_gallery": lambda s, g: s.create_gallery(NewGallery("new", g.model, 3), actor=ACTOR),
    "gallery": lambda s, g: s.gallery(g.id),
    "galleries": lambda s, g: s.galleries(),
    "counts": lambda s, g: s.counts(g.id),
    "update_gallery": lambda s, g: s.update_gallery(g.id, GalleryChange(name="x"), actor=ACTOR),
    "delete_gallery": lambda s, g: s.delete_gallery(g.id, actor=ACTOR),
    "create_subject": lambda s, g: s.create_subject(g.id, NewSubject("Ada"), actor=ACTOR),
    "subject": lambda s, g: s.subject(g.id, "x"),
    "subject_by_external_id": lambda s, g: s.subject_by_external_id(g.id, "x"),
    "subjects": lambda s, g: s.subjects(g.id),
    "update_subject": lambda s, g: s.update_subject(g.id, "x", SubjectChange(), actor=ACTOR),
    "delete_subject": lambda s, g: s.delete_subject(g.id, "x", actor=ACTOR),
    "delete_all_subjects": lambda s, g: s.delete_all_subjects(g.id, actor=ACTOR),
    "restore_subject": lambda s, g: s.restore_subject(g.id, "x", actor=ACTOR),
    "merge_subjects": lambda s, g: s.merge_subjects(g.id, "x", ["y"], actor=ACTOR),
    "undo_merge": lambda s, g: s.undo_merge(g.id, "x", actor=ACTOR),
    "merges": lambda s, g: s.merges(g.id),
    "enroll": lambda s, g: s.enroll(g.id, [Enrolling(NewSubject("A"), [photo()])], actor=ACTOR),
    "faces": lambda s, g: s.faces(g.id, "x"),
    "face": lambda s, g: s.face(g.id, "x"),
    "known_digests": lambda s, g: s.known_digests(g.id, ["x"]),
    "delete_face": lambda s, g: s.delete_face(g.id, "x", actor=ACTOR),
    "move_faces": lambda s, g: s.move_faces(g.id, ["x"], "y", actor=ACTOR),
    "update_template": lambda s, g: s.update_template(g.id, "x", [photo()], actor=ACTOR),
    "revision": lambda s, g: s.revision(g.id),
    "changes": lambda s, g: list(s.changes(g.id, 0)),
    "subjects_by_key": lambda s, g: s.subjects_by_key(g.id, [1]),
    "face_ids_by_key": lambda s, g: s.face_ids_by_key(g.id, [1]),
    "templates_of": lambda s, g: s.templates_of(g.id, [1]),
    "export_subjects": lambda s, g: list(s.export_subjects(g.id)),
    "import_subjects": lambda s, g: s.import_subjects(g.id, [], actor=ACTOR),
    "record": lambda s, g: s.record("x", actor=ACTOR),
    "events": lambda s, g: s.events(),
    "purge": lambda s, g: s.purge(NOW, today=NOW.date(), actor=ACTOR),
    "hold_blobs": lambda s, g: s.hold_blobs(["x"], until=NOW),
    "release_blobs": lambda s, g: s.release_blobs(["x"]),
    "doomed_blobs": lambda s, g: s.doomed_blobs(),
    "forget_blobs": lambda s, g: s.forget_blobs(["x"]),
    "create_key": lambda s, g: s.create_key(NewKey("door", Scope.READ), "digest", actor=ACTOR),
    "key": lambda s, g: s.key("x"),
    "key_by_digest": lambda s, g: s.key_by_digest("x"),
    "keys": lambda s, g: s.keys(),
    "has_keys": lambda s, g: s.has_keys(),
    "revoke_key": lambda s, g: s.revoke_key("x", actor=ACTOR),
    "note_key_use": lambda s, g: s.note_key_use("x", NOW),
    "claim": lambda s, g: s.claim("x", "digest", until=NOW, expires_at=NOW, repeatable=True),
    "keep_answer": lambda s, g: s.keep_answer(CLAIM, Answer(200, {}, b"")),
    "give_back": lambda s, g: s.give_back(CLAIM),
    "forget_answers": lambda s, g: s.forget_answers(),
}


NO_WORK = {"close", "carrying_out"}


def test_the_list_above_names_every_method() -> None:
    methods = {name for name, _ in inspect.getmembers(SqlStore, inspect.isfunction)}
    assert {name for name in methods if not name.startswith("_")} - NO_WORK == set(EVERYTHING)


@kinds
def test_no_method_lets_a_foreign_error_out(store: SqlStore, gallery: Gallery) -> None:
    with _broken():
        for ask in EVERYTHING.values():
            with pytest.raises(StoreUnavailable):
                ask(store, gallery)
    assert store.gallery(gallery.id) == gallery


@contextmanager
def _broken() -> Iterator[None]:
    """Let every statement of this process fail as if the connection were lost."""

    def fail(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("the line is dead"))

    event.listen(Engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", fail)


SQLITE_CODES = {
    name
    for name in dir(sqlite3)
    if name.startswith("SQLITE_") and isinstance(getattr(sqlite3, name), int)
}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("SQLITE_BUSY_SNAPSHOT", StoreBusy),
        ("SQLITE_LOCKED_SHAREDCACHE", StoreBusy),
        ("SQLITE_READONLY_DBMOVED", StoreReadOnly),
        ("SQLITE_FULL", StoreFull),
        ("SQLITE_CORRUPT_VTAB", StoreDamaged),
        ("SQLITE_NOTADB", StoreDamaged),
        ("SQLITE_CANTOPEN_ISDIR", StoreUnavailable),
        ("SQLITE_IOERR_WRITE", StoreUnavailable),
    ],
)
def test_sqlites_codes_have_a_meaning(
    name: str, kind: type[StoreError], tmp_path: Path, sqlite_url: str
) -> None:
    assert name in SQLITE_CODES
    store = open_store(sqlite_url)
    assert type(store.database.failure(_sqlite_error(name))) is kind
    store.close()


@pytest.mark.parametrize("name", ["SQLITE_IOERR_SHMSIZE", "SQLITE_CANTOPEN"])
@pytest.mark.parametrize("left", [{"f_bavail": 1}, {"f_favail": 0}])
def test_what_fails_where_no_room_is_left_is_a_full_disk(
    name: str, left: dict[str, int], sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(sqlite_url)
    room = {"f_frsize": 4096, "f_bavail": 10**6, "f_files": 10**6, "f_favail": 10**6} | left
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(**room))
    assert type(store.database.failure(_sqlite_error(name))) is StoreFull
    store.close()


def test_every_code_of_sqlite_is_translated(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    for name in SQLITE_CODES:
        error = store.database.failure(_sqlite_error(name))
        assert isinstance(error, StoreError)
        assert "secret" not in str(error)
    store.close()


def _sqlite_error(name: str) -> DBAPIError:
    cause = sqlite3.OperationalError("what SQLite says")
    cause.sqlite_errorname = name
    return OperationalError("INSERT secret", {"name": "secret"}, cause)


SQLSTATES = {
    error.sqlstate
    for _, error in inspect.getmembers(postgres_errors, inspect.isclass)
    if issubclass(error, psycopg.Error) and error.sqlstate
}


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("55P03", StoreBusy),
        ("40P01", StoreBusy),
        ("40001", StoreBusy),
        ("53300", StoreBusy),
        ("25006", StoreReadOnly),
        ("42501", StoreReadOnly),
        ("53100", StoreFull),
        ("XX001", StoreDamaged),
        ("22003", InvalidValue),
        ("22P02", InvalidValue),
        ("42P01", StoreDamaged),
        ("08006", StoreUnavailable),
        ("57P01", StoreUnavailable),
        ("28P01", StoreUnavailable),
        ("3D000", StoreUnavailable),
    ],
)
def test_sqlstates_have_a_meaning(state: str, kind: type[VultusError]) -> None:
    assert state in SQLSTATES
    assert type(_postgres().failure(_postgres_error(state))) is kind


def test_every_sqlstate_is_translated() -> None:
    assert len(SQLSTATES) > 200
    for state in SQLSTATES:
        error = _postgres().failure(_postgres_error(state))
        assert isinstance(error, InvalidValue if state.startswith("22") else StoreError)
        assert "secret" not in str(error)


def _postgres() -> Database:
    from sqlalchemy import make_url

    from vultus.gallery.store.sql.postgres import PostgresDatabase

    return PostgresDatabase(make_url("postgresql://nobody@127.0.0.1:1/x"), 1)


def _postgres_error(state: str) -> DBAPIError:
    return OperationalError("INSERT secret", {"name": "secret"}, lookup(state)("what it says"))
