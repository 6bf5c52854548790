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
        cpu=processor_facts().get("model name") or platform.processor() or platform.machine(),
        cores=os.cpu_count() or 1,
        system=f"{platform.system()} {platform.machine()}",
        software=(Fact("Python", platform.python_version()), *_versions()),
        settings=tuple(Fact(name, str(value)) for name, value in settings.items()),
    )


def processor_facts() -> dict[str, str]:
    """What Linux says of a processor of this machine; nothing on other systems."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return {}
    pairs = (line.partition(":") for line in lines)
    return {key.strip(): value.strip() for key, _, value in pairs}


def _versions() -> tuple[Fact, ...]:
    found = []
    for name in SOFTWARE:
        try:
            found.append(Fact(name, version(name)))
        except PackageNotFoundError:
            continue
    return tuple(found)
