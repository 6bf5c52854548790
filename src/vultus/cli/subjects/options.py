"""What several commands on subjects take."""

import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer

OneSubject = Annotated[str, typer.Argument(help="A subject: id, external id or whole name.")]
KeyValues = Annotated[
    list[str] | None, typer.Option("--attribute", "-a", help="KEY=VALUE, as often as needed.")
]


def read_attributes(given: list[str]) -> dict[str, Any]:
    """Read KEY=VALUE; a value that is JSON is that, any other is text.

    Raises:
        InvalidValue: there is no key or no equals sign.
    """
    return {key: _value(value) for key, value in _pairs(given)}


def wanted_attributes(given: list[str]) -> dict[str, Any]:
    """Read KEY=VALUE to look for: the text, or what it is as JSON.

    Raises:
        InvalidValue: as for `read_attributes`.
    """
    from vultus.domain.subject import Typed

    return {key: Typed(value) for key, value in _pairs(given)}


def read_object(text: str) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        InvalidValue: it is none.
    """
    from vultus.errors import InvalidValue

    try:
        read = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidValue("attributes", f"they are no JSON: {error}") from error
    if not isinstance(read, dict):
        raise InvalidValue("attributes", "a JSON object is needed")
    return read


def _pairs(given: list[str]) -> Iterator[tuple[str, str]]:
    from vultus.errors import InvalidValue

    for pair in given:
        key, equals, value = pair.partition("=")
        if not key or not equals:
            raise InvalidValue("attribute", f"{pair!r} is not KEY=VALUE")
        yield key, value


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
