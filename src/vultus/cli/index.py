"""`vultus index`: what searches the galleries, and whether it is right."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from vultus.cli.exit_codes import ExitCode
from vultus.cli.options import AsJson
from vultus.cli.server import on_server

if TYPE_CHECKING:
    from vultus.cli.line import Json
    from vultus.cli.ports import OneGallery
    from vultus.cli.shown import CheckedIndex, IndexCheck

app = typer.Typer(help="Search indexes: how they are, made anew, checked.", no_args_is_help=True)

Names = Annotated[
    list[str] | None, typer.Argument(help="Galleries, by name or id; all of them by default.")
]


@app.command()
@on_server
def status(galleries: Names = None, as_json: AsJson = False) -> None:
    """Say how large each index is, and how many changes behind its gallery.

    An index that lags is brought up to date by the next query.
    """
    from vultus.cli.render import print_json
    from vultus.cli.tables import Rows

    rows = Rows("gallery", "templates>", "revision>", "of>", "behind>")
    for name, gallery in _meant(galleries):
        found = gallery.index_status()
        facts = found.templates, found.revision, found.store_revision, found.lag
        if as_json:
            names = ("templates", "revision", "store_revision", "lag")
            print_json({"gallery": name, **dict(zip(names, facts, strict=True))})
        else:
            rows.add(name, *(f"{fact:,}" for fact in facts))
    rows.print()


@app.command()
@on_server
def rebuild(galleries: Names = None) -> None:
    """Make the index anew from nothing but the store, and save it."""
    for name, gallery in _meant(galleries):
        found = gallery.rebuild_index()
        print(f"{name}: {found.templates:,} templates, revision {found.revision:,}")


@app.command()
@on_server
def check(galleries: Names = None, as_json: AsJson = False) -> None:
    """Compare the index with the store, and name every face on which they disagree.

    Where PostgreSQL itself keeps the index (pgvector), it is looked at as a whole.
    """
    from vultus.cli.render import print_json

    clean = True
    for name, gallery in _meant(galleries):
        found = gallery.check_index()
        clean &= found.check.clean
        if as_json:
            print_json(_as_json(name, found.check))
        else:
            print("\n".join(_sentences(name, found)))
    if not clean:
        raise typer.Exit(ExitCode.DIFFERENT)


def _meant(names: list[str] | None) -> Iterator[tuple[str, "OneGallery"]]:
    """The galleries that are named, or all of them, each with its name."""
    from vultus.cli.opening import open_galleries

    with open_galleries() as galleries:
        meant = names or [each.id for each in galleries.list()]
        for gallery in [galleries.open(said) for said in meant]:
            yield gallery.info.name, gallery


def _as_json(name: str, found: "IndexCheck") -> "Json":
    return {
        "gallery": name,
        "clean": found.clean,
        "settled": found.settled,
        "templates": found.templates,
        "revision": found.revision,
        "missing": list(found.missing),
        "extra": list(found.extra),
        "different": list(found.different),
        "problem": found.problem,
    }


def _sentences(name: str, found: "CheckedIndex") -> Iterator[str]:
    check, ids = found.check, found.face_ids
    where = f"{name}: {check.templates:,} templates at revision {check.revision:,}"
    if check.clean:
        yield f"{where}: the index agrees"
    elif check.settled:
        yield f"{where}: the index differs. Run: vultus index rebuild {name}"
    else:
        yield f"{where}: it is written to all the time; check it again when it is quiet"
    if check.problem is not None:
        yield f"the index as a whole: {check.problem}"
    for kind in ("missing", "extra", "different"):
        keys = getattr(check, kind)
        yield from (f"{kind}: face {ids.get(key, f'of key {key}')}" for key in keys)
