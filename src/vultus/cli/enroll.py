"""`vultus enroll`: people into a gallery, from photos."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vultus.cli.opening import InGallery
from vultus.cli.options import AsJson, FaceOnly, Lookalikes, MinFace, Pack, Quality
from vultus.cli.printable import on_stderr

if TYPE_CHECKING:
    from vultus.cli.exit_codes import ExitCode
    from vultus.cli.ports import AllGalleries, OneGallery
    from vultus.domain.face import Box
    from vultus.usecases.gallery.photos import Photo


def enroll(
    photos: Annotated[
        list[str] | None, typer.Argument(help="Photos of one person: files, folders or globs.")
    ] = None,
    gallery: InGallery = None,
    subject: Annotated[
        str | None,
        typer.Option("--subject", help="Whom the photos show: id, external id or name."),
    ] = None,
    external_id: Annotated[
        str | None, typer.Option("--external-id", help="Your own id of the person.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="A folder per person, or one photo per person.")
    ] = None,
    zip_file: Annotated[
        Path | None, typer.Option("--zip", help="The same in a ZIP file.", dir_okay=False)
    ] = None,
    csv_file: Annotated[
        Path | None,
        typer.Option("--csv", help="A photo per row: path, name, more.", dir_okay=False),
    ] = None,
    box: Annotated[
        str | None, typer.Option("--box", help="The face meant, as x1,y1,x2,y2 in pixels.")
    ] = None,
    pack: Pack = None,
    min_face: MinFace = None,
    quality: Quality = None,
    lookalikes: Lookalikes = None,
    face_only: FaceOnly = False,
    as_json: AsJson = False,
) -> None:
    """Enroll people, and say for each photo what became of it.

    Running the same command again goes on where it was interrupted.
    """
    from vultus.cli.opening import open_galleries
    from vultus.cli.options import settings_with
    from vultus.cli.photos import expand
    from vultus.domain.subject import check_name
    from vultus.usecases.gallery.intake.listed import read_box

    paths = expand(photos or [])
    sources = [source for source in (folder, zip_file, csv_file) if source is not None]
    if len(sources) + bool(photos) != 1 or bool(photos) != bool(subject):
        raise typer.BadParameter("give PHOTO… and --subject, or one of --folder, --zip and --csv")
    if box is not None and len(paths) != 1:
        raise typer.BadParameter("--box is for one photo")
    if external_id is not None and not subject:
        raise typer.BadParameter("--external-id goes with --subject")
    if subject:
        check_name(subject)
    shown = Shown(paths, subject or "", external_id, read_box(box or ""))
    settings = settings_with(pack, min_face, quality=quality, lookalikes=lookalikes)
    # Photos are listed before a gallery is made: a faulty list makes none.
    with open_galleries(settings) as galleries, _listed(folder, zip_file, csv_file) as listed:
        opened = _open_or_create(galleries, gallery or settings.gallery.default)
        found = shown.photos(opened) if photos else listed
        code = enroll_and_report(opened, found, face_only=face_only, as_json=as_json)
    raise typer.Exit(code)


@dataclass(frozen=True, slots=True)
class Shown:
    """Photos of one person."""

    paths: list[Path]
    subject: str
    external_id: str | None
    box: "Box | None"

    def photos(self, gallery: "OneGallery") -> list["Photo"]:
        """The photos, for a subject of the gallery or a new one."""
        from vultus.domain.changes import NewSubject
        from vultus.usecases.gallery.photos import Photo

        known = self.external_id is None
        whom = gallery.whom(self.subject) if known else NewSubject(self.subject, self.external_id)
        return [Photo.of(path, whom, self.box) for path in self.paths]


@contextmanager
def _listed(
    folder: Path | None, zip_file: Path | None, csv_file: Path | None
) -> Iterator[list["Photo"]]:
    """List the photos of the one that is given, or none; they can be read until the block ends."""
    from vultus.usecases.gallery.intake.folder import folder_photos
    from vultus.usecases.gallery.intake.listed import listed_photos
    from vultus.usecases.gallery.intake.zipped import zipped_photos

    if zip_file is not None:
        with zipped_photos(zip_file) as found:
            yield found
    elif csv_file is not None:
        yield listed_photos(csv_file)
    else:
        yield [] if folder is None else folder_photos(folder)


def _open_or_create(galleries: "AllGalleries", name: str) -> "OneGallery":
    from vultus.errors import GalleryNotFound

    try:
        return galleries.open(name)
    except GalleryNotFound:
        opened = galleries.open_or_create(name)
        on_stderr(f"the gallery {name} is new")
        return opened


def enroll_and_report(
    gallery: "OneGallery",
    photos: Sequence["Photo"],
    *,
    face_only: bool = False,
    as_json: bool = False,
) -> "ExitCode":
    """Enroll photos, print what became of each, and give the exit code."""
    from vultus.cli.outcome_render import OUTCOME, outcome_cells, outcome_json
    from vultus.cli.photos import exit_code
    from vultus.cli.progress import track
    from vultus.cli.render import print_json
    from vultus.cli.tables import Rows
    from vultus.domain.outcome import Refused

    rows, refused = Rows(*OUTCOME), 0
    try:
        for outcome in gallery.enroll_photos(track(photos, "enrolling"), face_only=face_only):
            refused += isinstance(outcome, Refused)
            if as_json:
                print_json(outcome_json(outcome))
                continue
            rows.add(*outcome_cells(outcome))
            if isinstance(outcome, Refused):
                on_stderr(f"{outcome.photo}: {outcome.error}")
    finally:
        # What was enrolled before an error is enrolled, and should be seen.
        rows.print()
    return exit_code(refused, len(photos))
