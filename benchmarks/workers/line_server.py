"""Answers lines of JSON with lines of JSON, on the standard library alone: peers import it too."""

import json
import os
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from time import perf_counter


def serve(operations: dict[str, Callable[..., dict]], libraries: list[str]) -> None:
    """Answer until standard input ends.

    A line names an operation and its arguments; the answer is what the operation gives. `about`
    gives the versions of `libraries`, `memory` what this process holds.
    """
    # What a library prints must not be taken for an answer.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    operations = {
        **operations,
        "about": lambda: {name: version(name) for name in libraries},
        "memory": memory,
    }
    for line in sys.stdin:
        arguments = json.loads(line)
        answer = operations[arguments.pop("operation")](**arguments)
        print(json.dumps(answer), file=answers, flush=True)


def timed(call: Callable[[], object]) -> tuple[object, float]:
    """The result of a call, and how many milliseconds it took."""
    start = perf_counter()
    result = call()
    return result, (perf_counter() - start) * 1000


def memory() -> dict[str, float]:
    """Resident memory of this process in MiB, now and at its highest; Linux only."""
    lines = (line.split() for line in Path("/proc/self/status").read_text().splitlines())
    kib = {fields[0].rstrip(":"): int(fields[1]) for fields in lines if fields[-1] == "kB"}
    return {"rss_mib": kib["VmRSS"] / 1024, "peak_mib": kib["VmHWM"] / 1024}
