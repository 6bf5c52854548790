"""How often is the right person of LFW found, and which score of a subject finds them best?

1,680 people have two photos or more. `one_photo`: each is enrolled with one, and every other photo
is a probe. `one_to_three_photos`: each is enrolled with up to n of the first three, and the further
photos of those who have them are the probes, the same ones for every n. A subject's score is that
of its most similar template (`best_of`), of the mean of its templates (`centroid`), or the higher
of the two, as Vultus does it (`vultus_score`). Strangers are the 4,069 people with a single photo.
Which photos are enrolled is drawn at random, several times. A photo without a face is a miss.
"""

from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

import vultus
from benchmarks.harness import Answer, options, write_result
from benchmarks.lfw import lfw_folder
from benchmarks.lfw_faces import Shown, Templates, all_photos, all_templates, rows_of
from vultus.evaluation.metrics.ranks import rank_rate
from vultus.evaluation.metrics.rates import fmr_at, fnmr_at, fnmr_at_fmr
from vultus.evaluation.protocols.plan import Plan
from vultus.evaluation.protocols.searching import Fusion, search

MOST_ENROLLED = 3
RATES = (0.01, 0.1)
SCORES = {
    "best_of": Fusion.BEST_OF,
    "centroid": Fusion.CENTROID,
    "vultus_score": Fusion.VULTUS,
}

Rows = NDArray[np.int64]
"""Photos, by where their templates are."""


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--pack", default="dlib", help="name or path of a pack (%(default)s)")
    parser.add_argument("--processes", type=int, default=2, help="(%(default)s)")
    parser.add_argument("--draws", type=int, default=20, help="of the photos (%(default)s)")
    chosen = parser.parse_args()
    lfw = lfw_folder(chosen)
    settings = vultus.load_settings(pack=chosen.pack, inference={"threads": 1})
    recognizer = vultus.load(settings=settings)
    templates = all_templates(lfw, chosen.cache, settings, chosen.processes)
    photos = all_photos(lfw)
    people, (vectors, found) = by_person(photos), rows_of(photos, templates)
    threshold = recognizer.policy.threshold.similarity
    draws = [
        measure(vectors, found, people, threshold, np.random.default_rng(n))
        for n in range(chosen.draws)
    ]
    about = {"model": str(recognizer.model), "threshold": threshold, "draws": chosen.draws}
    name = f"lfw_identification-{recognizer.model.pack}"
    write_result(chosen.results, name, __doc__, about, _over_draws(draws))


def by_person(photos: Sequence[str]) -> list[Rows]:
    """The places of each person's photos."""
    people: dict[str, list[int]] = {}
    for row, photo in enumerate(photos):
        people.setdefault(PurePosixPath(photo).parent.name, []).append(row)
    return [np.array(own) for own in people.values()]


def measure(
    vectors: Templates,
    found: Shown,
    people: Sequence[Rows],
    threshold: float,
    rng: np.random.Generator,
) -> Answer:
    """The figures of one draw of the photos to enroll."""
    known = [rng.permutation(own) for own in people if len(own) > 1]
    strangers = np.concatenate([own for own in people if len(own) == 1])

    def rates(enrolled: int, kept_back: int, fusion: Fusion) -> Answer:
        drawn = _plan(known, enrolled, kept_back, strangers)
        return _rates(vectors, found, drawn, fusion, threshold)

    return {
        "one_photo": rates(1, 1, Fusion.BEST_OF),
        "one_to_three_photos": {
            f"{count} {score}": rates(count, MOST_ENROLLED, fusion)
            for count in range(1, MOST_ENROLLED + 1)
            for score, fusion in SCORES.items()
        },
    }


def _plan(known: Sequence[Rows], enrolled: int, kept_back: int, strangers: Rows) -> Plan:
    """Enroll up to `enrolled` photos of each person; those beyond `kept_back` are the probes."""
    gallery = [own[: min(enrolled, len(own) - 1)] for own in known]
    probes = [own[kept_back:] for own in known]
    return Plan(
        subjects=np.arange(len(known)),
        starts=np.cumsum([0, *(len(own) for own in gallery[:-1])]),
        enrolled=np.concatenate(gallery),
        mated=np.concatenate(probes),
        owners=np.repeat(np.arange(len(known)), [len(own) for own in probes]),
        strangers=strangers,
    )


def _rates(
    vectors: Templates, found: Shown, drawn: Plan, fusion: Fusion, threshold: float
) -> Answer:
    searched = search(vectors, found, drawn, fusion, precisions=False)
    alarms = searched.strangers.scores
    return {
        "subjects": len(drawn.subjects),
        "probes": len(drawn.mated),
        "rank_1": rank_rate(searched.ranks, 1),
        "rank_5": rank_rate(searched.ranks, 5),
        **{f"fnir_at_fpir_{rate:g}": fnmr_at_fmr(searched.hits, alarms, rate) for rate in RATES},
        "fnir_at_threshold": fnmr_at(searched.hits, threshold),
        "fpir_at_threshold": fmr_at(alarms, threshold),
    }


def _over_draws(draws: Sequence[Answer]) -> Answer:
    """The mean of every figure over the draws, and its standard deviation where it varies."""
    summary: Answer = {}
    for name, first in draws[0].items():
        values = [draw[name] for draw in draws]
        if isinstance(first, dict):
            summary[name] = _over_draws(values)
        elif isinstance(first, float):
            mean, deviation = float(np.mean(values)), float(np.std(values))
            summary[name] = {"mean": round(mean, 4), "deviation": round(deviation, 4)}
        else:
            summary[name] = first
    return summary


if __name__ == "__main__":
    main()
