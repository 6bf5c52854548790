"""Subjects become one, or several."""

from typing import Annotated

import typer

from vultus.cli.opening import InGallery
from vultus.cli.options import AsJson
from vultus.cli.printable import on_stdout
from vultus.cli.subjects.options import OneSubject


def merge(
    into: OneSubject,
    others: Annotated[list[str], typer.Argument(help="The subjects that become one with it.")],
    gallery: InGallery = None,
    as_json: AsJson = False,
) -> None:
    """Make one subject of several; the first keeps its name, external id and attributes."""
    from vultus.cli.gallery_render import merge_json
    from vultus.cli.opening import open_gallery
    from vultus.cli.render import print_json

    with open_gallery(gallery) as opened:
        merged = opened.merge(into, *others)
        subject = opened.subject(merged.into)
    if as_json:
        print_json(merge_json(merged))
        return
    on_stdout(f"{subject.subject.name} has {subject.face_count} faces now")
    print(f"Undo with: vultus subjects unmerge {merged.id}")


def merges(gallery: InGallery = None, as_json: AsJson = False) -> None:
    """List the merges that can be undone, the newest first."""
    from vultus.cli.gallery_render import merge_json
    from vultus.cli.opening import open_gallery
    from vultus.cli.render import print_json
    from vultus.cli.tables import Rows

    rows = Rows("id", "when", "into", "subjects>")
    with open_gallery(gallery) as opened:
        for each in opened.merges():
            if as_json:
                print_json(merge_json(each))
            else:
                rows.add(each.id, f"{each.at:%Y-%m-%d %H:%M}", each.into, str(len(each.others)))
    rows.print()


def unmerge(
    merge_id: Annotated[str, typer.Argument(help="The id of a merge.")],
    gallery: InGallery = None,
) -> None:
    """Take back a merge: the subjects return with the faces that came from them."""
    from vultus.cli.opening import open_gallery

    with open_gallery(gallery) as opened:
        for returned in opened.undo_merge(merge_id):
            on_stdout(f"{returned.subject.name} is back with {returned.face_count} faces")


def split(
    to: Annotated[
        str, typer.Argument(help="Whom the faces show: a subject, or the name of a new one.")
    ],
    faces: Annotated[list[str], typer.Argument(help="Ids of faces; see vultus subjects faces.")],
    gallery: InGallery = None,
) -> None:
    """Move faces to another subject, or split them off into a new one."""
    from vultus.cli.opening import open_gallery

    with open_gallery(gallery) as opened:
        subject = opened.split(faces, to)
    on_stdout(f"{subject.subject.name} ({subject.subject.id}) has {subject.face_count} faces now")
