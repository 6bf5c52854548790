"""What a command works on: opened as the settings say, and closed at its end."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from vultus.cli.ports import Administration, AllGalleries, OneGallery, Recognition
    from vultus.settings import Settings

InGallery = Annotated[
    str | None,
    typer.Option("--gallery", "-g", help="Gallery: a name or an id; default: the setting."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@contextmanager
def open_galleries(settings: "Settings | None" = None) -> Iterator["AllGalleries"]:
    """The galleries of the server that the settings name, or else of their store."""
    from vultus.bootstrap import galleries as bootstrap
    from vultus.cli.options import open_recognizer, settings_with
    from vultus.cli.server import connect

    chosen = settings or settings_with()
    if chosen.client.server is None:
        with bootstrap.open_galleries(chosen, actor=actor(), load=open_recognizer) as own:
            yield own
    else:
        with connect(chosen) as client:
            yield client.galleries


@contextmanager
def open_gallery(name: str | None, settings: "Settings | None" = None) -> Iterator["OneGallery"]:
    """One of them; None takes the setting `gallery.default`."""
    from vultus.cli.options import settings_with

    chosen = settings or settings_with()
    with open_galleries(chosen) as galleries:
        yield galleries.open(name or chosen.gallery.default)


@contextmanager
def open_administration() -> Iterator["Administration"]:
    """Keys and audit log of the server that the settings name, or else of their store."""
    from vultus.bootstrap import service as bootstrap
    from vultus.cli.options import settings_with
    from vultus.cli.server import connect

    settings = settings_with()
    if settings.client.server is None:
        with bootstrap.open_administration(settings, actor=actor()) as own:
            yield own
    else:
        with connect(settings) as client:
            yield client.administration


@contextmanager
def open_recognition(settings: "Settings") -> Iterator["Recognition"]:
    """What finds and compares faces: the server that the settings name, or else their pack."""
    from vultus.cli.options import open_recognizer
    from vultus.cli.server import connect

    if settings.client.server is None:
        yield open_recognizer(settings)
    else:
        with connect(settings) as client:
            yield client


def confirm(question: str, yes: bool) -> None:
    """Go on only if the person who runs the command agrees."""
    if not yes:
        typer.confirm(question, abort=True)


def actor() -> str:
    """Who stands in the audit log for what a command does."""
    try:
        return f"cli:{getpass.getuser()}"
    except (OSError, KeyError):
        return "cli"
