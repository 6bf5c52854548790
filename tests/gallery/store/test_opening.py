"""Opening a store: from nothing, from an older version, from a newer one."""

import multiprocessing
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from fakes import MODEL
from stores import ACTOR, fresh_postgres, kinds
from vultus.errors import StoreTooNew, StoreUnavailable, StoreUnsuitable
from vultus.gallery.store.opening import open_store
from vultus.gallery.store.requests import NewGallery
from vultus.gallery.store.sql.schema import CURRENT
from vultus.gallery.store.sql.store import SqlStore
from vultus.gallery.store.sql.tables import metadata


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.service)])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database in which nothing was made yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new/place/store.db"
    else:
        with fresh_postgres() as url:
            yield url


def test_an_empty_database_becomes_a_store(empty_database: str) -> None:
    first = open_store(empty_database)
    gallery = first.create_gallery(NewGallery("staff", MODEL, 3), actor=ACTOR)
    first.close()
    second = open_store(empty_database)
    assert second.gallery("staff") == gallery
    second.close()


def test_processes_that_open_it_at_once_make_it_once(empty_database: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(4) as pool:
        made = pool.map(_create_gallery, [(empty_database, f"{n}") for n in range(8)])
        pool.close()
        pool.join()
    store = open_store(empty_database)
    assert sorted(each.id for each in store.galleries()) == sorted(made)
    store.close()


def _create_gallery(given: tuple[str, str]) -> str:
    url, name = given
    store = open_store(url)
    try:
        return store.create_gallery(NewGallery(name, MODEL, 3), actor=ACTOR).id
    finally:
        store.close()


@kinds
def test_the_migrations_make_the_tables_that_the_code_knows(store: SqlStore) -> None:
    with store.database.reading() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_object": _is_ours, "compare_type": True, "compare_server_default": True},
        )
        assert compare_metadata(context, metadata) == []


def _is_ours(_: object, name: str, kind: str, reflected: bool, compare_to: object) -> bool:
    # What is searched by is made by the migrations alone: each database has its own.
    return not (reflected and compare_to is None and name.startswith(("subject_", "subjects_")))


def test_the_current_schema_is_that_of_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "vultus.gallery.store:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [CURRENT]


@kinds
def test_a_store_of_a_newer_version_is_left_alone(store_url: str) -> None:
    store = open_store(store_url)
    with store.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreTooNew, match="9999"):
        open_store(store_url)
    with store.database.writing() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{CURRENT}'"))
    assert store.galleries() == ()
    store.close()


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        (["CREATE TABLE faces (smile integer)"], "faces"),
        (
            [
                "CREATE TABLE alembic_version (version_num text)",
                "INSERT INTO alembic_version VALUES ('ae1027a6acf')",
            ],
            "alembic_version",
        ),
        (
            [
                "CREATE TABLE alembic_version (version_num text)",
                "INSERT INTO alembic_version VALUES ('0003')",
            ],
            "alembic_version",
        ),
    ],
)
def test_the_database_of_another_application_is_left_alone(
    empty_database: str, statements: list[str], named: str
) -> None:
    engine = create_engine(_made(empty_database))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
        before = inspect(connection).get_table_names()
    with pytest.raises(StoreUnsuitable, match=f"another application.* {named}"):
        open_store(empty_database)
    assert inspect(engine).get_table_names() == before
    engine.dispose()


def _made(url: str) -> str:
    """An address of the same database for SQLAlchemy itself, with its folder made."""
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True)
    return url.replace("postgresql:", "postgresql+psycopg:")


def test_a_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/a/b/store.db")
    store.create_gallery(NewGallery("staff", MODEL, 3), actor=ACTOR)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "a" / "b").iterdir()}
    store.close()
    assert modes == {0o600}


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:x?mode=memory&uri=true",
        "mysql://root@localhost/x",
        "store.db",
        "",
    ],
)
def test_an_address_of_no_such_database_is_refused(url: str) -> None:
    with pytest.raises(StoreUnsuitable):
        open_store(url)


def test_a_password_is_not_repeated() -> None:
    for url in ("postgresql://ada:hush@127.0.0.1:1/x", "mysql://ada:hush@h/x", "pg:ada:hush@h"):
        with pytest.raises((StoreUnavailable, StoreUnsuitable)) as refusal:
            open_store(url, timeout_s=2)
        assert "hush" not in str(refusal.value)


def test_a_missing_driver_is_named_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vultus.gallery.store.sql.postgres", None)
    with pytest.raises(StoreUnsuitable, match=r"vultus\[postgres\]"):
        open_store("postgresql://localhost/x")
