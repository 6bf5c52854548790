"""What is known of a subject changes, or goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vultus.cli.opening import InGallery, Yes
from vultus.cli.options import AsJson, FaceOnly, MinFace, Pack
from vultus.cli.printable import on_stderr, on_stdout
from vultus.cli.subjects.options import KeyValues, OneSubject, read_attributes, read_object

if TYPE_CHECKING:
    from vultus.cli.shown import GalleryFace
    from vultus.domain.changes import SubjectChange, Unchanged
    from vultus.domain.gallery import Enrollment
    from vultus.domain.outcome import Refused
    from vultus.domain.subject import Attributes


def rename(
    subject: OneSubject,
    name: Annotated[str, typer.Argument(help="The new name.")],
    gallery: InGallery = None,
) -> None:
    """Give a subject another name."""
    from vultus.cli.opening import open_gallery
    from vultus.domain.changes import SubjectChange

    with open_gallery(gallery) as opened:
        renamed = opened.change_subject(subject, SubjectChange(name=name))
    on_stdout(f"{renamed.subject.id} is now called {renamed.subject.name}")


def set_details(
    subject: OneSubject,
    gallery: InGallery = None,
    external_id: Annotated[str | None, typer.Option(help="Your own id; empty: none.")] = None,
    attributes: KeyValues = None,
    all_attributes: Annotated[
        str | None, typer.Option("--attributes", help="All of them anew, as a JSON object.")
    ] = None,
    consent: Annotated[str | None, typer.Option(help="A note of consent; empty: none.")] = None,
    retain_until: Annotated[
        str | None, typer.Option(help="Last day to keep the subject, as 2031-12-31; empty: none.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Change what is known of a subject; an attribute with no value (KEY=) goes."""
    from vultus.cli.gallery_render import enrollment_json
    from vultus.cli.opening import open_gallery
    from vultus.cli.render import print_json

    details = Details(external_id, attributes, all_attributes, consent, retain_until)
    with open_gallery(gallery) as opened:
        before = opened.subject(subject)
        # Attributes are changed on top of those that were read: nobody may write in between.
        after = opened.change_subject(
            before.subject, details.change(before), expected_version=before.version
        )
    if as_json:
        print_json(enrollment_json(after))
    else:
        on_stdout(f"{after.subject.name} is at version {after.version}")


def update_template(
    subject: OneSubject,
    photos: Annotated[
        list[str] | None, typer.Argument(help="New photos: files, folders or globs.")
    ] = None,
    gallery: InGallery = None,
    templates: Annotated[
        Path | None,
        typer.Option(help="Ready templates instead, of vultus embed --npz.", dir_okay=False),
    ] = None,
    box: Annotated[
        str | None, typer.Option("--box", help="The face meant, as x1,y1,x2,y2 in pixels.")
    ] = None,
    pack: Pack = None,
    min_face: MinFace = None,
    face_only: FaceOnly = False,
    as_json: AsJson = False,
) -> None:
    """Fold new photos into a subject's running mean; the old ones are not needed."""
    from vultus.cli.gallery_render import gallery_face_json
    from vultus.cli.opening import open_gallery
    from vultus.cli.options import refuse_with_templates, settings_with
    from vultus.cli.photos import exit_code, expand
    from vultus.cli.render import print_json
    from vultus.usecases.gallery.intake.listed import read_box
    from vultus.usecases.gallery.templates import read_templates

    if bool(photos) == bool(templates):
        raise typer.BadParameter("give photos, or --templates")
    if templates is not None:
        refuse_with_templates(min_face=min_face, face_only=face_only, box=box)
    paths = expand(photos or [])
    if box is not None and len(paths) != 1:
        raise typer.BadParameter("--box is for one photo")
    meant = read_box(box or "")
    with open_gallery(gallery, settings_with(pack, min_face)) as opened:
        if templates is not None:
            vectors = read_templates(templates, opened.info.model)
            mean: GalleryFace | None = opened.update_template_with(subject, vectors)
            refused: Sequence[Refused] = ()
        else:
            update = opened.update_template(subject, paths, box=meant, face_only=face_only)
            mean, refused = update.mean, update.refused
    for each in refused:
        on_stderr(f"{each.photo}: {each.error}")
    if as_json:
        print_json({"mean": gallery_face_json(mean) if mean else None})
    elif mean is not None:
        print(f"The running mean is now of {mean.weight} templates")
    raise typer.Exit(exit_code(len(refused), len(paths or [templates])))


