"""`vultus detect`: where faces are."""

import typer

from vultus.cli.options import AsJson, Draw, FaceOnly, MinFace, Pack, Photos


def detect(
    photos: Photos,
    pack: Pack = None,
    min_face: MinFace = None,
    face_only: FaceOnly = False,
    as_json: AsJson = False,
    draw: Draw = None,
) -> None:
    """Find faces: boxes, landmarks, confidence and quality."""
    from vultus.cli.draw import PLAIN, Mark
    from vultus.cli.line import Line
    from vultus.cli.opening import open_recognition
    from vultus.cli.options import pictures_in, settings_with
    from vultus.cli.photos import expand
    from vultus.cli.render import face_cells, face_json
    from vultus.cli.report import report

    paths = expand(photos)
    settings = settings_with(pack, min_face)
    pictures = pictures_in(draw, settings)
    with open_recognition(settings) as recognition:
        code = report(
            paths,
            lambda photo: [
                Line(face_json(face), face_cells(face), Mark(face.detection, "", PLAIN))
                for face in recognition.detect(photo, face_only=face_only)
            ],
            ("box", "confidence>", "quality"),
            as_json=as_json,
            pictures=pictures,
            what="detecting",
        )
    raise typer.Exit(code)
