"""`vultus gallery`: named sets of subjects, and the way from store to store."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from vultus.cli.opening import Yes
from vultus.cli.options import AsJson, Pack
from vultus.cli.server import on_server

app = typer.Typer(
    help="Galleries: create, list, show, delete, export, import, tidy.", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(help="A gallery, by name or id.")]


@app.command()
@on_server
def create(
    name: Annotated[str, typer.Argument(help="Name of the new gallery.")],
    keep_crops: Annotated[
        bool, typer.Option("--keep-crops", help="Keep the part of each photo with the face.")
    ] = False,
    pack: Pack = None,
) -> None:
    """Create an empty gallery for templates of a pack."""
    from vultus.cli.opening import open_galleries
    from vultus.cli.options import settings_with

    with open_galleries(settings_with(pack)) as galleries:
        gallery = galleries.create(name, keep_crops=keep_crops).info
    print(f"The gallery {gallery.name} is created, for templates of {gallery.model}")


@app.command("list")
@on_server
def list_galleries(as_json: AsJson = False) -> None:
    """List all galleries."""
    from vultus.cli.gallery_render import gallery_json
    from vultus.cli.opening import open_galleries
    from vultus.cli.render import print_json
    from vultus.cli.tables import Rows

    rows = Rows("gallery", "subjects>", "faces>", "model", "id")
    with open_galleries() as galleries:
        for gallery in galleries.list():
            counts = galleries.open(gallery.id).counts
            if as_json:
                print_json(gallery_json(gallery, counts))
            else:
                numbers = str(counts.subjects), str(counts.faces)
                rows.add(gallery.name, *numbers, str(gallery.model), gallery.id)
    rows.print()


@app.command()
@on_server
def show(name: Name, as_json: AsJson = False) -> None:
    """Show what a gallery is, and how much is in it."""
    from vultus.cli.gallery_render import gallery_json, policy_text
    from vultus.cli.opening import open_gallery
    from vultus.cli.render import print_json

    with open_gallery(name) as gallery:
        info, counts = gallery.info, gallery.counts
    if as_json:
        print_json(gallery_json(info, counts))
        return
    print(f"{info.name} (id {info.id})")
    print(f"  {counts.subjects} subjects, {counts.faces} faces")
    print(f"  templates of {info.model}, {info.dim} numbers each")
    print(f"  threshold: {policy_text(info.policy)}")
    print(f"  crops of the photos are {'kept' if info.keep_crops else 'not kept'}")
    print(f"  created {info.created_at:%Y-%m-%d %H:%M}, revision {info.revision}")


@app.command("set")
@on_server
def set_policy(
    name: Name,
    policy: Annotated[
        Literal["fixed", "fpir", "default"],
        typer.Option(help="fixed: one threshold; fpir: rises with the size; default: the setting."),
    ],
    fpir: Annotated[
        float | None,
        typer.Option(help="Most strangers to name, as a share; default: the setting."),
    ] = None,
) -> None:
    """Say how a gallery's threshold follows its size."""
    from vultus.cli.gallery_render import policy_text
    from vultus.cli.opening import open_gallery
    from vultus.cli.options import settings_with
    from vultus.domain.gallery import ThresholdPolicy

    if policy != "fpir" and fpir is not None:
        raise typer.BadParameter("--fpir goes with --policy fpir")
    settings = settings_with()
    share = settings.match.fpir if policy == "fpir" and fpir is None else fpir
    chosen = None if policy == "default" else ThresholdPolicy(policy, share)
    with open_gallery(name, settings) as gallery:
        changed = gallery.set_policy(chosen)
    print(f"The threshold of {changed.name}: {policy_text(changed.policy)}")


@app.command()
@on_server
def delete(name: Name, yes: Yes = False) -> None:
    """Delete a gallery with everybody in it."""
    from vultus.cli.opening import confirm, open_galleries

    with open_galleries() as galleries:
        counts = galleries.open(name).counts
        confirm(f"Delete the gallery {name} with {counts.subjects} subjects?", yes)
        galleries.delete(name)
    print(f"The gallery {name} is deleted")


@app.command("export")
@on_server
def export_gallery(
    name: Name,
    file: Annotated[Path, typer.Argument(help="The archive to write.", dir_okay=False)],
) -> None:
    """Write a gallery to one archive, templates and all; keep it as you keep biometric data."""
    from vultus.cli.opening import open_gallery
    from vultus.cli.progress import counted

    with open_gallery(name) as gallery, counted("exporting") as step:
        subjects = gallery.export(file, step)
    print(f"Subjects in {file}: {subjects}")


@app.command("import")
@on_server
def import_gallery(
    file: Annotated[Path, typer.Argument(help="An archive.", dir_okay=False)],
    name: Annotated[
        str | None, typer.Option("--as", help="Name of the gallery; default: its own.")
    ] = None,
) -> None:
    """Bring in the gallery of an archive; one that is there gets the subjects it lacks."""
    from vultus.cli.opening import open_galleries
    from vultus.cli.progress import counted

    with open_galleries() as galleries, counted("importing") as step:
        imported = galleries.import_archive(file, name=name, step=step)
    there = imported.of - imported.subjects
    already = f", already there: {there}" if there else ""
    print(f"Subjects new in the gallery {imported.gallery.name}: {imported.subjects}{already}")


@app.command()
@on_server
def duplicates(
    name: Name,
    least: Annotated[
        float | None,
        typer.Option(help="Lowest similarity of a pair; default: a match.", min=-1, max=1),
    ] = None,
    limit: Annotated[int, typer.Option(help="Most pairs.", min=1)] = 100,
    as_json: AsJson = False,
) -> None:
    """List pairs of subjects that look like one person, most similar first."""
    from vultus.cli.gallery_render import duplicate_cells, duplicate_json
    from vultus.cli.opening import open_gallery
    from vultus.cli.progress import counted
    from vultus.cli.render import print_json
    from vultus.cli.tables import Rows

    rows = Rows("first", "second", "similarity>", "id", "id")
    with open_gallery(name) as gallery, counted("comparing") as step:
        faces = gallery.counts.faces
        found = gallery.duplicates(least, limit=limit, step=lambda done: step(done, faces))
    for pair in found:
        if as_json:
            print_json(duplicate_json(pair))
        else:
            rows.add(*duplicate_cells(pair))
    rows.print()


@app.command()
@on_server
def purge(
    days: Annotated[
        int | None,
        typer.Option(help="Keep what was deleted in the last so many days.", min=0, max=36_500),
    ] = None,
    yes: Yes = False,
) -> None:
    """Remove for good, from all galleries, what was deleted or is past its date of retention."""
    from datetime import timedelta

    from vultus.cli.opening import confirm, open_galleries
    from vultus.cli.options import settings_with

    settings = settings_with()
    if days is None and settings.client.server is None:
        days = settings.store.retention_days
    ago = "before the server's time of retention" if days is None else f"more than {days} days ago"
    confirm(f"Remove for good what was deleted {ago}?", yes)
    with open_galleries(settings) as galleries:
        purged = galleries.purge(None if days is None else timedelta(days=days))
    print(f"Gone: {purged.galleries} galleries, {purged.subjects} subjects, {purged.faces} faces")
    print(f"Subjects among them that were past their date of retention: {purged.expired}")
