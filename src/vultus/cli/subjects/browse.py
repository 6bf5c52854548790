"""Who is in a gallery: list, search, show."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from vultus.cli.opening import InGallery
from vultus.cli.options import AsJson
from vultus.cli.printable import on_stdout
from vultus.cli.subjects.options import KeyValues, OneSubject
from vultus.domain.page import LONGEST

if TYPE_CHECKING:
    from vultus.domain.gallery import Enrollment
    from vultus.domain.page import Page

Limit = Annotated[int, typer.Option(help="Most subjects of a page.", min=1, max=LONGEST)]
Cursor = Annotated[str | None, typer.Option(help="Where the page before ended.")]


def list_subjects(
    gallery: InGallery = None,
    attributes: KeyValues = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    as_json: AsJson = False,
) -> None:
    """List subjects in the order they were enrolled."""
    _print_found("", gallery, attributes, limit, cursor, as_json=as_json)


def search(
    text: Annotated[str, typer.Argument(help="Beginnings of words of name, id or attributes.")],
    gallery: InGallery = None,
    attributes: KeyValues = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    as_json: AsJson = False,
) -> None:
    """Find subjects by name, external id and attributes; near misses come last."""
    _print_found(text, gallery, attributes, limit, cursor, as_json=as_json)


def show(subject: OneSubject, gallery: InGallery = None, as_json: AsJson = False) -> None:
    """Show what is known of a subject."""
    from vultus.cli.gallery_render import attributes_text, enrollment_json
    from vultus.cli.opening import open_gallery
    from vultus.cli.render import print_json

    with open_gallery(gallery) as opened:
        found = opened.subject(subject)
    if as_json:
        print_json(enrollment_json(found))
        return
    on_stdout(f"{found.subject.name} (id {found.subject.id})")
    on_stdout(f"  external id    {found.subject.external_id or '-'}")
    on_stdout(f"  attributes     {attributes_text(found)}")
    on_stdout(f"  consent        {found.consent or '-'}")
    print(f"  retain until   {found.retain_until or '-'}")
    print(f"  faces          {found.face_count}")
    print(f"  enrolled       {found.created_at:%Y-%m-%d %H:%M}, version {found.version}")


def faces(subject: OneSubject, gallery: InGallery = None, as_json: AsJson = False) -> None:
    """List the faces of a subject."""
    from vultus.cli.gallery_render import GALLERY_FACE, gallery_face_cells, gallery_face_json
    from vultus.cli.opening import open_gallery
    from vultus.cli.render import print_json
    from vultus.cli.tables import Rows

    rows = Rows(*GALLERY_FACE)
    with open_gallery(gallery) as opened:
        for face in opened.faces(subject):
            if as_json:
                print_json(gallery_face_json(face))
            else:
                rows.add(*gallery_face_cells(face))
    rows.print()


def _print_found(
    text: str,
    gallery: str | None,
    attributes: list[str] | None,
    limit: int,
    cursor: str | None,
    *,
    as_json: bool,
) -> None:
    from vultus.cli.opening import open_gallery
    from vultus.cli.subjects.options import wanted_attributes

    wanted = wanted_attributes(attributes or [])
    with open_gallery(gallery) as opened:
        page = opened.subjects(text, wanted, cursor=cursor, limit=limit)
    _print_page(page, as_json=as_json)


def _print_page(page: "Page[Enrollment]", *, as_json: bool) -> None:
    from vultus.cli.gallery_render import ENROLLMENT, enrollment_cells, enrollment_json
    from vultus.cli.render import print_json
    from vultus.cli.tables import Rows

    rows = Rows(*ENROLLMENT)
    for found in page.items:
        if as_json:
            print_json(enrollment_json(found))
        else:
            rows.add(*enrollment_cells(found))
    rows.print()
    if page.cursor is not None:
        print(f"vultus: there are more: --cursor {page.cursor}", file=sys.stderr)
