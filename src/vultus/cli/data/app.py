"""The commands of `vultus data`."""

import typer

from vultus.cli.data import browse, check, imports, split

app = typer.Typer(
    help="Datasets, photos of known people to measure on: import, list, split, compare, check.",
    no_args_is_help=True,
)
app.add_typer(imports.app, name="import")
app.command("list")(browse.list_datasets)
app.command("show")(browse.show)
app.command("split")(split.split)
app.command("diff")(browse.diff)
app.command("check")(check.check)
app.command("remove")(browse.remove)
