import time
from uuid import RFC_4122, UUID

from vultus.gallery.store.sql.ids import new_id


def test_an_id_is_a_uuid_that_tells_when_it_was_made() -> None:
    before_ms = time.time_ns() // 1_000_000
    made = UUID(new_id())
    assert (made.version, made.variant) == (7, RFC_4122)
    assert before_ms <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_ids_differ_and_rise() -> None:
    ids = []
    for _ in range(3):
        ids.append(sorted({new_id() for _ in range(10_000)}))
        time.sleep(0.002)
    assert [len(each) for each in ids] == [10_000] * 3
    assert ids[0][-1] < ids[1][0] <= ids[1][-1] < ids[2][0]
