"""How long does a report on LFW View 2 take: at first, from the JPEGs, and with templates at hand?

Both runs are the command as it is typed, in a process of its own, with a home of its own that has
nothing but the pack. LFW is imported where it lies.
"""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import vultus
from benchmarks.harness import Answer, options, write_result
from benchmarks.lfw import lfw_folder

IMPORT = "data import lfw {lfw} --in-place"
EVALUATE = "evaluate verification --on lfw --report {home}/report.html --json {home}/result.json"


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--pack", default="dlib", help="name of an installed pack (%(default)s)")
    parser.add_argument(
        "--home", type=Path, help="keep datasets and templates here, also for another run"
    )
    chosen = parser.parse_args()
    lfw = lfw_folder(chosen)
    packs = vultus.load_settings().home / "packs"
    vultus.load(chosen.pack)
    with TemporaryDirectory() as fleeting:
        home = chosen.home or Path(fleeting)
        home.mkdir(parents=True, exist_ok=True)
        if not (home / "packs").exists():
            (home / "packs").symlink_to(packs)
        results = _measure(lfw, home, chosen.pack)
    write_result(chosen.results, "lfw_report", __doc__, {"pack": chosen.pack}, results)


def _measure(lfw: Path, home: Path, pack: str) -> Answer:
    return {
        "import_s": _run(IMPORT.format(lfw=lfw), home, pack),
        "first_s": _run(EVALUATE.format(home=home), home, pack),
        "cached_s": _run(EVALUATE.format(home=home), home, pack),
        "report_bytes": (home / "report.html").stat().st_size,
        "peak_rss_mib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }


def _run(words: str, home: Path, pack: str) -> float:
    """Seconds that a command takes."""
    environment = os.environ | {"VULTUS_HOME": str(home), "VULTUS_PACK": pack}
    command = [sys.executable, "-c", "from vultus.cli.app import main; main()", *words.split()]
    start = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return round(time.perf_counter() - start, 1)


if __name__ == "__main__":
    main()
