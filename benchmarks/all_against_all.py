"""How long does it take to compare each of LFW's photos with each other one, and to measure it?

87 million comparisons of the main faces become a whole ROC, down to a false match rate of one in a
million, and figures with intervals from 200 draws of the people. The templates are there already.
The peak of the memory is that of the whole process, with the networks that it has loaded.
"""

import resource
from pathlib import Path
from time import perf_counter

import numpy as np

import vultus
from benchmarks.harness import Answer, options, summary, write_result
from benchmarks.lfw import lfw_folder
from benchmarks.lfw_faces import all_photos, all_templates, main_face, rows_of
from vultus.evaluation.metrics.estimate import Estimate
from vultus.evaluation.protocols.all_against_all import HUNDREDS, measure_everyone
from vultus.evaluation.protocols.everyone import compare_everyone
from vultus.evaluation.protocols.pairs import Verification
from vultus.evaluation.protocols.people import numbered
from vultus.evaluation.templates.table import TemplateTable

MIB = 1024
"""Kilobytes, in which Linux counts."""


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--pack", default="dlib", help="name or path of a pack (%(default)s)")
    parser.add_argument("--processes", type=int, default=2, help="(%(default)s)")
    parser.add_argument("--repeats", type=int, default=3)
    chosen = parser.parse_args()
    lfw = lfw_folder(chosen)
    settings = vultus.load_settings(pack=chosen.pack, inference={"threads": 1})
    model = vultus.load(settings=settings).model
    found = all_templates(lfw, chosen.cache, settings, chosen.processes, main_face)
    photos = all_photos(lfw)
    vectors, shown = rows_of(photos, found)
    table = TemplateTable(model, vectors, shown, shown.astype(np.int64), {})
    answers = [_measure(photos, table) for _ in range(chosen.repeats)]
    results = {
        "compare_s": summary([answer["compare_s"] for answer in answers]),
        "measure_s": summary([answer["measure_s"] for answer in answers]),
        "peak_memory_mib": answers[-1]["peak_memory_mib"],
        **answers[-1]["figures"],
    }
    about = {"model": str(model), "photos": len(photos), "draws": HUNDREDS.replicates}
    write_result(chosen.results, f"all_against_all-{model.pack}", __doc__, about, results)


def _measure(photos: list[str], table: TemplateTable) -> Answer:
    people = numbered([Path(photo).parent.name for photo in photos])
    start = perf_counter()
    everyone = compare_everyone(table.vectors, people, table.found)
    compared = perf_counter()
    result = measure_everyone(everyone)
    done = perf_counter()
    return {
        "compare_s": compared - start,
        "measure_s": done - compared,
        "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MIB,
        "figures": _figures(result),
    }


def _figures(result: Verification) -> Answer:
    strict = result.strict
    return {
        "genuine_comparisons": strict.genuine,
        "impostor_comparisons": strict.impostor,
        "undetected": len(result.undetected),
        "points_of_the_curve": len(strict.curve.fmr),
        "area_under_roc": _shown(strict.area),
        "equal_error_rate": _shown(strict.equal_error_rate),
        "fnmr_at_fmr": {
            f"{each.target:g}": {"similarity": round(each.threshold, 5), **_shown(each.misses)}
            for each in strict.at
        },
    }


def _shown(measured: Estimate) -> Answer:
    return {
        "value": round(measured.value, 5),
        "low": round(measured.low, 5),
        "high": round(measured.high, 5),
    }


if __name__ == "__main__":
    main()
