"""What every store owes about writes that may be asked for again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, update

from stores import ACTOR, kinds, purge
from vultus.domain.answer import Answer, Claim
from vultus.domain.changes import NewSubject
from vultus.domain.gallery import Gallery
from vultus.domain.key import NewKey, Scope
from vultus.errors import (
    GalleryNotFound,
    IdempotencyKeyReused,
    RequestInProgress,
    RequestInterrupted,
)
from vultus.gallery.store.port import Store
from vultus.gallery.store.sql.store import SqlStore
from vultus.gallery.store.sql.tables import answers

pytestmark = kinds

ANSWER = Answer(201, {"ETag": '"1"'}, b'{"id": "a"}')


def claim(
    store: Store, name: str = "a", said: str = "this", lease_s: float = 60, **more: bool
) -> Claim | Answer:
    moment = datetime.now(UTC)
    until, expires_at = moment + timedelta(seconds=lease_s), moment + timedelta(hours=1)
    repeatable = more.get("repeatable", False)
    return store.claim(name, said, until=until, expires_at=expires_at, repeatable=repeatable)


def claimed(store: Store, **more: float) -> Claim:
    found = claim(store, **more)  # type: ignore[arg-type]
    assert isinstance(found, Claim)
    return found


def test_an_answer_that_is_kept_is_given_again(store: Store) -> None:
    store.keep_answer(claimed(store), ANSWER)
    assert claim(store) == ANSWER
    assert isinstance(claim(store, "b"), Claim)


def test_a_name_never_stands_for_another_request(store: Store) -> None:
    first = claimed(store)
    with pytest.raises(IdempotencyKeyReused):
        claim(store, said="that")
    store.keep_answer(first, ANSWER)
    with pytest.raises(IdempotencyKeyReused):
        claim(store, said="that")


def test_one_of_many_that_claim_at_once_gets_it(store: Store) -> None:
    barrier, results = Barrier(4), []

    def attempt() -> None:
        barrier.wait()
        try:
            results.append(claim(store))
        except RequestInProgress as error:
            results.append(error)

    threads = [Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(each, Claim) for each in results) == 1
    assert all(0 < each.retry_after_s <= 2 for each in results if not isinstance(each, Claim))


def test_an_attempt_that_died_before_it_wrote_is_taken_over(store: Store) -> None:
    dead = claimed(store, lease_s=-1)
    heir = claimed(store)
    assert heir.token != dead.token
    store.keep_answer(dead, Answer(500, {}, b"late"))
    store.keep_answer(heir, ANSWER)
    assert claim(store) == ANSWER


def a_subject(store: Store, gallery: Gallery) -> None:
    store.create_subject(gallery.id, NewSubject("Ada"), actor=ACTOR)


def a_key(store: Store, gallery: Gallery) -> None:
    store.create_key(NewKey("a", Scope.READ, gallery.id), "digest", actor=ACTOR)


@pytest.mark.parametrize("write", [a_subject, a_key])
def test_an_attempt_that_wrote_and_died_is_not_repeated(
    store: Store, gallery: Gallery, write: Callable[[Store, Gallery], None]
) -> None:
    with store.carrying_out(claimed(store, lease_s=-1)):
        write(store, gallery)
    with pytest.raises(RequestInterrupted):
        claim(store)
    assert isinstance(claim(store, repeatable=True), Claim)


def test_a_write_that_is_rolled_back_leaves_no_mark(store: Store, gallery: Gallery) -> None:
    with store.carrying_out(claimed(store, lease_s=-1)), pytest.raises(GalleryNotFound):
        store.create_subject("nowhere", NewSubject("Ada"), actor=ACTOR)
    assert isinstance(claim(store), Claim)


def test_only_what_is_written_inside_the_block_marks_the_claim(
    store: Store, gallery: Gallery
) -> None:
    with store.carrying_out(claimed(store, lease_s=-1)):
        pass
    a_subject(store, gallery)
    assert isinstance(claim(store), Claim)


def test_a_claim_that_is_given_back_can_be_taken_at_once(store: Store, gallery: Gallery) -> None:
    store.give_back(claimed(store))
    again = claimed(store)
    with store.carrying_out(again):
        a_subject(store, gallery)
    store.give_back(again)
    with pytest.raises(RequestInterrupted):
        claim(store)


def test_an_answer_is_forgotten_in_time(store: Store) -> None:
    moment = datetime.now(UTC)
    found = store.claim("a", "this", until=moment, expires_at=moment, repeatable=False)
    assert isinstance(found, Claim)
    store.keep_answer(found, ANSWER)
    assert isinstance(claim(store, said="that"), Claim)


def test_expired_answers_are_removed(store: SqlStore) -> None:
    moment = datetime.now(UTC)
    found = store.claim("a", "this", until=moment, expires_at=moment, repeatable=False)
    assert isinstance(found, Claim)
    store.keep_answer(found, ANSWER)
    store.keep_answer(claimed(store, name="b"), ANSWER)  # type: ignore[arg-type]
    with store.database.writing() as connection:
        connection.execute(update(answers).where(answers.c.name == "b").values(expires_at=moment))
    store.forget_answers()
    with store.database.reading() as connection:
        assert connection.execute(select(answers)).all() == []


def test_a_purge_lets_go_of_what_answers_say_and_not_of_what_was_done(
    store: SqlStore, gallery: Gallery
) -> None:
    taken = claimed(store)
    with store.carrying_out(taken):
        ada = store.create_subject(gallery.id, NewSubject("Ada"), actor=ACTOR)
    store.keep_answer(taken, Answer(201, {"ETag": '"1"'}, b'{"name": "Ada"}'))
    store.keep_answer(claimed(store, name="nothing done"), ANSWER)  # type: ignore[arg-type]
    purge(store, datetime.now(UTC) + timedelta(seconds=1))
    assert isinstance(claim(store), Answer)
    store.delete_subject(gallery.id, ada.subject.id, actor=ACTOR)
    purge(store, datetime.now(UTC) + timedelta(seconds=1))
    with store.database.reading() as connection:
        kept = connection.execute(select(answers)).all()
    assert len(kept) == 2
    assert {(row.body, row.headers, row.status) for row in kept} == {(None, None, None)}
    with pytest.raises(RequestInterrupted):
        claim(store)
    assert isinstance(claim(store, repeatable=True), Claim)
    assert isinstance(claim(store, name="nothing done"), Claim)
