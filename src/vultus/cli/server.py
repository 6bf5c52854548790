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
Key = Annotated[
    str | None,
    typer.Option("--key", help="Key for it; others see it less in VULTUS_CLIENT__KEY."),
]

_said: ContextVar[tuple[str | None, str | None] | None] = ContextVar("said", default=None)


def on_server(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options `--server` and `--key`; `settings_with` heeds them."""

    @wraps(command)
    def run(*words: Any, server: str | None, key: str | None, **options: Any) -> None:
        token = _said.set((server, key))
        try:
            command(*words, **options)
        finally:
            _said.reset(token)

    own = signature(command)
    more = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in (("server", Server), ("key", Key))
    ]
    run.__signature__ = own.replace(parameters=[*own.parameters.values(), *more])  # type: ignore[attr-defined]
    run.__annotations__ = {**command.__annotations__, "server": Server, "key": Key}
    return run


def takes_server() -> bool:
    """Say whether the command that runs is one that can work on a server."""
    return _said.get() is not None


def server_said() -> dict[str, str | None]:
    """The settings of the group `client` that the command line gives."""
    server, key = _said.get() or (None, None)
    return {"server": server, "key": key}


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
