"""A process that is killed leaves all of a write or nothing of it."""

import random

import pytest

from benchmarks.crashing import Remains, kill_while_enrolling
from stores import kinds
from vultus.gallery.store.sql.store import SqlStore

LONGEST_S = 0.6


@kinds
@pytest.mark.parametrize(
    ("seed", "times"), [(0, 5), *(pytest.param(n, 10, marks=pytest.mark.slow) for n in range(1, 6))]
)
def test_nothing_acknowledged_is_lost_and_nothing_half_written(
    store: SqlStore, store_url: str, seed: int, times: int
) -> None:
    chance = random.Random(seed)
    remains: list[Remains] = []
    for _ in range(times):
        remains.append(kill_while_enrolling(store, store_url, chance.uniform(0, LONGEST_S)))
        assert remains[-1].problems == ()
    assert sum(each.acknowledged for each in remains) > 0
