"""`vultus config`: which settings hold, and where they come from."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer

from vultus.cli.options import AsJson

if TYPE_CHECKING:
    from pydantic import BaseModel

MASKED = "********"
USER = re.compile(r"(?<=://)[^/\s]*@")
"""Name and password in an address."""

app = typer.Typer(help="Settings.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Settings: from a file, the environment, and the command line."""


@app.command()
def show(as_json: AsJson = False) -> None:
    """Print every setting with its value and where that comes from; secrets are masked."""
    from vultus.cli.render import print_json
    from vultus.cli.tables import Rows
    from vultus.settings import settings_with_origins

    settings, origins = settings_with_origins()
    rows = Rows("setting", "value", "from")
    for name, value in effective(settings):
        if as_json:
            print_json({"setting": name, "value": value, "origin": origins[name]})
        else:
            rows.add(name, "-" if value is None else str(value), origins[name])
    rows.print()


def effective(group: "BaseModel", above: str = "") -> Iterator[tuple[str, Any]]:
    """Settings by name with their values as JSON, secrets masked."""
    from pathlib import Path

    from pydantic import BaseModel, SecretStr

    for name in type(group).model_fields:
        value = getattr(group, name)
        if isinstance(value, BaseModel):
            yield from effective(value, f"{above}{name}.")
        elif isinstance(value, SecretStr):
            yield above + name, MASKED
        elif isinstance(value, str | Path):
            yield above + name, USER.sub(f"{MASKED}@", str(value))
        else:
            yield above + name, value
