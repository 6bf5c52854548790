"""The machine and the software that figures belong to."""

import os
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from vultus.evaluation.report.about import Environment, Fact

SOFTWARE = (
    "vultus",
    "numpy",
    "onnxruntime",
    "opencv-python-headless",
    "pillow",
    "pillow-heif",
    "scikit-learn",
    "scikit-image",
    "scipy",
)


def environment(settings: Mapping[str, Any]) -> Environment:
    """Describe this machine, and the settings that what is measured depends on."""
    return Environment(
        cpu=_processor(),
        cores=os.cpu_count() or 1,
        system=f"{platform.system()} {platform.machine()}",
        software=(Fact("Python", platform.python_version()), *_versions()),
        settings=tuple(Fact(name, str(value)) for name, value in settings.items()),
    )


def _versions() -> tuple[Fact, ...]:
    found = []
    for name in SOFTWARE:
        try:
            found.append(Fact(name, version(name)))
        except PackageNotFoundError:
            continue
    return tuple(found)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()
