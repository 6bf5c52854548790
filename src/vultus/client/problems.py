"""Problem details of a server (RFC 9457) → the errors of Vultus."""

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any, get_origin

from vultus.errors import VultusError


def known_error(problem: Mapping[str, Any]) -> VultusError | None:
    """The error whose `code` and facts a problem carries; None if this Vultus does not know it."""
    kind = _kinds().get(str(problem.get("code")))
    if kind is None:
        return None
    try:
        error = kind(*(_fact(problem[field.name], field.type) for field in fields(kind)))
        str(error)
        error.about(_fact(problem.get("image"), str | None))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return error


@cache
def _kinds() -> Mapping[str, type[VultusError]]:
    """The errors that are raised themselves, by their codes; groups of them are not."""
    return {kind.code: kind for kind in _below(VultusError) if "sentence" in vars(kind)}


def _below(kind: type[VultusError]) -> set[type[VultusError]]:
    return {each for sub in kind.__subclasses__() for each in (sub, *_below(sub))}


def _fact(value: Any, wanted: Any) -> Any:
    """A fact as its error has it: JSON knows no tuples."""
    if get_origin(wanted) is tuple:
        return tuple(_checked(value, list))
    return _checked(value, int | float if wanted is float else wanted)


def _checked(value: Any, wanted: Any) -> Any:
    if not isinstance(value, wanted):
        raise TypeError
    return value
