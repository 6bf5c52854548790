"""`vultus embed`: faces as templates."""

from pathlib import Path
from typing import Annotated

import typer

from vultus.cli.options import AsJson, FaceOnly, MinFace, Pack, Photos


def embed(
    photos: Photos,
    pack: Pack = None,
    min_face: MinFace = None,
    face_only: FaceOnly = False,
    as_json: AsJson = False,
    npz: Annotated[
        Path | None,
        typer.Option("--npz", help="Write the templates to this .npz file.", dir_okay=False),
    ] = None,
) -> None:
    """Make a template of each face; templates are biometric data, keep them as such."""
    from vultus.cli.draw import PLAIN, Mark
    from vultus.cli.line import Line
    from vultus.cli.opening import open_recognition
    from vultus.cli.options import settings_with
    from vultus.cli.output import make_folder_of
    from vultus.cli.photos import expand
    from vultus.cli.render import face_cells, face_json, template_json
    from vultus.cli.report import report
    from vultus.cli.templates import TemplateFile

    paths = expand(photos)
    if npz is not None:
        make_folder_of(npz)
    with open_recognition(settings_with(pack, min_face)) as recognition:
        templates = TemplateFile(recognition.model, recognition.dim)

        def answer(photo: Path) -> list[Line]:
            faces = recognition.faces(photo, face_only=face_only)
            templates.add(photo, faces)
            return [
                Line(
                    face_json(face) | template_json(face.template),
                    (*face_cells(face), str(face.template.model)),
                    Mark(face.detection, "", PLAIN),
                )
                for face in faces
            ]

        code = report(
            paths,
            answer,
            ("box", "confidence>", "quality", "model"),
            as_json=as_json,
            pictures=None,
            what="embedding",
        )
    if npz is not None:
        templates.write(npz)
    raise typer.Exit(code)
