"""What all benchmarks share: options, turns, figures, the environment, and where results go."""

import argparse
import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from vultus.evaluation.report.machine import environment, processor_facts

CHECKOUT = Path(__file__).resolve().parents[1]
# What decides how fast int8 networks run.
TELLING_INSTRUCTIONS = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "asimddp", "i8mm")


Answer = dict[str, Any]
"""What a peer says to one question, as JSON."""


def options(question: str) -> argparse.ArgumentParser:
    """The options that every benchmark takes."""
    parser = argparse.ArgumentParser(description=question)
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(os.environ.get("VULTUS_TEST_DATA", CHECKOUT.parent / "shared" / "data")),
        help="directory of the evaluation data (%(default)s)",
    )
    parser.add_argument(
        "--cache",
        type=Path,
        default=Path(platformdirs.user_cache_dir("vultus-benchmarks", appauthor=False)),
        help="directory for what may be kept between runs (%(default)s)",
    )
    parser.add_argument(
        "--results",
        type=Path,
        default=CHECKOUT / "benchmarks" / "results",
        help="directory for the JSON (%(default)s)",
    )
    return parser


def in_turns(
    peers: Mapping[str, Callable[[], Answer]], *, warm_up: int, repeats: int
) -> dict[str, list[Answer]]:
    """Ask every peer in turn, again and again, so that a slow moment of the machine hits all.

    Returns:
        The answers of each peer after its `warm_up` first, which are thrown away.
    """
    answers: dict[str, list[Answer]] = {name: [] for name in peers}
    for _ in range(warm_up + repeats):
        for name, ask in peers.items():
            answers[name].append(ask())
    return {name: given[warm_up:] for name, given in answers.items()}


def summary(samples: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile, least and number of samples, in the samples' own unit."""
    return {
        "median": round(float(np.median(samples)), 3),
        "p95": round(float(np.percentile(samples, 95)), 3),
        "least": round(float(min(samples)), 3),
        "samples": len(samples),
    }


def write_result(
    directory: Path, name: str, question: str, settings: Mapping[str, Any], results: Any
) -> Path:
    """Write what was measured, and on what, as JSON; print where."""
    document = {
        "benchmark": name,
        "question": question,
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "environment": _environment(),
        "settings": dict(settings),
        "results": results,
    }
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{name}.json"
    path.write_text(json.dumps(document, indent=2) + "\n")
    print(json.dumps(results, indent=2))
    print(f"written: {path}")
    return path


def _environment() -> dict[str, Any]:
    """The machine and the software that the figures belong to."""
    here = environment({})
    libraries = {fact.name: fact.value for fact in here.software}
    return {
        "cpu": here.cpu,
        "instructions": _instructions(),
        "cores": here.cores,
        "system": here.system,
        "python": libraries.pop("Python"),
        "libraries": libraries,
    }


def _instructions() -> list[str]:
    facts = processor_facts()
    flags = f"{facts.get('flags', '')} {facts.get('Features', '')}".split()
    return [name for name in TELLING_INSTRUCTIONS if name in flags]
