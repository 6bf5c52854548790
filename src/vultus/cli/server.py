"""Commands that work on a server: `--server URL --key KEY`, in place of this machine's store."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from vultus.client import Client
    from vultus.settings import Settings

Server = Annotated[
    str | None,
    typer.Option("--server", help="Work on the server at this URL, not on this machine's store."),
]
_said: ContextVar[tuple[str | None, str | None] | None] = ContextVar("said", default=None)


def on_server(command: Callable[..., None], key_option: str = "--key") -> Callable[..., None]:
    """Give a command the options `--server` and `--key`; `settings_with` heeds them.

    `key_option` is another name for the second, where the command has a `--key` of its own.
    """

    @wraps(command)
    def run(*words: Any, server: str | None, server_key: str | None, **options: Any) -> None:
        token = _said.set((server, server_key))
        try:
            command(*words, **options)
        finally:
            _said.reset(token)

    own, added = signature(command), {"server": Server, "server_key": _key(key_option)}
    more = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in added.items()
    ]
    run.__signature__ = own.replace(parameters=[*own.parameters.values(), *more])  # type: ignore[attr-defined]
    run.__annotations__ = {**command.__annotations__, **added}
    return run


def takes_server() -> bool:
    """Say whether the command that runs is one that can work on a server."""
    return _said.get() is not None


def server_said() -> dict[str, str | None]:
    """The settings of the group `client` that the command line gives."""
    server, key = _said.get() or (None, None)
    return {"server": server, "key": key}


def _key(option: str) -> Any:
    said = "Key for the server; the variable VULTUS_CLIENT__KEY is safer."
    return Annotated[str | None, typer.Option(option, help=said)]


def connect(settings: "Settings") -> "Client":
    """A client of the server that the settings name."""
    from vultus.client import Client

    chosen = settings.client
    return Client(
        chosen.server or "",
        key=chosen.key.get_secret_value() if chosen.key else None,
        timeout_s=chosen.timeout_s,
        retries=chosen.retries,
        max_image_bytes=settings.decode.max_bytes,
    )
