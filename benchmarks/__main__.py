"""Runs every benchmark, each in a process of its own; the options are those that all share."""

import subprocess
import sys

BENCHMARKS = (
    "photo_to_templates",
    "detection_1080p",
    "memory_and_start",
    "lfw_view2",
    "calibration",
    "open_set",
    "lfw_identification",
    "lfw_report",
    "all_against_all",
    "search",
    "service",
    "service_soak",
    "store_write",
    "store_crash",
)


def main() -> None:
    """Run them all, also when one of them fails; then say which did not run."""
    failed = []
    for name in BENCHMARKS:
        print(f"== {name}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}", *sys.argv[1:]]
        if subprocess.run(command).returncode != 0:
            failed.append(name)
    if failed:
        raise SystemExit(f"not measured: {', '.join(failed)}")


if __name__ == "__main__":
    main()