def delete(
    subjects: Annotated[
        list[str] | None, typer.Argument(help="Subjects: ids, external ids or whole names.")
    ] = None,
    gallery: InGallery = None,
    everybody: Annotated[bool, typer.Option("--all", help="All subjects of the gallery.")] = False,
    yes: Yes = False,
) -> None:
    """Delete subjects with their faces; until a purge they can be restored."""
    from vultus.cli.opening import confirm, open_gallery

    if bool(subjects) == everybody:
        raise typer.BadParameter("give subjects, or --all")
    with open_gallery(gallery) as opened:
        if everybody:
            count = opened.counts.subjects
            confirm(f"Delete all {count} subjects of the gallery {opened.info.name}?", yes)
            print(f"{opened.delete_all_subjects()} subjects are deleted")
            return
        found = [opened.subject(each).subject for each in subjects or []]
        confirm(f"Delete {', '.join(each.name for each in found)}?", yes)
        for each in found:
            opened.delete_subject(each)
            on_stdout(f"{each.name} is deleted; restore with: vultus subjects restore {each.id}")


def restore(
    subject_id: Annotated[str, typer.Argument(help="The id of a deleted subject.")],
    gallery: InGallery = None,
) -> None:
    """Take back the deletion of a subject."""
    from vultus.cli.opening import open_gallery

    with open_gallery(gallery) as opened:
        restored = opened.restore_subject(subject_id)
    on_stdout(f"{restored.subject.name} is back with {restored.face_count} faces")


def delete_face(
    faces: Annotated[list[str], typer.Argument(help="Ids of faces; see vultus subjects faces.")],
    gallery: InGallery = None,
) -> None:
    """Delete single faces; their subject stays."""
    from vultus.cli.opening import open_gallery

    with open_gallery(gallery) as opened:
        for face_id in faces:
            opened.delete_face(face_id)
            print(f"The face {face_id} is deleted")


@dataclass(frozen=True, slots=True)
class Details:
    """What the command line says about a subject; None says nothing, and empty text none."""

    external_id: str | None
    attributes: list[str] | None
    all_attributes: str | None
    consent: str | None
    retain_until: str | None

    def change(self, before: "Enrollment") -> "SubjectChange":
        """The change that this is for a subject as it was.

        Raises:
            InvalidValue: a value cannot be what its name says.
        """
        from vultus.domain.changes import SubjectChange
        from vultus.usecases.gallery.intake.listed import read_date

        day = _said(self.retain_until)
        return SubjectChange(
            external_id=_said(self.external_id),
            attributes=self._attributes(before),
            consent=_said(self.consent),
            retain_until=read_date(day) if isinstance(day, str) else day,
        )

    def _attributes(self, before: "Enrollment") -> "Attributes | Unchanged":
        from vultus.domain.changes import UNCHANGED

        if self.all_attributes is None and self.attributes is None:
            return UNCHANGED
        kept = before.subject.attributes
        attributes = kept if self.all_attributes is None else read_object(self.all_attributes)
        given = read_attributes(self.attributes or [])
        changed = {**attributes, **given}
        return {key: value for key, value in changed.items() if given.get(key) != ""}


def _said(text: str | None) -> "str | Unchanged | None":
    from vultus.domain.changes import UNCHANGED

    return UNCHANGED if text is None else text or None
