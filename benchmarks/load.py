"""Load over HTTP: clients that ask one thing again and again, by wrk.

wrk is written in C, so that clients take little of the processor that they share with the service.
"""

import json
import os
import resource
import shutil
import subprocess
from dataclasses import dataclass
from tempfile import NamedTemporaryFile
from typing import Any

from benchmarks.harness import CHECKOUT

SCRIPT = CHECKOUT / "benchmarks" / "workers" / "post.lua"


@dataclass(frozen=True, slots=True)
class Post:
    """A request that is sent again and again."""

    path: str
    body: bytes
    kind: str


def load(url: str, post: Post, clients: int, seconds: float) -> dict[str, Any]:
    """Ask a service from some clients over connections that stay open, for some whole seconds.

    Returns:
        Milliseconds (`ms`), answers `per_second`, how many `answers` there were, how many of them
        were `refused` (no 2xx or 3xx), how many requests were `lost` without one, and what the
        clients took of the processor (`clients_cpu_s`).
    """
    with NamedTemporaryFile() as body:
        body.write(post.body)
        body.flush()
        command = [_wrk(), "-t1", f"-c{clients}", f"-d{seconds:.0f}s", "--timeout", "60s"]
        before = _children_cpu_s()
        run = subprocess.run(
            [*command, "-s", str(SCRIPT), url + post.path],
            env=os.environ | {"BODY": body.name, "KIND": post.kind},
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    told = json.loads(run.stdout.splitlines()[-1])
    return {
        "ms": {name: round(told[name], 3) for name in ("median", "p95", "least")},
        "per_second": round(told["answers"] / told["seconds"], 2),
        **{name: told[name] for name in ("answers", "refused", "lost")},
        "clients_cpu_s": round(_children_cpu_s() - before, 3),
    }


def _wrk() -> str:
    found = shutil.which("wrk")
    if found is None:
        raise SystemExit("wrk is missing: apt install wrk, or brew install wrk")
    return found


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
