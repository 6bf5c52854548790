"""`vultus audit`: who did what to whom."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vultus.cli.line import Json
    from vultus.domain.gallery import AuditEvent
    from vultus.gallery.store.port import AuditLog, GalleryStore

AT_ONCE = 1_000

app = typer.Typer(help="The audit log.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Who did what to whom; it holds no name, image or template."""


@app.command()
def export(
    gallery: Annotated[
        str | None, typer.Option("--gallery", "-g", help="Only of this one: a name or an id.")
    ] = None,
    subject: Annotated[str | None, typer.Option(help="Only of this one: an id.")] = None,
    after: Annotated[int, typer.Option(help="Only what came after this sequence number.")] = 0,
) -> None:
    """Print events as JSON lines, in the order they happened."""
    from contextlib import closing

    from vultus.bootstrap.galleries import open_store
    from vultus.cli.options import settings_with
    from vultus.cli.render import print_json

    with closing(open_store(settings_with())) as store:
        for event in _events(store, _id(store, gallery), subject, after):
            print_json(_json(event))


def _id(store: "GalleryStore", said: str | None) -> str | None:
    from vultus.errors import GalleryNotFound

    if said is None:
        return None
    try:
        return store.gallery(said).id
    except GalleryNotFound:
        # Events outlive their gallery: this may be the id of one that is gone.
        return said


def _events(
    log: "AuditLog", gallery_id: str | None, subject_id: str | None, after: int
) -> "Iterator[AuditEvent]":
    while found := log.events(
        gallery_id=gallery_id, subject_id=subject_id, after=after, limit=AT_ONCE
    ):
        yield from found
        after = found[-1].sequence


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
