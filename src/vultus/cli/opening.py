"""Galleries for a command: opened as the settings say, and closed at its end."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from vultus.settings import Settings
    from vultus.usecases.gallery.galleries import Galleries
    from vultus.usecases.gallery.opened import OpenGallery

InGallery = Annotated[
    str | None,
    typer.Option("--gallery", "-g", help="Gallery: a name or an id; default: the setting."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@contextmanager
def open_galleries(settings: "Settings | None" = None) -> Iterator["Galleries"]:
    """The galleries of the store that the settings name."""
    from vultus.bootstrap import galleries as bootstrap
    from vultus.cli.options import open_recognizer, settings_with

    chosen = settings or settings_with()
    with bootstrap.open_galleries(chosen, actor=_actor(), load=open_recognizer) as galleries:
        yield galleries


@contextmanager
def open_gallery(name: str | None, settings: "Settings | None" = None) -> Iterator["OpenGallery"]:
    """One of them; None takes the setting `gallery.default`."""
    from vultus.cli.options import settings_with

    chosen = settings or settings_with()
    with open_galleries(chosen) as galleries:
        yield galleries.open(name or chosen.gallery.default)


def confirm(question: str, yes: bool) -> None:
    """Go on only if the person who runs the command agrees."""
    if not yes:
        typer.confirm(question, abort=True)


def _actor() -> str:
    try:
        return f"cli:{getpass.getuser()}"
    except (OSError, KeyError):
        return "cli"
