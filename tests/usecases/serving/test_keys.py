from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from vultus.domain.key import NewKey, Scope
from vultus.errors import InvalidValue, KeyInvalid, KeyTaken, StoreReadOnly
from vultus.gallery.store.opening import open_store
from vultus.gallery.store.sql.store import SqlStore
from vultus.usecases.serving.keys import Keys

START = datetime(2026, 5, 1, tzinfo=UTC)
UUID = "0b4b9fb2-66e4-4dbf-8a0f-2f4c6c5f7d10"


class Clock:
    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        return self.moment

    def passes(self, **time: float) -> None:
        self.moment += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(sqlite_url: str) -> SqlStore:
    return open_store(sqlite_url)


@pytest.fixture
def keys(store: SqlStore, clock: Clock) -> Keys:
    return Keys(store, b"pepper", clock)


def test_a_secret_opens_what_its_key_is_for(keys: Keys) -> None:
    key, secret = keys.create(NewKey("door", Scope.READ), actor="me")
    assert secret.startswith("vultus_")
    assert keys.check(secret).id == key.id


@pytest.mark.parametrize("wrong", ["", "vultus_", "\udcff" * 40, "x" * 100])
def test_anything_else_opens_nothing(keys: Keys, wrong: str) -> None:
    _, secret = keys.create(NewKey("door", Scope.READ), actor="me")
    for said in (wrong, secret[:-1], secret + "x"):
        with pytest.raises(KeyInvalid):
            keys.check(said)


def test_the_secret_is_nowhere_in_the_store(keys: Keys, sqlite_url: str) -> None:
    _, secret = keys.create(NewKey("door", Scope.READ), actor="me")
    place = Path(sqlite_url.removeprefix("sqlite:///"))
    kept = b"".join(path.read_bytes() for path in place.parent.glob("store.db*"))
    assert b"door" in kept
    assert secret.encode() not in kept
    assert secret.removeprefix("vultus_").encode() not in kept


def test_a_store_without_its_pepper_opens_nothing(keys: Keys, store: SqlStore) -> None:
    _, secret = keys.create(NewKey("door", Scope.READ), actor="me")
    with pytest.raises(KeyInvalid):
        Keys(store, b"salt").check(secret)


def test_a_key_expires_and_is_revoked(keys: Keys, store: SqlStore, clock: Clock) -> None:
    expires_at = START + timedelta(days=1)
    key, secret = keys.create(NewKey("door", Scope.READ, expires_at=expires_at), actor="me")
    clock.passes(hours=23)
    keys.check(secret)
    clock.passes(hours=1)
    with pytest.raises(KeyInvalid):
        keys.check(secret)
    other, lasting = keys.create(NewKey("gate", Scope.READ), actor="me")
    store.revoke_key(other.id, actor="me")
    with pytest.raises(KeyInvalid):
        keys.check(lasting)
    assert key.id != other.id


def test_the_last_use_is_noted_now_and_then(keys: Keys, store: SqlStore, clock: Clock) -> None:
    key, secret = keys.create(NewKey("door", Scope.READ), actor="me")
    keys.check(secret)
    clock.passes(seconds=59)
    keys.check(secret)
    assert store.key(key.id).last_used_at == START
    clock.passes(seconds=2)
    keys.check(secret)
    assert store.key(key.id).last_used_at == START + timedelta(seconds=61)


def test_a_store_that_cannot_be_written_still_lets_in(
    keys: Keys, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, secret = keys.create(NewKey("door", Scope.READ), actor="me")

    def refuse(*_: object) -> None:
        raise StoreReadOnly("here", "read-only")

    monkeypatch.setattr(store, "note_key_use", refuse)
    assert keys.check(secret).id == key.id


def test_a_secret_may_be_brought_along_once(keys: Keys) -> None:
    key, secret = keys.create(NewKey("other system", Scope.READ), actor="me", secret=UUID)
    assert (secret, keys.check(UUID).id) == (UUID, key.id)
    with pytest.raises(KeyTaken):
        keys.create(NewKey("again", Scope.READ), actor="me", secret=UUID)
    with pytest.raises(InvalidValue, match="32"):
        keys.create(NewKey("short", Scope.READ), actor="me", secret="hunter2")


@pytest.mark.parametrize(
    "secret",
    [
        "a" * 32,
        "00000000-0000-0000-0000-000000000000",
        "00000000-0000-0000-0000-000000000001",
        "0123456789abcdef" * 2,
        "abcabcabcabcabcabcabcabcabcabcabcabc",
    ],
)
def test_a_secret_that_was_not_made_by_chance_is_refused(keys: Keys, secret: str) -> None:
    with pytest.raises(InvalidValue, match="regular"):
        keys.create(NewKey("easy", Scope.READ), actor="me", secret=secret)


def test_any_random_uuid_will_do_as_a_secret(keys: Keys) -> None:
    for _ in range(200):
        secret = str(uuid4())
        assert keys.create(NewKey("other", Scope.READ), actor="me", secret=secret)[1] == secret


def test_a_key_that_would_have_expired_is_not_made(keys: Keys) -> None:
    for expires_at in (START, START - timedelta(seconds=1)):
        with pytest.raises(InvalidValue, match="expires_at"):
            keys.create(NewKey("late", Scope.READ, expires_at=expires_at), actor="me")


def test_a_key_is_needed_once_there_was_one(keys: Keys, store: SqlStore) -> None:
    assert not keys.needed
    key, _ = keys.create(NewKey("door", Scope.READ), actor="me")
    store.revoke_key(key.id, actor="me")
    assert keys.needed


def test_scopes_are_a_ladder() -> None:
    assert Scope.ADMIN.includes(Scope.READ)
    assert Scope.ENROLL.includes(Scope.ENROLL)
    assert not Scope.READ.includes(Scope.ENROLL)
