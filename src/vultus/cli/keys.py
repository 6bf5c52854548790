"""`vultus keys`: who may ask the service for what."""

import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from vultus.cli.options import AsJson
from vultus.cli.server import on_server
from vultus.domain.key import Key, Scope

if TYPE_CHECKING:
    from vultus.cli.line import Json

app = typer.Typer(help="API keys of the service: create, list, revoke.", no_args_is_help=True)

OfGallery = Annotated[
    str | None,
    typer.Option("--gallery", "-g", help="The only gallery: a name or an id; default: all."),
]
Days = Annotated[
    int | None, typer.Option("--days", help="It expires after so many days.", min=1, max=36_500)
]


@app.command()
@on_server
def create(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    scope: Annotated[
        Scope, typer.Option(help="What it is good for; each includes those before it.")
    ] = Scope.READ,
    gallery: OfGallery = None,
    days: Days = None,
    secret: Annotated[
        str | None, typer.Option(help="A secret that somebody has already, such as a UUID.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key, for all galleries or one, and print its secret, which is shown this once."""
    from vultus.cli.opening import open_administration
    from vultus.cli.render import print_json

    with open_administration() as administration:
        key, shown = administration.create_key(
            name, scope, gallery=gallery, expires_at=_in(days), secret=secret
        )
    if as_json:
        print_json(_json(key) | {"secret": shown})
    else:
        print(shown)
        print(f"Keep it: it is shown this once. Its id is {key.id}.", file=sys.stderr)


@app.command("list")
@on_server
def list_keys(gallery: OfGallery = None, as_json: AsJson = False) -> None:
    """List keys, without their secrets."""
    from vultus.cli.opening import open_administration
    from vultus.cli.render import print_json
    from vultus.cli.tables import Rows

    rows = Rows("id", "name", "scope", "gallery", "state", "last used")
    with open_administration() as administration:
        for key in administration.keys(gallery):
            if as_json:
                print_json(_json(key))
            else:
                place, used = key.gallery_id or "all", _day(key.last_used_at)
                rows.add(key.id, key.name, key.scope.value, place, _state(key), used)
    rows.print()


@app.command()
@on_server
def revoke(key_id: Annotated[str, typer.Argument(metavar="KEY", help="Id of a key.")]) -> None:
    """Let a key open nothing from now on."""
    from vultus.cli.opening import open_administration

    with open_administration() as administration:
        revoked = administration.revoke_key(key_id)
    print(f"{revoked.name} is revoked")


def _in(days: int | None) -> datetime | None:
    return None if days is None else datetime.now(UTC) + timedelta(days=days)


def _state(key: Key) -> str:
    if key.revoked_at is not None:
        return f"revoked {_day(key.revoked_at)}"
    if key.expires_at is None:
        return "live"
    return f"{'expires' if key.is_live(datetime.now(UTC)) else 'expired'} {_day(key.expires_at)}"


def _day(moment: datetime | None) -> str:
    return "-" if moment is None else moment.date().isoformat()


def _json(key: Key) -> "Json":
    moments = ("created_at", "expires_at", "revoked_at", "last_used_at")
    facts = {"id": key.id, "name": key.name, "scope": key.scope.value, "gallery_id": key.gallery_id}
    return facts | {name: _written(getattr(key, name)) for name in moments}


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
