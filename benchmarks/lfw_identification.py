"""How often is the right person of LFW found, and which score of a subject finds them best?

1,680 people have two photos or more. `one_photo`: each is enrolled with one, and every other photo
is a probe. `one_to_three_photos`: each is enrolled with up to n of the first three, and the further
photos of those who have them are the probes, the same ones for every n. A subject's score is that
of its most similar template (`best_of`), of the mean of its templates (`centroid`), or the higher
of the two, as Vultus does it (`vultus_score`). Strangers are the 4,069 people with a single photo.
Which photos are enrolled is drawn at random, several times. A photo without a face is a miss.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

import vultus
from benchmarks.harness import Answer, options, write_result
from benchmarks.identification import Search, fnir, fpir, rank_rate, threshold_at_fpir
from benchmarks.lfw import lfw_folder, photos_in
from benchmarks.lfw_faces import ARCHIVES, all_templates
from vultus.domain.gallery import SubjectTemplates
from vultus.matching.subjects import subject_similarities

MOST_ENROLLED = 3
RATES = (0.01, 0.1)

Templates = NDArray[np.float32]
Score = Callable[[Templates, list[Templates]], Templates]
"""(P, D) probes and the templates of each of S subjects to (P, S) scores."""


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--pack", default="dlib", help="name or path of a pack (%(default)s)")
    parser.add_argument("--processes", type=int, default=2, help="(%(default)s)")
    parser.add_argument("--draws", type=int, default=20, help="of the photos (%(default)s)")
    chosen = parser.parse_args()
    lfw = lfw_folder(chosen)
    settings = vultus.load_settings(pack=chosen.pack, inference={"threads": 1})
    recognizer = vultus.load(settings=settings)
    people = _by_person(lfw, all_templates(lfw, chosen.cache, settings, chosen.processes))
    threshold = recognizer.policy.threshold.similarity
    draws = [_measure(people, threshold, np.random.default_rng(n)) for n in range(chosen.draws)]
    about = {"model": str(recognizer.model), "threshold": threshold, "draws": chosen.draws}
    name = f"lfw_identification-{recognizer.model.pack}"
    write_result(chosen.results, name, __doc__, about, _over_draws(draws))


def _by_person(lfw: Path, found: Mapping[str, Templates]) -> list[Templates]:
    """(N, D) templates of each person; a photo without a face is zero, and so like nobody."""
    nothing = np.zeros_like(next(iter(found.values())))
    people: dict[str, list[Templates]] = {}
    for photo in sorted(name for archive in ARCHIVES for name in photos_in(lfw / archive)):
        people.setdefault(PurePosixPath(photo).parent.name, []).append(found.get(photo, nothing))
    return [np.array(own) for own in people.values()]


def _measure(people: list[Templates], threshold: float, rng: np.random.Generator) -> Answer:
    known = [rng.permutation(own) for own in people if len(own) > 1]
    strangers = np.concatenate([own for own in people if len(own) == 1])
    return {
        "one_photo": _rates(known, 1, 1, best_of, strangers, threshold),
        "one_to_three_photos": {
            f"{count} {score.__name__}": _rates(
                known, count, MOST_ENROLLED, score, strangers, threshold
            )
            for count in range(1, MOST_ENROLLED + 1)
            for score in (best_of, centroid, vultus_score)
        },
    }


def _rates(
    known: list[Templates],
    enrolled: int,
    kept_back: int,
    score: Score,
    strangers: Templates,
    threshold: float,
) -> Answer:
    """Enroll up to `enrolled` photos of each person; those beyond `kept_back` are the probes."""
    gallery = [own[: min(enrolled, len(own) - 1)] for own in known]
    probes = np.concatenate([own[kept_back:] for own in known])
    owners = np.repeat(np.arange(len(known)), [max(len(own) - kept_back, 0) for own in known])
    search = Search(score(probes, gallery), owners, score(strangers, gallery))
    return {
        "subjects": len(gallery),
        "probes": len(probes),
        "rank_1": rank_rate(search.enrolled, owners, 1),
        "rank_5": rank_rate(search.enrolled, owners, 5),
        **{
            f"fnir_at_fpir_{rate:g}": fnir(search, threshold_at_fpir(search.strangers, rate))
            for rate in RATES
        },
        "fnir_at_threshold": fnir(search, threshold),
        "fpir_at_threshold": fpir(search, threshold),
    }


def best_of(probes: Templates, gallery: list[Templates]) -> Templates:
    """The most similar template of each subject."""
    return np.maximum.reduceat(probes @ np.concatenate(gallery).T, _starts(gallery), axis=1)


def centroid(probes: Templates, gallery: list[Templates]) -> Templates:
    """The mean of each subject's templates."""
    sums = np.add.reduceat(np.concatenate(gallery), _starts(gallery), axis=0)
    return probes @ (sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)).T


def vultus_score(probes: Templates, gallery: list[Templates]) -> Templates:
    """What Vultus does."""
    everything = np.concatenate(gallery)
    names = tuple(vultus.Subject(str(number), str(number)) for number in range(len(gallery)))
    ones = np.ones(len(everything), np.float32)
    templates = SubjectTemplates(names, _starts(gallery), ("",) * len(everything), everything, ones)
    return subject_similarities(probes, templates)


def _starts(gallery: list[Templates]) -> NDArray[np.int64]:
    return np.cumsum([0, *(len(own) for own in gallery[:-1])])


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
