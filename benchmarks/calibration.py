"""Do probabilities come true on people that they were not fitted to?

`pair`: the pairs of LFW View 2, each fold by a curve that was fitted to the nine others, whose
people are others; ECE over 15 bins of equal weight at a prior of 0.5, with a bootstrap over people.
`search`: fitted to searches among half of LFW's people, tried on searches among the other half.
`manifest` is what the pack carries: fitted to everything.
"""

from typing import Any

import numpy as np

from benchmarks.harness import Answer, options, write_result
from benchmarks.lfw_people import LfwPeople, lfw_people, people_options
from vultus.evaluation.calibrate.measure import measure
from vultus.evaluation.calibrate.outcomes import gallery_sizes, search_outcomes
from vultus.evaluation.calibrate.pairs import Calibrator, cross_fitted
from vultus.evaluation.calibrate.searches import fit_searches, search_weights
from vultus.evaluation.metrics.calibration import (
    brier,
    calibration_error,
    expected_calibration_error,
    prior_weights,
)
from vultus.evaluation.metrics.estimate import estimate
from vultus.evaluation.metrics.resampling import Resampling
from vultus.matching.size import SearchSize

PRIOR = 0.5
SIZES = (10, 30, 100, 300, 800)


def main() -> None:
    chosen = people_options(options(__doc__)).parse_args()
    lfw = lfw_people(chosen)
    results = {
        "pair": {str(each): _of_pairs(lfw, each) for each in Calibrator},
        "search": _of_searches(lfw),
        "manifest": _manifest(lfw),
    }
    name = f"calibration-{lfw.model.partition('@')[0]}"
    write_result(chosen.results, name, __doc__, {"model": lfw.model}, results)


def _of_pairs(lfw: LfwPeople, calibrator: Calibrator) -> Answer:
    trials = lfw.view2
    said = cross_fitted(trials, calibrator)
    weights = prior_weights(trials.genuine, PRIOR)
    statistic = calibration_error(said, trials.genuine, weights)
    replicates = Resampling().replicate(statistic, trials.first, trials.second)[:, 0]
    error = expected_calibration_error(said, trials.genuine, weights)
    interval = estimate(error, replicates)
    return {
        "pairs": len(trials),
        "ece": round(error, 5),
        "low": round(interval.low, 5),
        "high": round(interval.high, 5),
        "brier": round(brier(said, trials.genuine, weights), 5),
    }


def _of_searches(lfw: LfwPeople) -> Answer:
    people = np.random.default_rng(0).permutation(int(lfw.people.max()) + 1)
    fitting = np.isin(lfw.people, people[: len(people) // 2])
    sizes = gallery_sizes(len(people) // 2)
    fitted = fit_searches(
        search_outcomes(lfw.vectors[fitting], lfw.people[fitting], sizes), "half of LFW"
    )
    tried = search_outcomes(lfw.vectors[~fitting], lfw.people[~fitting], SIZES)
    weights = search_weights(tried)
    answer: Answer = {}
    for size in sorted(set(zip(tried.subjects.tolist(), tried.comparisons.tolist(), strict=True))):
        of_size = (tried.subjects == size[0]) & (tried.comparisons == size[1])
        said = [fitted.probability(each, SearchSize(*size)) for each in tried.similarities[of_size]]
        error = expected_calibration_error(
            np.array(said), tried.right[of_size], weights[of_size] / weights[of_size].mean()
        )
        answer[f"{size[0]} subjects, {size[1] // size[0]} comparisons each"] = round(error, 5)
    return answer


def _manifest(lfw: LfwPeople) -> dict[str, Any]:
    pair = _of_pairs(lfw, Calibrator.ISOTONIC)
    count = int(lfw.people.max()) + 1
    measured = measure(
        lfw.vectors,
        lfw.people,
        lfw.view2,
        f"LFW: {len(lfw.people):,} photos of {count:,} people, each two people weighing the same",
        f"LFW View 2, {pair['pairs']:,} pairs; cross-fitted over its folds, ECE {pair['ece']:.4f} "
        f"(95 % interval {pair['low']:.4f} to {pair['high']:.4f})",
    )
    parts = {"threshold": measured.threshold_part, "calibration": measured.calibration_part}
    return {name: part.model_dump(exclude_none=True) for name, part in parts.items()}


if __name__ == "__main__":
    main()
