"""`vultus`: the commands, and what becomes of an error."""

import os
from pathlib import Path
from typing import Annotated

import typer

from vultus import __version__
from vultus.cli import (
    audit,
    config,
    demo,
    detect,
    doctor,
    embed,
    enroll,
    gallery,
    identify,
    imports,
    index,
    keys,
    packs,
    serve,
    thresholds,
    verify,
)
from vultus.cli.data import app as data
from vultus.cli.evaluate import app as evaluate
from vultus.cli.exit_codes import ExitCode
from vultus.cli.options import wants_json
from vultus.cli.printable import on_stderr, write_out_what_cannot_be_encoded
from vultus.cli.server import on_server
from vultus.cli.subjects import app as subjects
from vultus.environment import CONFIG
from vultus.errors import VultusError

app = typer.Typer(
    name="vultus",
    help="Face recognition that says how sure it is.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("detect")(on_server(detect.detect))
app.command("embed")(on_server(embed.embed))
app.command("verify")(on_server(verify.verify))
app.command("identify")(on_server(identify.identify))
app.command("enroll")(on_server(enroll.enroll))
app.add_typer(gallery.app, name="gallery")
app.add_typer(subjects.app, name="subjects")
app.add_typer(index.app, name="index")
app.add_typer(imports.app, name="import")
app.command("serve")(serve.serve)
app.add_typer(keys.app, name="keys")
app.add_typer(audit.app, name="audit")
app.add_typer(config.app, name="config")
app.add_typer(data.app, name="data")
app.add_typer(evaluate.app, name="evaluate")
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)
app.add_typer(packs.app, name="packs")
app.add_typer(thresholds.app, name="thresholds")


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"vultus {__version__}")
        raise typer.Exit


@app.callback()
def options(
    config: Annotated[
        Path | None,
        typer.Option(help="File of settings; default: VULTUS_CONFIG, or ./vultus.toml."),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Face recognition that says how sure it is."""
    if config is not None:
        # So every part that reads settings reads them from there.
        os.environ[CONFIG] = str(config)


def main() -> None:
    """Run the command line; our errors become one sentence on stderr and exit code 1."""
    write_out_what_cannot_be_encoded()
    wants_json.set(False)
    try:
        app()
    except VultusError as error:
        _report(error)
        raise SystemExit(ExitCode.FAILED) from None
    except KeyboardInterrupt:
        raise SystemExit(ExitCode.INTERRUPTED) from None


def _report(error: VultusError) -> None:
    """Say what went wrong: to people, and to programs that asked for JSON."""
    named = error.image is None or error.image in str(error)
    on_stderr(error if named else f"{error.image}: {error}")
    if wants_json.get():
        from vultus.cli.render import error_json, print_json

        print_json(error_json(error.image, error))
