"""How often does verification decide rightly on LFW View 2, from the JPEG to the decision?

All 6,000 pairs count: where no face is found in a photo, its pairs are decided "different".
`central` compares the faces nearest to the middle, where LFW has the person it means; `main` the
main face of each photo, as `Recognizer.verify` does: the largest, unless it is far from the middle.
"""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

import vultus
from benchmarks.harness import Answer, options, write_result
from benchmarks.lfw import lfw_folder, photos_of, read_pairs
from benchmarks.lfw_faces import PhotoFaces, central, find_faces, main_face
from vultus.evaluation.datasets.sources.source import NamedPair
from vultus.evaluation.metrics.folds import accuracy_over_folds
from vultus.evaluation.metrics.rates import equal_error_rate, tar_at_far
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.metrics.trials import NOT_COMPARED, Trials
from vultus.evaluation.protocols.people import numbered

NO_INTERVAL = Resampling(1)


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--pack", default="dlib", help="name or path of a pack (%(default)s)")
    parser.add_argument("--min-face", type=int, default=40, help="smallest face, px (%(default)s)")
    parser.add_argument("--processes", type=int, default=2, help="(%(default)s)")
    chosen = parser.parse_args()
    lfw = lfw_folder(chosen)
    settings = vultus.load_settings(
        pack=chosen.pack,
        detect={"min_face_px": chosen.min_face},
        inference={"threads": 1},
    )
    model = vultus.load(settings=settings).model
    pairs = read_pairs((lfw / "pairs.txt").read_text())
    name = f"lfw_view2-{model.pack}-min{chosen.min_face}"
    kept = chosen.cache / f"{name}-{model.version}.npz"
    if not kept.exists():
        print("recognising 7,701 photos", flush=True)
        archive = lfw / "lfw-pairs.tar"
        find_faces(archive, photos_of(pairs), settings, chosen.processes).save(kept)
    about = {"model": str(model), "min_face_px": chosen.min_face}
    write_result(chosen.results, name, __doc__, about, _measure(pairs, PhotoFaces.load(kept)))


def _measure(pairs: Sequence[NamedPair], faces: PhotoFaces) -> Answer:
    return {
        "photos": len(faces.photos),
        "undetected": len(faces.photos) - len(np.unique(faces.owners)),
        "central": rates(pairs, faces.templates(central)),
        "main": rates(pairs, faces.templates(main_face)),
    }


def rates(pairs: Sequence[NamedPair], templates: Mapping[str, NDArray[np.float32]]) -> Answer:
    """The figures of pairs, strictly, from the templates of the photos that show a face."""
    trials = _trials(pairs, templates)
    genuine, impostor = trials.scores[trials.genuine], trials.scores[~trials.genuine]
    accuracy = accuracy_over_folds(trials, NO_INTERVAL)
    return {
        "accuracy_percent": round(100 * accuracy.mean.value, 3),
        "standard_error_percent": round(100 * accuracy.standard_error, 3),
        "tar_at_far_1e-2": round(tar_at_far(genuine, impostor, 1e-2), 4),
        "tar_at_far_1e-3": round(tar_at_far(genuine, impostor, 1e-3), 4),
        "equal_error_rate": round(equal_error_rate(genuine, impostor), 4),
        "thresholds": [round(threshold, 4) for threshold in accuracy.thresholds],
    }


def _trials(pairs: Sequence[NamedPair], templates: Mapping[str, NDArray[np.float32]]) -> Trials:
    """Every pair; one with a photo without a face was not compared, and nothing accepts it."""
    names = [
        PurePosixPath(name).parent.name for pair in pairs for name in (pair.first, pair.second)
    ]
    first, second = numbered(names).reshape(-1, 2).T
    scores = np.array([_similarity(pair, templates) for pair in pairs], np.float32)
    folds = np.array([pair.fold for pair in pairs])
    return Trials(scores, first, second, np.arange(len(names)).reshape(-1, 2), folds)


def _similarity(pair: NamedPair, templates: Mapping[str, NDArray[np.float32]]) -> float:
    if pair.first not in templates or pair.second not in templates:
        return float(NOT_COMPARED)
    return float(templates[pair.first] @ templates[pair.second])


if __name__ == "__main__":
    main()
