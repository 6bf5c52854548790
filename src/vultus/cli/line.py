"""The answer for one face, in the three forms that a command gives it."""

from dataclasses import dataclass
from typing import Any

from vultus.cli.draw import Mark

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """The answer for one face: for programs, for people, and for the picture."""

    json: Json
    cells: tuple[str, ...]
    mark: Mark
