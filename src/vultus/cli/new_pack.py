"""`vultus packs new`: a pack around a network that somebody brings."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vultus.cli.printable import on_stdout

if TYPE_CHECKING:
    from vultus.models.packs.byo import BroughtDetector
    from vultus.settings import Settings


class StyleName(StrEnum):
    """The styles of `vultus.models.packs.styles`."""

    ARCFACE = "arcface"
    IMAGENET = "imagenet"
    FACENET = "facenet"


class Colour(StrEnum):
    """Order of the channels."""

    RGB = "rgb"
    BGR = "bgr"


class Layout(StrEnum):
    """Order of the axes."""

    NCHW = "nchw"
    NHWC = "nhwc"


def new(
    name: Annotated[str, typer.Argument(help="Name of the pack; it stands on its templates.")],
    embedder: Annotated[
        Path, typer.Option(help="ONNX file: chips to vectors.", exists=True, dir_okay=False)
    ],
    style: Annotated[StyleName, typer.Option(help="The family whose chips it takes.")],
    licence: Annotated[str, typer.Option(help="SPDX identifier of the embedder's licence.")],
    origin: Annotated[str, typer.Option(help="Who made the embedder, and from what.")],
    commercial: Annotated[
        bool | None,
        typer.Option(
            "--commercial/--no-commercial",
            help="Whether the licence allows commercial use; known of MIT, Apache-2.0 and some.",
        ),
    ] = None,
    notice: Annotated[str, typer.Option(help="A sentence to show with the licence.")] = "",
    size: Annotated[str | None, typer.Option(help="Chip, WIDTHxHEIGHT; needs --points.")] = None,
    colour: Annotated[Colour | None, typer.Option(help="Order of the channels.")] = None,
    layout: Annotated[Layout | None, typer.Option(help="Order of the axes.")] = None,
    mean: Annotated[
        str | None, typer.Option(help="Subtracted from pixels of 0..255: one number, or three.")
    ] = None,
    scale: Annotated[
        str | None, typer.Option(help="Then multiplied with: one number, or three.")
    ] = None,
    points: Annotated[
        Path | None,
        typer.Option(help="JSON list of five pairs x, y in the chip.", dir_okay=False),
    ] = None,
    mirror: Annotated[
        bool, typer.Option("--mirror", help="Average with the mirrored chip.")
    ] = False,
    detector_from: Annotated[
        str, typer.Option(help="Pack whose detector is taken: a name or a directory.")
    ] = "dlib",
    detector: Annotated[
        Path | None,
        typer.Option(help="YuNet ONNX file to take instead.", exists=True, dir_okay=False),
    ] = None,
    detector_licence: Annotated[
        str, typer.Option(help="SPDX identifier of that file's licence.")
    ] = "MIT",
    detector_origin: Annotated[
        str, typer.Option(help="Who made that file.")
    ] = "YuNet of the OpenCV Zoo",
    version: Annotated[str, typer.Option(help="Change it whenever a network changes.")] = "1",
    summary: Annotated[str, typer.Option(help="A line for lists.")] = "",
    out: Annotated[Path | None, typer.Option(help="Directory to make; default: ./NAME.")] = None,
    photos: Annotated[
        list[Path] | None,
        typer.Option("--try", help="Photo to run it on; may be repeated.", exists=True),
    ] = None,
) -> None:
    """Write a pack around an ONNX embedder, after a check that it is what is said of it."""
    from vultus.bootstrap.packs import network_factory
    from vultus.cli.licences import warn_of_licences
    from vultus.cli.options import settings_with
    from vultus.models.packs.byo import Brought, NewPack, licence_of, write_new_pack, yunet
    from vultus.models.packs.styles import STYLES, read_points

    settings = settings_with()
    open_network = network_factory(settings)
    if detector is None:
        finder = _detector_of(detector_from, settings)
    else:
        terms = licence_of(detector_licence)
        finder = yunet(Brought(detector.read_bytes(), terms, detector_origin), open_network)
    width, height = _size(size) if size else (None, None)
    made = NewPack(
        name=name,
        version=version,
        summary=summary or f"{embedder.name}, {style} chips",
        style=STYLES[style].changed(
            read_points(points) if points else None,
            width=width,
            height=height,
            colour=colour,
            layout=layout,
            mean=_triple(mean) if mean else None,
            scale=_triple(scale) if scale else None,
        ),
        mirror=mirror,
        embedder=Brought(embedder.read_bytes(), licence_of(licence, commercial, notice), origin),
        detector=finder,
    )
    pack = write_new_pack(made, out or Path(name), open_network)
    with _gone_if_it_fails(pack.path):
        _try(pack.path, photos or [], settings)
    dim = pack.manifest.embedder.dim
    print(f"{pack.manifest.model} is written to {pack.path}; its templates have {dim} numbers")
    warn_of_licences(pack.manifest)
    print(f"Use it with --pack {pack.path.absolute()}, or: vultus packs add {pack.path}")


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    try:
        return int(width), int(height)
    except ValueError:
        raise typer.BadParameter("write WIDTHxHEIGHT, such as 112x112") from None


def _triple(text: str) -> tuple[float, ...]:
    words = text.split(",")
    try:
        numbers = tuple(float(word) for word in words)
    except ValueError:
        numbers = ()
    if len(numbers) not in (1, 3):
        raise typer.BadParameter(f"{text!r} is neither a number nor three with commas between")
    return numbers * (3 // len(numbers))


def _detector_of(pack: str, settings: "Settings") -> "BroughtDetector":
    from vultus.bootstrap.packs import open_library
    from vultus.cli.progress import transfers
    from vultus.models.packs.byo import detector_of

    with transfers() as progress:
        return detector_of(open_library(settings).ensure(pack, progress))


@contextmanager
def _gone_if_it_fails(directory: Path) -> Iterator[None]:
    """Keep what was written only if it can be used as was wished."""
    try:
        yield
    except BaseException:
        shutil.rmtree(directory)
        raise


def _try(directory: Path, photos: list[Path], settings: "Settings") -> None:
    """Run the whole pipeline on photos, and compare their largest faces."""
    from itertools import combinations

    from vultus.bootstrap.recognizer import load
    from vultus.cli.photos import labels
    from vultus.cli.tables import Rows
    from vultus.errors import ImageRefused

    recognizer = load(directory, settings=settings)
    templates = {}
    for photo in photos:
        try:
            faces = recognizer.faces(photo)
        except ImageRefused as error:
            error.about(str(photo))
            raise
        on_stdout(f"{photo}: {len(faces)} {'face' if len(faces) == 1 else 'faces'}")
        if faces:
            largest = max(faces, key=lambda face: face.detection.box.area)
            templates[photo] = largest.template
    rows, called = Rows("photo", "photo", "similarity>"), labels([*templates])
    for one, other in combinations(templates, 2):
        rows.add(called[one], called[other], f"{templates[one].similarity(templates[other]):.3f}")
    rows.print()
