"""What `make bench` installs is what the benchmarks import."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).parents[2]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
IMPORT_ALL = """
import importlib, json, sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(f"{name} is not installed", name=name)

absent, benchmarks = json.load(sys.stdin)
sys.meta_path.insert(0, Blocked())
for name in benchmarks:
    importlib.import_module(name)
"""


def extra_of(target: str) -> str:
    """The extra that a target of the Makefile installs; empty for the core."""
    makefile = (CHECKOUT / "Makefile").read_text()
    ready = re.search(rf"^{target}: \$\(READY\)/(\w+)", makefile, re.MULTILINE)
    assert ready is not None
    installed = re.search(rf"^\$\(READY\)/{ready[1]}: EXTRA :=(.*)$", makefile, re.MULTILINE)
    assert installed is not None
    return installed[1].strip(" []")


def needs(requirement: Requirement) -> Iterator[Requirement]:
    """What a requirement brings directly."""
    if requirement.name == PROJECT["name"]:
        # As it is written, not as it was when it was installed.
        optional = PROJECT["optional-dependencies"]
        lines = [
            *PROJECT["dependencies"],
            *(need for e in requirement.extras for need in optional[e]),
        ]
    else:
        lines = requires(requirement.name) or []
    for need in map(Requirement, lines):
        extras = requirement.extras or {""}
        if need.marker is None or any(need.marker.evaluate({"extra": each}) for each in extras):
            yield need


def brought_by(requirement: Requirement) -> set[str]:
    """Every distribution that installing a requirement installs."""
    waiting, seen = [requirement], set[str]()
    while waiting:
        one = waiting.pop()
        if str(one) not in seen:
            seen.add(str(one))
            try:
                waiting += needs(one)
            except PackageNotFoundError:
                # Named for a system that this is not.
                continue
    return {canonicalize_name(Requirement(each).name) for each in seen}


def test_the_benchmarks_need_nothing_that_make_bench_does_not_install() -> None:
    extra = extra_of("bench")
    here = brought_by(Requirement(f"vultus[{extra}]" if extra else "vultus"))
    absent = [
        module
        for module, distributions in packages_distributions().items()
        if not here & {canonicalize_name(each) for each in distributions}
    ]
    assert {"hypothesis", "mypy", "boto3"} <= set(absent)
    # Imported while a benchmark runs.
    assert not {"fastapi", "jinja2", "psycopg", "uvicorn"} & set(absent)
    benchmarks = [
        f"benchmarks.{path.stem}" for path in sorted((CHECKOUT / "benchmarks").glob("*.py"))
    ]
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL],
        input=json.dumps([absent, benchmarks]),
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
