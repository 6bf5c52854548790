"""Which similarity do so few different people of LFW reach?

Every photo of one person is compared with every photo of every other: about 87 million impostor
comparisons of the faces nearest to the middle. The thresholds in the manifests of the packs come
from here. All genuine comparisons say what each threshold costs.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import vultus
from benchmarks.harness import Answer, options, write_result
from benchmarks.lfw_faces import all_templates

RATES = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
BINS = 200_000
BLOCK = 1024


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--pack", default="dlib", help="name or path of a pack (%(default)s)")
    parser.add_argument("--processes", type=int, default=2, help="(%(default)s)")
    chosen = parser.parse_args()
    settings = vultus.load_settings(pack=chosen.pack, inference={"threads": 1})
    model = vultus.load(settings=settings).model
    templates = all_templates(chosen.data / "lfw", chosen.cache, settings, chosen.processes)
    about = {"model": str(model)}
    write_result(
        chosen.results, f"lfw_thresholds-{model.pack}", __doc__, about, _measure(templates)
    )


def _measure(templates: dict[str, NDArray[np.float32]]) -> Answer:
    people = np.unique([Path(name).parent.name for name in templates], return_inverse=True)[1]
    genuine, impostor = _histograms(np.stack(list(templates.values())), people)
    reach_impostor, reach_genuine = (counts[::-1].cumsum()[::-1] for counts in (impostor, genuine))
    edges = np.linspace(-1, 1, BINS + 1)
    rows = {}
    for rate in RATES:
        index = int(np.argmax(reach_impostor <= rate * impostor.sum()))
        rows[f"{rate:g}"] = {
            "similarity": round(float(edges[index]), 5),
            "fmr": float(reach_impostor[index] / impostor.sum()),
            "fnmr": round(1 - float(reach_genuine[index] / genuine.sum()), 5),
        }
    return {
        "photos": len(templates),
        "impostor_comparisons": int(impostor.sum()),
        "genuine_comparisons": int(genuine.sum()),
        "at_fmr": rows,
    }


def _histograms(
    vectors: NDArray[np.float32], people: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Counts of cosines per bin of [-1, 1], each pair once: genuine, impostor."""
    genuine, impostor = np.zeros(BINS, np.int64), np.zeros(BINS, np.int64)
    for start in range(0, len(vectors), BLOCK):
        rows = slice(start, start + BLOCK)
        cosines = np.clip(vectors[rows] @ vectors[start:].T, -1, 1)
        bins = np.minimum(((cosines + 1) * (BINS / 2)).astype(np.int32), BINS - 1)
        later = np.arange(start, len(vectors)) > np.arange(start, start + len(cosines))[:, None]
        same = people[rows, None] == people[None, start:]
        genuine += np.bincount(bins[later & same], minlength=BINS)
        impostor += np.bincount(bins[later & ~same], minlength=BINS)
    return genuine, impostor


if __name__ == "__main__":
    main()
