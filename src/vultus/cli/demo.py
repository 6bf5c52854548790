"""`vultus demo`: real people, enrolled from photos and named in other photos."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vultus.cli.options import Pack

if TYPE_CHECKING:
    from vultus.settings import Settings


def demo(
    folder: Annotated[
        Path, typer.Option("--folder", help="Where photos and pictures go.", file_okay=False)
    ] = Path("demo"),
    pack: Pack = None,
) -> None:
    """Obtain sample portraits, enroll two people and name them, and a stranger, in other photos."""
    from vultus.bootstrap.packs import package_source
    from vultus.cli.enroll import enroll_and_report
    from vultus.cli.identify import report_identified
    from vultus.cli.opening import open_galleries
    from vultus.cli.options import pictures_in, settings_with
    from vultus.cli.photos import expand
    from vultus.cli.portraits import obtain_portraits
    from vultus.cli.progress import transfers
    from vultus.usecases.gallery.intake.folder import folder_photos

    with transfers() as progress:
        obtain_portraits(package_source(), folder, progress)
    pictures = folder / "pictures"
    shutil.rmtree(pictures, ignore_errors=True)
    settings = _in(folder, settings_with(pack, here=True))
    with open_galleries(settings) as galleries:
        gallery = galleries.open_or_create("demo")
        enroll_and_report(gallery, folder_photos(folder / "people"))
        print()
        photos = expand([str(folder / "photos")])
        code = report_identified(photos, gallery, pictures_in(pictures, settings))
    print(f"\nAnnotated pictures: {pictures}")
    print("Try your own: vultus enroll PHOTO… --subject NAME; vultus identify PHOTO…")
    raise typer.Exit(code)


def _in(folder: Path, settings: "Settings") -> "Settings":
    """The same settings for a gallery that is kept in a folder of its own."""
    from vultus.settings import StoreSettings

    store = StoreSettings(url=f"sqlite:///{folder.absolute() / 'demo.db'}")
    return settings.model_copy(update={"store": store})
