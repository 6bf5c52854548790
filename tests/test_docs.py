"""The documentation is complete, and what it names exists."""

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
import typer
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from vultus.errors import VultusError
from vultus.settings import Settings

CHECKOUT = Path(__file__).parents[1]
DOCS = CHECKOUT / "docs"
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
PAGES = sorted([*CHECKOUT.glob("*.md"), *DOCS.rglob("*.md")])


def rows(page: str) -> list[list[str]]:
    """The cells of every row of every table of a page, without its heads."""
    lines = [line for line in (DOCS / page).read_text().splitlines() if line.startswith("|")]
    heads = {line for line, below in pairwise(lines) if below.startswith("|--")}
    return [
        [plain(cell) for cell in line.strip("|").split("|")]
        for line in lines
        if line not in heads and not line.startswith("|--")
    ]


def plain(cell: str) -> str:
    """A cell without the marks around it, if they enclose all of it."""
    return re.sub(r"^\*?`([^`]+)`\*?$", r"\1", cell.strip())


def requirements() -> set[str]:
    project = PROJECT["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(need for extra in extras for need in extra)]
    return {canonicalize_name(Requirement(need).name) for need in wanted} - {project["name"]}


def test_every_dependency_is_documented_with_its_reason_and_its_licence() -> None:
    documented = {name: rest for name, *rest in rows("dependencies.md")}
    built_with = {Requirement(need).name for need in PROJECT["build-system"]["requires"]}
    assert documented.keys() == requirements() | built_with
    assert all(why and licence for why, licence in documented.values())


def test_the_constraints_pin_every_dependency_and_nothing_but_versions() -> None:
    lines = (CHECKOUT / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", pin) for pin in pins)
    assert {canonicalize_name(pin.partition("==")[0]) for pin in pins} >= requirements()
    assert pins == sorted(pins, key=str.upper)


def errors(of: type[VultusError] = VultusError) -> set[type[VultusError]]:
    found = {of}.union(*(errors(subclass) for subclass in of.__subclasses__()))
    return {each for each in found if each.__module__.startswith("vultus.errors.")}


def test_every_error_is_documented_with_its_code_and_its_facts() -> None:
    documented = {
        code: (name, re.findall(r"\w+", facts)) for code, name, facts, _ in rows("errors.md")
    }
    assert documented == {
        error.code: (error.__name__, [field.name for field in fields(error)]) for error in errors()
    }


def settings(
    model: type[BaseModel] = Settings, above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], FieldInfo]]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from settings(field.annotation, (*above, name))
        else:
            yield (*above, name), field


def default_of(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return "the user's data directory"
    return "unset" if field.default is None else str(field.default)


@pytest.mark.parametrize(("path", "field"), [pytest.param(*each) for each in settings()])
def test_every_setting_is_documented(path: tuple[str, ...], field: FieldInfo) -> None:
    documented: dict[str, Any] = {name: rest for name, *rest in rows("settings.md")}
    variable, default, meaning = documented[".".join(path)]
    assert variable == f"VULTUS_{'__'.join(path).upper()}"
    assert default == default_of(field)
    choices = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    assert all(f"`{choice}`" in meaning for choice in choices)


def test_no_setting_is_documented_that_does_not_exist() -> None:
    assert {name for name, *_ in rows("settings.md")} == {".".join(path) for path, _ in settings()}


def commands(group: Any, above: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{above} {name}")
        else:
            yield f"{above} {name}"


def test_every_command_is_documented() -> None:
    from vultus.cli.app import app

    documented = [name for name, *_ in rows("commands.md") if name.startswith("vultus")]
    named = {re.match(r"[a-z -]+[a-z]", name)[0].partition(" --")[0] for name in documented}
    assert named == set(commands(typer.main.get_command(app), "vultus"))


def test_every_exit_code_is_documented() -> None:
    from vultus.cli.exit_codes import ExitCode

    documented = [(name, int(code)) for code, name, _ in rows("exit-codes.md")]
    assert documented == [(name, int(code)) for name, code in ExitCode.__members__.items()]


def test_no_command_ends_with_a_number_that_has_no_name() -> None:
    import vultus.cli

    sources = Path(vultus.cli.__file__).parent.rglob("*.py")
    bare = re.compile(r"(typer\.Exit|SystemExit)\((?!ExitCode\.|code\)|codes\[|exit_code\()")
    assert [path.name for path in sources if bare.search(path.read_text())] == []


def test_every_decision_is_in_their_index() -> None:
    files = sorted(path.name for path in (DOCS / "adr").glob("[0-9]*.md"))
    assert re.findall(r"\]\((.+\.md)\)", (DOCS / "adr" / "index.md").read_text()) == files
    assert [int(name[:3]) for name in files] == list(range(1, len(files) + 1))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_links_to_is_there(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert missing == []


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_every_make_target_that_a_page_names_exists() -> None:
    command = re.compile(r"(?:^|`)make ([a-z-]+)(?=`|$| +#| [A-Z]+=)", re.MULTILINE)
    named = {target for page in PAGES for target in command.findall(page.read_text())}
    listed = subprocess.check_output(["make"], cwd=CHECKOUT, text=True)
    assert {"demo", "test"} <= named <= set(re.findall(r"^make (\S+)", listed, re.MULTILINE))
