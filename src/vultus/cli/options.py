"""Options that several commands share, and the settings that they make."""

from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from vultus.cli.server import server_said, takes_server

if TYPE_CHECKING:
    from vultus.cli.draw import Pictures
    from vultus.settings import Settings
    from vultus.usecases.recognizer import Recognizer

Photos = Annotated[list[str], typer.Argument(help="Photos: files, folders or globs.")]
Pack = Annotated[
    str | None, typer.Option(help="Model pack: a name or a directory; default: the setting.")
]
MinFace = Annotated[
    int | None, typer.Option("--min-face", help="Smallest face looked for, in pixels.", min=12)
]
FaceOnly = Annotated[
    bool, typer.Option("--face-only", help="Each photo is one face: look for none.")
]


def _heed_json(wanted: bool) -> bool:
    wants_json.set(wanted)
    return wanted


wants_json: ContextVar[bool] = ContextVar("wants_json", default=False)
"""Whether the command that runs answers programs."""

AsJson = Annotated[
    bool,
    typer.Option("--json", help="One JSON object per line, for programs.", callback=_heed_json),
]
Threshold = Annotated[
    float | None,
    typer.Option(help="Least similarity of a match; default: the pack's own.", min=-1, max=1),
]
Draw = Annotated[
    Path | None,
    typer.Option("--draw", help="Write annotated copies of the photos here.", file_okay=False),
]

Quality = Annotated[
    Literal["off", "standard", "strict"] | None,
    typer.Option("--quality", help="How much is asked of a photo; default: the setting."),
]
Lookalikes = Annotated[
    Literal["refuse", "note", "ignore"] | None,
    typer.Option("--lookalikes", help="What if a photo looks like another; default: the setting."),
]

OPTIONS = {
    "pack": "--pack",
    "detect": "--min-face",
    "match": "--threshold",
    "quality": "--quality",
    "gallery": "--lookalikes",
}
"""The options of `settings_with`, by the settings that they are for."""


def settings_with(
    pack: str | None = None,
    min_face: int | None = None,
    threshold: float | None = None,
    *,
    quality: str | None = None,
    lookalikes: str | None = None,
    here: bool = False,
) -> "Settings":
    """The settings, with what the command line says on top.

    Args:
        pack: as `Settings` has it; so are the next ones.
        min_face: in pixels.
        threshold: a cosine in [-1, 1].
        quality: a policy.
        lookalikes: what is done about them.
        here: the command works on this machine, whatever server the settings name.
    """
    from vultus.settings import ClientSettings, load_settings

    given = said(
        {
            "pack": pack,
            "detect": {"min_face_px": min_face},
            "match": {"threshold": threshold},
            "quality": {"policy": quality},
            "gallery": {"lookalikes": lookalikes},
        }
    )
    settings = load_settings(**given, **said({"client": server_said()}))
    if here:
        return settings.model_copy(update={"client": ClientSettings()})
    if given and settings.client.server and takes_server():
        options = ", ".join(OPTIONS[name] for name in given)
        raise typer.BadParameter(f"{options}: the server decides that by its own settings")
    return settings


def said(given: dict[str, Any]) -> dict[str, Any]:
    """Without what is None, at every depth."""
    kept = {key: said(each) if isinstance(each, dict) else each for key, each in given.items()}
    return {key: each for key, each in kept.items() if each not in (None, {})}


def refuse_with_templates(**given: object) -> None:
    """Refuse options that say something of photos where ready templates are given.

    `given` are the values of the options, by the names of their parameters.

    Raises:
        BadParameter: one of them was used.
    """
    used = [f"--{name.replace('_', '-')}" for name, value in given.items() if value]
    if used:
        raise typer.BadParameter(f"{', '.join(used)}: of photos alone, and not with --templates")


def open_recognizer(settings: "Settings") -> "Recognizer":
    """Load the pack of the settings, with a progress bar the first time."""
    from vultus.bootstrap.recognizer import load
    from vultus.cli.progress import transfers

    with transfers() as progress:
        return load(settings=settings, progress=progress)


def pictures_in(folder: Path | None, settings: "Settings") -> "Pictures | None":
    """The folder for annotated photos, if one is wanted; it is made.

    Raises:
        FileUnwritable: it cannot be made.
    """
    if folder is None:
        return None
    from vultus.cli.draw import Pictures
    from vultus.cli.output import writing
    from vultus.vision.decode import DecodeLimits
    from vultus.vision.read import ImageReader

    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    limits = DecodeLimits(**settings.decode.model_dump())
    return Pictures(folder, ImageReader(limits, settings.detect.long_side_px).read)
