"""`vultus detect`: where faces are."""

from pathlib import Path

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
    from vultus.cli.options import open_recognizer, pictures_in, settings_with
    from vultus.cli.photos import expand
    from vultus.cli.render import face_cells, face_json
    from vultus.cli.report import report

    paths = expand(photos)
    recognizer = open_recognizer(settings_with(pack, min_face))

    def answer(photo: Path) -> list[Line]:
        return [
            Line(face_json(face), face_cells(face), Mark(face.detection, "", PLAIN))
            for face in recognizer.detect(photo, face_only=face_only)
        ]

    code = report(
        paths,
        answer,
        ("box", "confidence>", "quality"),
        as_json=as_json,
        pictures=pictures_in(draw, recognizer),
        what="detecting",
    )
    raise typer.Exit(code)
