"""`vultus packs`: which model packs there are, and how they get here."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vultus.cli.exit_codes import ExitCode
from vultus.cli.licences import warn_of_licences
from vultus.cli.new_pack import new
from vultus.cli.options import AsJson
from vultus.cli.printable import on_stderr

if TYPE_CHECKING:
    from vultus.cli.line import Json
    from vultus.models.packs.library import PackLibrary
    from vultus.models.packs.manifest import Manifest

app = typer.Typer(help="Model packs: list, obtain, check, remove, make.", no_args_is_help=True)
app.command("new")(new)


Name = Annotated[str, typer.Argument(help="Name of a pack.")]


@app.command("list")
def list_packs(as_json: AsJson = False) -> None:
    """List the packs that are known, and which of them are installed."""
    from vultus.cli.render import print_json
    from vultus.cli.tables import Rows

    library = _library()
    rows = Rows("pack", "version", "state", "commercial use", "summary")
    for name in sorted({*library.shipped(), *library.installed()}):
        entry = _entry(library, name)
        if as_json:
            print_json(entry)
        else:
            allowed = {True: "yes", False: "no", None: None}[entry["commercial_use"]]
            cells = entry["version"], entry["state"], allowed, entry["summary"]
            rows.add(name, *(cell or "-" for cell in cells))
    rows.print()


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Name of a pack, or its directory.")],
    as_json: AsJson = False,
) -> None:
    """Show what is in a pack: networks, licences, origins, threshold."""
    from vultus.models.packs.manifest import dump_manifest

    library = _library()
    manifest = library.show(name)
    if as_json:
        print(dump_manifest(manifest), end="")
    else:
        _print_manifest(manifest, installed=name in library.installed())
    warn_of_licences(manifest)


@app.command()
def pull(
    name: Name,
    again: Annotated[bool, typer.Option("--again", help="Replace it if it is here.")] = False,
) -> None:
    """Obtain a known pack: fetch its files, convert them, and check the result."""
    from vultus.cli.progress import transfers

    with transfers() as progress:
        pack = _library().pull(name, again=again, progress=progress)
    print(f"{pack.manifest.model} is installed in {pack.path}")
    warn_of_licences(pack.manifest)


@app.command()
def add(
    directory: Annotated[Path, typer.Argument(help="Directory of a pack.", file_okay=False)],
) -> None:
    """Install the pack in a directory, after a check of its files and its networks."""
    from vultus.cli.progress import transfers

    with transfers() as progress:
        pack = _library().add(directory, progress)
    print(f"{pack.manifest.model} is installed in {pack.path}")
    warn_of_licences(pack.manifest)


@app.command()
def verify(
    names: Annotated[list[str] | None, typer.Argument(help="Names; all when none.")] = None,
) -> None:
    """Read every file of installed packs again and compare its SHA-256."""
    library = _library()
    intact = [_is_intact(library, name) for name in names or library.installed()]
    raise typer.Exit(ExitCode.DONE if all(intact) else ExitCode.BROKEN)


@app.command()
def remove(name: Name) -> None:
    """Delete an installed pack."""
    _library().remove(name)
    print(f"{name} is removed")


def _is_intact(library: "PackLibrary", name: str) -> bool:
    from vultus.errors import PackError

    try:
        pack = library.verify(name)
    except PackError as error:
        on_stderr(error)
        return False
    print(f"{pack.manifest.model} is intact: {len(pack.manifest.networks)} networks")
    return True


def _library() -> "PackLibrary":
    from vultus.bootstrap.packs import open_library
    from vultus.cli.options import settings_with

    return open_library(settings_with())


def _entry(library: "PackLibrary", name: str) -> "Json":
    """A line of the list; a pack whose manifest is broken is one too."""
    from vultus.errors import PackError

    try:
        manifest: Manifest | None = library.show(name)
        state = _state(library, name)
    except PackError as error:
        manifest, state = None, str(error)
    return {
        "name": name,
        "version": manifest and manifest.version,
        "installed": name in library.installed(),
        "state": state,
        "commercial_use": manifest and not manifest.non_commercial,
        "summary": manifest and manifest.summary,
    }


def _state(library: "PackLibrary", name: str) -> str:
    if name not in library.installed():
        return "can be pulled"
    return "installed" if library.is_current(name) else "outdated: pull it --again"


def _print_manifest(manifest: "Manifest", *, installed: bool) -> None:
    from vultus.cli.render import measured_text
    from vultus.cli.tables import Rows

    part, threshold = manifest.embedder, manifest.threshold
    print(f"{manifest.model}  {'installed' if installed else 'not installed'}")
    print(f"  {manifest.summary}")
    print(f"  detector   {manifest.detector.kind}")
    print(
        f"  embedder   {part.input.width}x{part.input.height} {part.input.colour}"
        f" to {part.dim} numbers{', with the mirrored chip' if part.mirror else ''}"
    )
    measured = "not measured: give --threshold"
    if threshold is not None:
        whence = measured_text(threshold.fmr, threshold.protocol)
        measured = f"{threshold.similarity:g}, {whence}"
    print(f"  threshold  {measured}")
    rows = Rows("network", "file", "size>", "licence", "origin")
    for key, network in manifest.networks.items():
        size = "" if network.size_bytes is None else f"{network.size_bytes / 1e3:,.0f} kB"
        rows.add(key, network.file, size, network.licence.spdx, network.origin)
    rows.print()
