"""What every store owes about keys."""

from datetime import UTC, datetime, timedelta

import pytest

from stores import ACTOR, kinds
from vultus.domain.gallery import Gallery
from vultus.domain.key import NewKey, Scope
from vultus.errors import KeyNotFound, KeyTaken
from vultus.gallery.store.port import Store

pytestmark = kinds

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_a_key_is_found_by_its_id_and_by_its_digest(store: Store, gallery: Gallery) -> None:
    new = NewKey("door", Scope.ENROLL, gallery.id, expires_at=NOW)
    key = store.create_key(new, "digest", actor=ACTOR)
    assert (key.name, key.scope, key.gallery_id) == ("door", Scope.ENROLL, gallery.id)
    assert (key.expires_at, key.revoked_at, key.last_used_at) == (NOW, None, None)
    assert store.key(key.id) == key
    assert store.key_by_digest("digest") == (key, "digest")
    assert store.key_by_digest("other") is None
    with pytest.raises(KeyNotFound):
        store.key("nobody's")


def test_no_two_keys_have_one_secret(store: Store) -> None:
    store.create_key(NewKey("a", Scope.READ), "digest", actor=ACTOR)
    with pytest.raises(KeyTaken):
        store.create_key(NewKey("b", Scope.READ), "digest", actor=ACTOR)
    (only,) = store.keys()
    assert only.name == "a"


def test_keys_are_listed_in_order_for_all_or_for_one_gallery(
    store: Store, gallery: Gallery
) -> None:
    assert not store.has_keys()
    one = store.create_key(NewKey("one", Scope.READ, gallery.id), "1", actor=ACTOR)
    other = store.create_key(NewKey("all", Scope.READ), "2", actor=ACTOR)
    assert store.keys() == (one, other)
    assert store.keys(gallery.id) == (one,)


def test_a_revoked_key_stays_so_that_a_key_stays_needed(store: Store) -> None:
    key = store.create_key(NewKey("a", Scope.READ), "digest", actor=ACTOR)
    revoked = store.revoke_key(key.id, actor="other")
    assert revoked.revoked_at is not None
    assert not revoked.is_live(datetime.now(UTC))
    assert store.revoke_key(key.id, actor=ACTOR) == revoked
    assert store.has_keys()
    assert [(event.action, event.actor) for event in store.events()] == [
        ("key.created", ACTOR),
        ("key.revoked", "other"),
    ]
    with pytest.raises(KeyNotFound):
        store.revoke_key("nobody's", actor=ACTOR)


def test_the_last_use_is_kept_once_a_minute(store: Store) -> None:
    key = store.create_key(NewKey("a", Scope.READ), "digest", actor=ACTOR)
    for seconds in (0, 30, 59, 90):
        store.note_key_use(key.id, NOW + timedelta(seconds=seconds))
    assert store.key(key.id).last_used_at == NOW + timedelta(seconds=90)
    store.note_key_use(key.id, NOW + timedelta(seconds=100))
    assert store.key(key.id).last_used_at == NOW + timedelta(seconds=90)


def test_neither_digest_nor_name_stands_in_the_audit_log(store: Store) -> None:
    store.create_key(NewKey("Ada's door", Scope.READ), "digest", actor=ACTOR)
    (event,) = store.events()
    assert "Ada" not in str(event)
    assert event.details["scope"] == "read"
