"""What only PostgreSQL does: its server, its roles, its extensions."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import numpy as np
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fakes import MODEL
from stores import ACTOR, enroll, fresh_postgres, photo
from vultus.domain.gallery import Gallery, GalleryCounts
from vultus.errors import StoreBusy, StoreFull, StoreReadOnly, StoreUnavailable
from vultus.gallery.store.opening import open_store
from vultus.gallery.store.requests import NewGallery, SubjectQuery
from vultus.gallery.store.sql import postgres
from vultus.gallery.store.sql.store import SqlStore

pytestmark = pytest.mark.service


@pytest.fixture
def store(postgres_url: str) -> Iterator[SqlStore]:
    opened = open_store(postgres_url, timeout_s=1)
    yield opened
    opened.close()


@contextmanager
def executing(url: str, *statements: str) -> Iterator[psycopg.Connection[object]]:
    with psycopg.connect(url) as connection:
        for statement in statements:
            connection.execute(statement)
        yield connection


def test_no_server_is_told_of() -> None:
    with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1:1"):
        open_store("postgresql://nobody@127.0.0.1:1/x", timeout_s=2)


def test_no_such_database_is_told_of(postgres_url: str) -> None:
    with pytest.raises(StoreUnavailable, match="does not exist"):
        open_store(f"{postgres_url}_not_there")


def test_a_connection_that_was_cut_is_made_again(
    store: SqlStore, gallery: Gallery, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "IDLE_S", 0.0)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'vultus'"
    cut += " AND datname = current_database()"
    for _ in range(3):
        assert store.counts(gallery.id) == GalleryCounts(0, 0)
        with executing(postgres_url, cut):
            pass


def test_a_connection_that_is_cut_in_use_is_told_of_once(
    store: SqlStore, gallery: Gallery, postgres_url: str
) -> None:
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'vultus'"
    cut += " AND datname = current_database()"
    store.revision(gallery.id)
    with executing(postgres_url, cut):
        pass
    with pytest.raises(StoreUnavailable):
        store.revision(gallery.id)
    assert store.revision(gallery.id) == gallery.revision


def test_who_waits_too_long_for_another_writer_is_told(
    store: SqlStore, gallery: Gallery, postgres_url: str
) -> None:
    with executing(postgres_url, "SELECT * FROM galleries FOR UPDATE"):
        with pytest.raises(StoreBusy, match="lock timeout"):
            enroll(store, gallery, "Ada", photo())
        assert store.counts(gallery.id) == GalleryCounts(0, 0)
    enroll(store, gallery, "Ada", photo())


def test_a_full_disk_loses_nothing(store: SqlStore, gallery: Gallery, postgres_url: str) -> None:
    enroll(store, gallery, "Ada", photo())
    before = store.revision(gallery.id)
    full = """
        CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
        CREATE TRIGGER no_room BEFORE INSERT ON faces FOR EACH ROW EXECUTE FUNCTION no_room()
    """
    with executing(postgres_url, full):
        pass
    try:
        with pytest.raises(StoreFull, match="could not extend file"):
            enroll(store, gallery, "Bob", photo())
    finally:
        with executing(postgres_url, "DROP TRIGGER no_room ON faces; DROP FUNCTION no_room()"):
            pass
    assert store.revision(gallery.id) == before
    assert store.counts(gallery.id) == GalleryCounts(1, 1)


def test_a_server_that_takes_no_writes_is_read(
    store: SqlStore, gallery: Gallery, postgres_url: str
) -> None:
    enroll(store, gallery, "Ada", photo())
    name = postgres_url.rsplit("/", 1)[1]
    with executing(postgres_url, f"ALTER DATABASE {name} SET default_transaction_read_only = on"):
        pass
    try:
        read_only = open_store(postgres_url)
        assert read_only.counts(gallery.id) == GalleryCounts(1, 1)
        with pytest.raises(StoreReadOnly):
            enroll(read_only, gallery, "Bob", photo())
        read_only.close()
    finally:
        with psycopg.connect(postgres_url, options="-c default_transaction_read_only=off") as undo:
            undo.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")


def test_without_trigrams_only_typos_are_not_forgiven(caplog: pytest.LogCaptureFixture) -> None:
    role = f"plain_{uuid4().hex}"
    with fresh_postgres() as url:
        with executing(
            url,
            f"CREATE ROLE {role} LOGIN",
            f"GRANT ALL ON SCHEMA public TO {role}",
        ):
            pass
        try:
            caplog.set_level(logging.WARNING)
            store = open_store(_as(role, url))
            assert "pg_trgm is missing" in caplog.text
            gallery = store.create_gallery(NewGallery("staff", MODEL, 3), actor=ACTOR)
            enroll(store, gallery, "Ada Lovelace", photo())
            assert _found(store, gallery, "love") == ["Ada Lovelace"]
            assert _found(store, gallery, "lovelase") == []
            store.close()
            administrator = open_store(url)
            assert _found(administrator, gallery, "lovelase") == ["Ada Lovelace"]
            administrator.close()
        finally:
            with executing(url, f"DROP OWNED BY {role} CASCADE", f"DROP ROLE {role}"):
                pass


def _as(role: str, url: str) -> str:
    return f"postgresql://{role}@{url.rsplit('@', 1)[1]}"


def _found(store: SqlStore, gallery: Gallery, words: str) -> list[str]:
    return [item.subject.name for item in store.subjects(gallery.id, SubjectQuery(words)).items]


vectors = arrays(np.float32, st.integers(1, 40), elements=st.floats(-1, 1, width=32))


@given(vectors)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_vectors_come_back_bit_for_bit(store: SqlStore, vector: np.ndarray) -> None:
    with store.database.reading() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        for binary in (False, True):
            cursor = driver.execute("SELECT %s", [vector], binary=binary)
            (back,) = cursor.fetchone()
            assert back.dtype == np.float32
            assert back.tobytes() == vector.tobytes()
