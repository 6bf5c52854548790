"""The commands of `vultus subjects`."""

import typer

from vultus.cli.subjects import browse, change, combine

app = typer.Typer(
    help="Subjects of a gallery: find, change, delete, merge, split.", no_args_is_help=True
)
app.command("list")(browse.list_subjects)
app.command("search")(browse.search)
app.command("show")(browse.show)
app.command("faces")(browse.faces)
app.command("rename")(change.rename)
app.command("set")(change.set_details)
app.command("update-template")(change.update_template)
app.command("delete")(change.delete)
app.command("restore")(change.restore)
app.command("forget-face")(change.forget_face)
app.command("merge")(combine.merge)
app.command("merges")(combine.merges)
app.command("unmerge")(combine.unmerge)
app.command("split")(combine.split)
