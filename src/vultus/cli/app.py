"""`vultus`: the commands, and what becomes of an error."""

import sys

import typer

from vultus.cli import demo, detect, doctor, embed, enroll, gallery, identify, index, packs, verify
from vultus.cli.subjects import app as subjects
from vultus.errors import VultusError

FAILED = 1
"""Exit code when nothing was done; docs/exit-codes.md lists all of them."""
INTERRUPTED = 130

app = typer.Typer(
    name="vultus",
    help="Face recognition that says how sure it is.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("detect")(detect.detect)
app.command("embed")(embed.embed)
app.command("verify")(verify.verify)
app.command("identify")(identify.identify)
app.command("enroll")(enroll.enroll)
app.add_typer(gallery.app, name="gallery")
app.add_typer(subjects.app, name="subjects")
app.add_typer(index.app, name="index")
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)
app.add_typer(packs.app, name="packs")


def main() -> None:
    """Run the command line; our errors become one sentence on stderr and exit code 1."""
    try:
        app()
    except VultusError as error:
        print(f"vultus: {error}", file=sys.stderr)
        raise SystemExit(FAILED) from None
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
