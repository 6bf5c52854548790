"""`vultus audit`: who did what to whom."""

from typing import TYPE_CHECKING, Annotated

import typer

from vultus.cli.server import on_server

if TYPE_CHECKING:
    from vultus.cli.line import Json
    from vultus.domain.gallery import AuditEvent

app = typer.Typer(help="The audit log.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Who did what to whom; it holds no name, image or template."""


@app.command()
@on_server
def export(
    gallery: Annotated[
        str | None, typer.Option("--gallery", "-g", help="Only of this one: a name or an id.")
    ] = None,
    subject: Annotated[str | None, typer.Option(help="Only of this one: an id.")] = None,
    after: Annotated[int, typer.Option(help="Only what came after this sequence number.")] = 0,
) -> None:
    """Print events as JSON lines, in the order they happened."""
    from vultus.cli.opening import open_administration
    from vultus.cli.render import print_json

    with open_administration() as administration:
        for event in administration.events(gallery=gallery, subject=subject, after=after):
            print_json(_json(event))


def _json(event: "AuditEvent") -> "Json":
    return {
        "sequence": event.sequence,
        "at": event.at.isoformat(),
        "actor": event.actor,
        "action": event.action,
        "gallery_id": event.gallery_id,
        "subject_id": event.subject_id,
        "details": dict(event.details),
    }
