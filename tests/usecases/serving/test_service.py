"""What a service does in the background, whatever goes wrong, and how it ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event
from time import monotonic, sleep

import pytest
from sqlalchemy import select

from fakes import MODEL
from service import painted_service
from vultus.domain.answer import Claim
from vultus.domain.gallery import Gallery
from vultus.gallery.search.exact import ExactIndex
from vultus.gallery.search.follower import Follower
from vultus.gallery.search.indexes import Indexes
from vultus.gallery.store.opening import open_store
from vultus.gallery.store.port import Store
from vultus.gallery.store.requests import NewGallery
from vultus.gallery.store.sql.store import SqlStore
from vultus.gallery.store.sql.tables import answers
from vultus.usecases.serving.service import Service

SOON_S = 5


class WatchedIndexes(Indexes):
    """Indexes that do what a test says before they are opened or tended."""

    def __init__(
        self,
        store: Store,
        when_opened: Callable[[], None] = lambda: None,
        when_tended: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(store, lambda gallery: ExactIndex(gallery.dim), None)
        self.stopped = Event()
        self._when_opened, self._when_tended = when_opened, when_tended

    def of(self, gallery: Gallery) -> Follower:
        self._when_opened()
        return super().of(gallery)

    def tend(self) -> None:
        self._when_tended()
        super().tend()

    def stop(self) -> None:
        self.stopped.set()
        super().stop()


class WatchedStore(SqlStore):
    """A store that says when it is closed."""

    def __init__(self, url: str) -> None:
        super().__init__(open_store(url).database)
        self.done: list[str] = []

    def close(self) -> None:
        self.done.append("closed")
        super().close()


@pytest.fixture
def store(sqlite_url: str) -> WatchedStore:
    """A store with a gallery, which a service closes."""
    store = WatchedStore(sqlite_url)
    store.create_gallery(NewGallery("staff", MODEL, 3), actor="tester")
    return store


def service_with(searches: Indexes, store: Store) -> Service:
    service = painted_service(store)
    service.workings = replace(service.workings, searches=searches)
    service.tend_every_s = 0.001
    return service


class FailsOnce:
    """Raises what no one expects at the first call; `went_on` is set at the third."""

    def __init__(self) -> None:
        self.calls = 0
        self.went_on = Event()

    def __call__(self) -> None:
        self.calls += 1
        if self.calls == 1:
            raise ZeroDivisionError("nobody expects this")
        if self.calls == 3:
            self.went_on.set()


def test_indexes_are_looked_after_whatever_went_wrong_once(
    store: WatchedStore, caplog: pytest.LogCaptureFixture
) -> None:
    tend = FailsOnce()
    service = service_with(WatchedIndexes(store, when_tended=tend), store)
    service.start()
    try:
        assert tend.went_on.wait(SOON_S)
    finally:
        service.close()
    assert "the indexes could not be looked after" in caplog.text
    assert "ZeroDivisionError: nobody expects this" in caplog.text


def test_answers_that_have_expired_are_removed_by_and_by(store: WatchedStore) -> None:
    moment = datetime.now(UTC)
    claim = store.claim("a", "this", until=moment, expires_at=moment, repeatable=False)
    assert isinstance(claim, Claim)
    service = service_with(WatchedIndexes(store), store)
    service.start()
    try:
        until = monotonic() + SOON_S
        while kept := _kept_answers(store):
            assert monotonic() < until, kept
            sleep(0.01)
    finally:
        service.close()


def _kept_answers(store: WatchedStore) -> int:
    with store.database.reading() as connection:
        return len(connection.execute(select(answers)).all())


def test_indexes_are_opened_again_whatever_went_wrong(
    store: WatchedStore, caplog: pytest.LogCaptureFixture
) -> None:
    opened, fail = Event(), FailsOnce()

    def open_at_last() -> None:
        fail()
        opened.set()

    service = service_with(WatchedIndexes(store, when_opened=open_at_last), store)
    service.start()
    try:
        assert opened.wait(SOON_S)
    finally:
        service.close()
    assert "ZeroDivisionError: nobody expects this" in caplog.text
    assert service.missing()["models"] is None


def test_a_service_that_ends_closes_the_store_after_what_works_on_it(store: WatchedStore) -> None:
    tending = Event()

    def tend_until_stopped() -> None:
        tending.set()
        searches.stopped.wait(SOON_S)
        store.done.append("tended")

    searches = WatchedIndexes(store, when_tended=tend_until_stopped)
    service = service_with(searches, store)
    service.start()
    assert tending.wait(SOON_S)
    service.close()
    assert store.done == ["tended", "closed"]


def test_what_goes_wrong_at_the_end_does_not_keep_the_store_open(store: WatchedStore) -> None:
    class Broken(WatchedIndexes):
        def close(self) -> None:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        service_with(Broken(store), store).close()
    assert store.done == ["closed"]
