"""The table of extras, and the distribution's own list of them."""

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from vultus.usecases import extras
from vultus.usecases.extras import EXTRAS, missing_packages

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
FOR_WORK_ON_VULTUS = {"bench", "dev", "docs"}
FASTER = {"uvloop"}


def test_the_table_names_every_extra_and_every_package_that_it_needs() -> None:
    declared = {
        extra: {Requirement(need).name for need in needs} - FASTER
        for extra, needs in PROJECT["optional-dependencies"].items()
        if extra not in FOR_WORK_ON_VULTUS
    }
    assert {extra: set(packages.values()) for extra, packages in EXTRAS.items()} == declared


def test_what_is_installed_is_not_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing_packages("service") == []
    monkeypatch.setattr(
        extras, "find_spec", lambda module: None if module == "throttled" else module
    )
    assert missing_packages("service") == ["throttled-py"]
