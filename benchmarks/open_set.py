"""Does a threshold that is advised for some people hold for others?

`all`: every person of LFW with two photos or more is enrolled with one, every other photo of them
is searched for, and strangers are the people with a single photo. `halves`: error rates are
measured on half of the people, a threshold is advised from them, and the other half is searched
with it in the same way. Over random halves; the mean, the least and the highest of each figure.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import Answer, options, write_result
from benchmarks.lfw_people import LfwPeople, lfw_people, people_options
from vultus.evaluation.advise.advice import for_fpir
from vultus.evaluation.calibrate.outcomes import gallery_sizes, search_outcomes
from vultus.evaluation.calibrate.rates import measure_rates
from vultus.evaluation.metrics.rates import fmr_at, fnmr_at, fnmr_at_fmr
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.protocols.plan import Plan
from vultus.evaluation.protocols.searching import Fusion, Searched, search
from vultus.matching.size import SearchSize

RATES = (0.01, 0.1)


def main() -> None:
    parser = people_options(options(__doc__))
    parser.add_argument("--draws", type=int, default=10, help="of the photos (%(default)s)")
    parser.add_argument("--halves", type=int, default=10, help="of the people (%(default)s)")
    chosen = parser.parse_args()
    lfw = lfw_people(chosen)
    everybody = np.ones(len(lfw.people), np.bool_)
    results = {
        "all": _summary(
            [_at_rates(_search(lfw, plan(lfw.people, everybody, n))) for n in range(chosen.draws)]
        ),
        "halves": _summary([_halved(lfw, n) for n in range(chosen.halves)]),
    }
    about = {"model": lfw.model, "draws": chosen.draws, "halves": chosen.halves}
    name = f"open_set-{lfw.model.partition('@')[0]}"
    write_result(chosen.results, name, __doc__, about, results)


def _at_rates(searched: Searched) -> Answer:
    return {
        f"fnir_at_fpir_{rate:g}": fnmr_at_fmr(searched.hits, searched.strangers.scores, rate)
        for rate in RATES
    }


def _halved(lfw: LfwPeople, seed: int) -> Answer:
    people = np.random.default_rng(seed).permutation(int(lfw.people.max()) + 1)
    known = np.isin(lfw.people, people[: len(people) // 2])
    vectors, owners = lfw.vectors[known], lfw.people[known]
    outcomes = search_outcomes(vectors, owners, gallery_sizes(len(people) // 2))
    rates = measure_rates(vectors, owners, outcomes, "half of LFW", Resampling(1))
    drawn = plan(lfw.people, ~known, seed)
    searched = _search(lfw, drawn)
    subjects = len(drawn.subjects)
    answer: Answer = {}
    for rate in RATES:
        advice = for_fpir(rates, SearchSize(subjects, subjects), rate)
        answer[f"fpir_when_{rate:g}_was_asked"] = fmr_at(
            searched.strangers.scores, advice.threshold
        )
        answer[f"fnir_when_{rate:g}_was_asked"] = fnmr_at(searched.hits, advice.threshold)
    return answer


def _search(lfw: LfwPeople, drawn: Plan) -> Searched:
    found = np.ones(len(lfw.people), np.bool_)
    return search(lfw.vectors, found, drawn, Fusion.BEST_OF, precisions=False)


def plan(people: NDArray[np.int64], chosen: NDArray[np.bool_], seed: int) -> Plan:
    """Enroll one photo of each of the (N,) `chosen` who has several, and search for all others."""
    rows = np.random.default_rng(seed).permutation(np.flatnonzero(chosen))
    owners = people[rows]
    names, firsts, counts = np.unique(owners, return_index=True, return_counts=True)
    several = counts > 1
    others = np.delete(np.arange(len(rows)), firsts)
    return Plan(
        subjects=names[several],
        starts=np.arange(several.sum()),
        enrolled=rows[firsts[several]],
        mated=rows[others],
        owners=np.searchsorted(names[several], owners[others]),
        strangers=rows[firsts[~several]],
    )


def _summary(draws: Sequence[Answer]) -> Answer:
    return {
        name: {
            "mean": round(float(np.mean([draw[name] for draw in draws])), 4),
            "least": round(float(min(draw[name] for draw in draws)), 4),
            "highest": round(float(max(draw[name] for draw in draws)), 4),
        }
        for name in draws[0]
    }


if __name__ == "__main__":
    main()
