"""Stores to test on: SQLite in a file, PostgreSQL on a server that runs already."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from benchmarks.databases import NoServer, new_postgres_database
from fakes import MODEL, template
from vultus.domain.changes import NewSubject
from vultus.domain.gallery import Gallery
from vultus.gallery.store.opening import open_store
from vultus.gallery.store.requests import Enrolling, NewFace, NewGallery, Purged, StoredSubject
from vultus.gallery.store.sql.store import SqlStore

ACTOR = "tester"

kinds = pytest.mark.parametrize(
    "store_url",
    ["sqlite", pytest.param("postgres", marks=pytest.mark.service)],
    indirect=True,
)
"""On both databases, for tests that take `store_url` or `store`."""


@pytest.fixture
def store_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty store of the kind that `kinds` names."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def store(store_url: str) -> Iterator[SqlStore]:
    """An empty store."""
    opened = open_store(store_url, timeout_s=10)
    yield opened
    opened.close()


@pytest.fixture
def gallery(store: SqlStore) -> Gallery:
    """An empty gallery for templates of three numbers."""
    return store.create_gallery(NewGallery("staff", MODEL, 3), actor=ACTOR)


@pytest.fixture
def sqlite_url(tmp_path: Path, empty_sqlite: Path) -> str:
    """A file of its own, with the tables and nothing in them."""
    shutil.copyfile(empty_sqlite, tmp_path / "store.db")
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def postgres_url(postgres_database: str) -> str:
    """The database of this session, emptied."""
    with psycopg.connect(postgres_database, autocommit=True) as connection:
        connection.execute(
            "TRUNCATE galleries, audit_events, doomed_blobs, api_keys, answers"
            " RESTART IDENTITY CASCADE"
        )
    return postgres_database


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with nothing in it, made once."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def postgres_database() -> Iterator[str]:
    """A database of this session, with the tables."""
    with fresh_postgres() as url:
        open_store(url).close()
        yield url


@contextmanager
def fresh_postgres() -> Iterator[str]:
    """An empty database on a server that runs already."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(new_postgres_database())
        except NoServer as reason:
            pytest.skip(str(reason))
        yield url


def enroll(
    store: SqlStore, gallery: Gallery, name: str, *faces: NewFace, external_id: str | None = None
) -> StoredSubject:
    """Enroll one new subject with some faces."""
    entry = Enrolling(NewSubject(name, external_id), faces)
    (stored,) = store.enroll(gallery.id, [entry], actor=ACTOR)
    return stored


def purge(store: SqlStore, deleted_before: datetime, today: date = date.min) -> Purged:
    """Purge what was deleted; whose date of retention passed before `today` goes as well."""
    return store.purge(deleted_before, today=today, actor=ACTOR)


def photo(*direction: float, of: str | None = None) -> NewFace:
    """A face whose template points somewhere; `of` names the image it was made from."""
    digest = None if of is None else sha256(of.encode()).hexdigest()
    return NewFace(template(*direction or (1, 0, 0)), source_digest=digest)


def everything(store: SqlStore, gallery: Gallery) -> dict[int, tuple[int, tuple[float, ...]]]:
    """The templates of a gallery as an index is told: by face, its subject and its vector."""
    return follow({}, store, gallery, 0)


def follow(
    index: dict[int, tuple[int, tuple[float, ...]]],
    store: SqlStore,
    gallery: Gallery,
    after: int,
    limit: int = 10_000,
) -> dict[int, tuple[int, tuple[float, ...]]]:
    """Apply to a copy of an index what happened after a revision."""
    followed = dict(index)
    for page in store.changes(gallery.id, after, limit=limit):
        for key, subject, vector in zip(page.keys, page.subjects, page.vectors, strict=True):
            followed[int(key)] = int(subject), tuple(vector.tolist())
        for key in page.removed:
            followed.pop(int(key), None)
    return followed
