"""`vultus verify`: do two photos show one person, or does a photo show a subject?"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from vultus.cli.exit_codes import ExitCode
from vultus.cli.opening import InGallery
from vultus.cli.options import AsJson, FaceOnly, MinFace, Pack, Threshold

if TYPE_CHECKING:
    from vultus.cli.shown import Comparison


def verify(
    first: Annotated[str, typer.Argument(help="A photo.")],
    second: Annotated[str | None, typer.Argument(help="Another photo.")] = None,
    subject: Annotated[
        str | None,
        typer.Option("--subject", help="Instead of it, a subject: id, external id or name."),
    ] = None,
    gallery: InGallery = None,
    pack: Pack = None,
    min_face: MinFace = None,
    threshold: Threshold = None,
    face_only: FaceOnly = False,
    as_json: AsJson = False,
) -> None:
    """Say whether two photos show one person; the exit code is 0 only for a match."""
    from vultus.cli.opening import open_gallery, open_recognition
    from vultus.cli.options import settings_with
    from vultus.cli.render import (
        print_json,
        subject_verification_json,
        verification_json,
        verification_text,
    )
    from vultus.matching.policy import Decision

    if bool(second) == bool(subject):
        raise typer.BadParameter("give another photo, or --subject")
    if second is not None and gallery is not None:
        raise typer.BadParameter("--gallery goes with --subject")
    settings = settings_with(pack, min_face, threshold)
    answer: Comparison
    if second is not None:
        with open_recognition(settings) as recognition:
            answer = verified = recognition.verify(first, second, face_only=face_only)
        shown = verification_json(verified)
    else:
        with open_gallery(gallery, settings) as opened:
            answer = claimed = opened.verify(first, subject or "", face_only=face_only)
        shown = subject_verification_json(claimed)
    if as_json:
        print_json(shown)
    else:
        print(verification_text(answer))
    # So `vultus verify … && …` goes on only after a match.
    codes: Mapping[str, ExitCode] = {
        Decision.MATCH: ExitCode.DONE,
        Decision.UNKNOWN: ExitCode.UNKNOWN,
        Decision.UNCERTAIN: ExitCode.UNCERTAIN,
    }
    raise typer.Exit(codes[answer.decision])
