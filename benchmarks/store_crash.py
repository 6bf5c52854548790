"""Is anything lost or half-written when a process is killed in the middle of a bulk enroll?

Again and again a process enrolls batches of 100 subjects and is killed (SIGKILL) at a random
moment. What it had acknowledged must be there, and what is there must be whole: batches, templates,
revision, audit events, full text, and an index that followed meanwhile. On SQLite and PostgreSQL.
"""

import random

from benchmarks.crashing import Remains, kill_while_enrolling
from benchmarks.databases import DATABASES, on_each
from benchmarks.harness import Answer, options, write_result
from vultus.gallery.store.opening import open_store


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=list(DATABASES))
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--longest-s", type=float, default=0.6, help="latest moment of a kill")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    settings = {"times": chosen.times, "longest_s": chosen.longest_s, "seed": chosen.seed}
    results = on_each(chosen.databases, lambda url: _measure(url, **settings))
    write_result(chosen.results, "store_crash", __doc__, settings, results)


def _measure(url: str, times: int, longest_s: float, seed: int) -> Answer:
    chance = random.Random(seed)
    store = open_store(url)
    remains = [kill_while_enrolling(store, url, chance.uniform(0, longest_s)) for _ in range(times)]
    store.close()
    return _told(remains)


def _told(remains: list[Remains]) -> Answer:
    return {
        "kills": len(remains),
        "batches_acknowledged": sum(each.acknowledged for each in remains),
        "batches_found": sum(each.found for each in remains),
        "written_but_not_acknowledged": sum(each.found > each.acknowledged for each in remains),
        "kills_with_problems": sum(bool(each.problems) for each in remains),
        "problems": [problem for each in remains for problem in each.problems],
    }


if __name__ == "__main__":
    main()
