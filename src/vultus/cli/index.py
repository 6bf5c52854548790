"""`vultus index`: what searches the galleries, and whether it is right."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from vultus.cli.options import AsJson

if TYPE_CHECKING:
    from vultus.cli.line import Json
    from vultus.domain.gallery import Gallery
    from vultus.gallery.search.status import IndexCheck, Searches
    from vultus.gallery.store.port import Store

DIFFERENT = 1
"""Exit code when an index is not what the store says."""
LOOKED_UP_AT_ONCE = 1_000

app = typer.Typer(help="Search indexes: how they are, made anew, checked.", no_args_is_help=True)

Names = Annotated[
    list[str] | None, typer.Argument(help="Galleries, by name or id; all of them by default.")
]


@app.command()
def status(galleries: Names = None, as_json: AsJson = False) -> None:
    """Say how large each index is, and how many changes behind its gallery.

    An index that lags is brought up to date by the next query.
    """
    from vultus.cli.render import print_json
    from vultus.cli.tables import Rows

    rows = Rows("gallery", "templates>", "revision>", "of>", "behind>")
    with _opened() as (store, searches):
        for gallery in _meant(store, galleries):
            found = searches.status(gallery)
            facts = found.templates, found.revision, found.store_revision, found.lag
            if as_json:
                names = ("templates", "revision", "store_revision", "lag")
                print_json({"gallery": gallery.name, **dict(zip(names, facts, strict=True))})
            else:
                rows.add(gallery.name, *(f"{fact:,}" for fact in facts))
    rows.print()


@app.command()
def rebuild(galleries: Names = None) -> None:
    """Make the index anew from nothing but the store, and save it."""
    with _opened() as (store, searches):
        for gallery in _meant(store, galleries):
            searches.rebuild(gallery)
            found = searches.status(gallery)
            print(f"{gallery.name}: {found.templates:,} templates, revision {found.revision:,}")


@app.command()
def check(galleries: Names = None, as_json: AsJson = False) -> None:
    """Compare the index with the store, and name every face on which they disagree."""
    from vultus.cli.render import print_json

    clean = True
    with _opened() as (store, searches):
        for gallery in _meant(store, galleries):
            found = searches.check(gallery)
            clean &= found.clean
            if as_json:
                print_json(_as_json(gallery, found))
            else:
                print("\n".join(_sentences(store, gallery, found)))
    if not clean:
        raise typer.Exit(DIFFERENT)


@contextmanager
def _opened() -> Iterator[tuple["Store", "Searches"]]:
    from vultus.bootstrap.galleries import open_searches, open_store
    from vultus.cli.options import settings_with

    settings = settings_with()
    store = open_store(settings)
    try:
        searches = open_searches(settings, store)
        yield store, searches
        searches.close()
    finally:
        store.close()


def _meant(store: "Store", names: list[str] | None) -> list["Gallery"]:
    return [store.gallery(name) for name in names] if names else list(store.galleries())


def _as_json(gallery: "Gallery", found: "IndexCheck") -> "Json":
    return {
        "gallery": gallery.name,
        "clean": found.clean,
        "settled": found.settled,
        "templates": found.templates,
        "revision": found.revision,
        "missing": list(found.missing),
        "extra": list(found.extra),
        "different": list(found.different),
    }


def _sentences(store: "Store", gallery: "Gallery", found: "IndexCheck") -> Iterator[str]:
    where = f"{gallery.name}: {found.templates:,} templates at revision {found.revision:,}"
    if found.clean:
        yield f"{where}: the index agrees"
    elif found.settled:
        yield f"{where}: the index differs. Run: vultus index rebuild {gallery.name}"
    else:
        yield f"{where}: it is written to all the time; check it again when it is quiet"
    for kind in ("missing", "extra", "different"):
        keys = getattr(found, kind)
        for start in range(0, len(keys), LOOKED_UP_AT_ONCE):
            some = keys[start : start + LOOKED_UP_AT_ONCE]
            ids = store.face_ids_by_key(gallery.id, some)
            yield from (f"{kind}: face {ids.get(key, f'of key {key}')}" for key in some)
