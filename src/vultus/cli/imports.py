"""`vultus import`: people whom another system has enrolled."""

import sys
from typing import Annotated

import typer

from vultus.cli.exit_codes import ExitCode
from vultus.cli.opening import InGallery
from vultus.cli.options import AsJson, Lookalikes, MinFace, Pack, Quality
from vultus.cli.server import on_server

app = typer.Typer(help="Bring in people from other systems.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Bring in people from other systems."""


def compreface(
    url: Annotated[str, typer.Argument(help="Where CompreFace answers: http://host:port.")],
    key: Annotated[
        str,
        typer.Option(envvar="COMPREFACE_API_KEY", help="API key of its recognition service."),
    ],
    gallery: InGallery = None,
    pack: Pack = None,
    min_face: MinFace = None,
    quality: Quality = None,
    lookalikes: Lookalikes = None,
    as_json: AsJson = False,
) -> None:
    """Enroll everybody from a running CompreFace, and say for each photo what became of it.

    Templates are made anew from the photos that it keeps, for they are another model's there.
    Running the same command again goes on where it was interrupted. With --server the people come
    to a gallery of that server; this machine fetches the photos and sends them on.
    """
    from vultus.bootstrap.foreign import open_compreface
    from vultus.cli.enroll import enroll_and_report
    from vultus.cli.opening import open_galleries
    from vultus.cli.options import settings_with
    from vultus.usecases.gallery.foreign import add_faceless, foreign_photos

    settings = settings_with(pack, min_face, quality=quality, lookalikes=lookalikes)
    with open_compreface(url, key) as source, open_galleries(settings) as galleries:
        opened = galleries.open_or_create(gallery or settings.gallery.default)
        photos = foreign_photos(opened, source)
        code = enroll_and_report(opened, photos, as_json=as_json) if photos else ExitCode.DONE
        if faceless := add_faceless(opened, source):
            print(f"vultus: {faceless} subjects were created without faces", file=sys.stderr)
    raise typer.Exit(code)


app.command("compreface")(on_server(compreface, key_option="--server-key"))
