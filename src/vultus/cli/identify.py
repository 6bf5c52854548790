"""`vultus identify`: who is in the photos, among those of a gallery or a folder?"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from vultus.cli.opening import InGallery
from vultus.cli.options import AsJson, Draw, FaceOnly, MinFace, Pack, Threshold
from vultus.cli.printable import on_stderr

if TYPE_CHECKING:
    from vultus.cli.draw import Pictures
    from vultus.cli.exit_codes import ExitCode
    from vultus.cli.ports import OneGallery
    from vultus.cli.shown import IdentifiedFace
    from vultus.usecases.recognizer import People, Recognizer


def identify(
    photos: Annotated[
        list[str] | None, typer.Argument(help="Photos: files, folders or globs.")
    ] = None,
    gallery: InGallery = None,
    people: Annotated[
        Path | None,
        typer.Option(
            "--people",
            help="Instead of a gallery: a folder per person, or one photo per person.",
            exists=True,
        ),
    ] = None,
    templates: Annotated[
        Path | None,
        typer.Option(help="Instead of photos: templates of vultus embed --npz.", dir_okay=False),
    ] = None,
    top_k: Annotated[int, typer.Option("--top-k", min=1, help="Candidates per face.")] = 3,
    pack: Pack = None,
    min_face: MinFace = None,
    threshold: Threshold = None,
    face_only: FaceOnly = False,
    as_json: AsJson = False,
    draw: Draw = None,
) -> None:
    """Name the faces of photos, or say that they are unknown."""
    from vultus.cli.opening import open_gallery
    from vultus.cli.options import (
        open_recognizer,
        pictures_in,
        refuse_with_templates,
        settings_with,
    )
    from vultus.cli.photos import expand

    if bool(photos) == bool(templates) or (people and (gallery or templates)):
        raise typer.BadParameter("give photos or --templates, and --gallery or --people")
    if templates is not None:
        refuse_with_templates(min_face=min_face, face_only=face_only, draw=draw)
    settings = settings_with(pack, min_face, threshold, here=people is not None)
    paths = expand(photos or [])
    pictures = pictures_in(draw, settings)
    if people is not None:
        namer: Namer = enroll(open_recognizer(settings), people)
        code = report_identified(paths, namer, pictures, top_k, face_only, as_json=as_json)
        raise typer.Exit(code)
    with open_gallery(gallery, settings) as opened:
        if templates is not None:
            _report_templates(opened, templates, top_k, as_json=as_json)
            return
        code = report_identified(paths, opened, pictures, top_k, face_only, as_json=as_json)
    raise typer.Exit(code)


class Namer(Protocol):
    """Names faces: a gallery, or people held in memory."""

    def identify(self, image: Path, *, top_k: int, face_only: bool) -> "Sequence[IdentifiedFace]":
        """Name each face of an image."""


def report_identified(
    photos: Sequence[Path],
    namer: Namer,
    pictures: "Pictures | None",
    top_k: int = 3,
    face_only: bool = False,
    *,
    as_json: bool = False,
) -> "ExitCode":
    """Name the faces of every photo, print what came out, and give the exit code."""
    from vultus.cli.render import IDENTIFIED, identified_line
    from vultus.cli.report import report

    return report(
        photos,
        lambda photo: [
            identified_line(answer)
            for answer in namer.identify(photo, top_k=top_k, face_only=face_only)
        ],
        IDENTIFIED,
        as_json=as_json,
        pictures=pictures,
        what="identifying",
    )


def enroll(recognizer: "Recognizer", folder: Path) -> "People":
    """Enroll the people of a folder, and say on stderr which photos could not be used."""
    from vultus.cli.progress import counted

    with counted("enrolling") as step:
        enrolled = recognizer.people(folder, step)
    for refused in enrolled.refused:
        on_stderr(f"not enrolled: {refused.photo.path}: {refused.error}")
    return enrolled


def _report_templates(gallery: "OneGallery", templates: Path, top_k: int, *, as_json: bool) -> None:
    from vultus.cli.render import identification_cells, identification_json, print_json
    from vultus.cli.tables import Rows
    from vultus.usecases.gallery.templates import read_templates

    rows = Rows("template>", "who", "similarity>", "next")
    vectors = read_templates(templates, gallery.info.model)
    for number, answer in enumerate(gallery.identify_templates(vectors, top_k=top_k), start=1):
        if as_json:
            print_json({"template": number, **identification_json(answer)})
        else:
            rows.add(str(number), *identification_cells(answer))
    rows.print()
