"""The commands of `vultus subjects`."""

import typer

from vultus.cli.server import on_server
from vultus.cli.subjects import browse, change, combine

app = typer.Typer(
    help="Subjects of a gallery: find, change, delete, merge, split.", no_args_is_help=True
)
app.command("list")(on_server(browse.list_subjects))
app.command("search")(on_server(browse.search))
app.command("show")(on_server(browse.show))
app.command("faces")(on_server(browse.faces))
app.command("rename")(on_server(change.rename))
app.command("set")(on_server(change.set_details))
app.command("update-template")(on_server(change.update_template))
app.command("delete")(on_server(change.delete))
app.command("restore")(on_server(change.restore))
app.command("delete-face")(on_server(change.delete_face))
app.command("merge")(on_server(combine.merge))
app.command("merges")(on_server(combine.merges))
app.command("unmerge")(on_server(combine.unmerge))
app.command("split")(on_server(combine.split))
