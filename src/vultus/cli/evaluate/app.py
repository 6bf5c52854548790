"""The commands of `vultus evaluate`."""

import typer

from vultus.cli.evaluate import models, show
from vultus.cli.evaluate.measure import asking, identification

app = typer.Typer(
    help="How often a model is right on photos of known people, and how sure that is.",
    no_args_is_help=True,
)
app.command(
    "everything",
    help="Measure all that the photos can show: pairs, all against all, identification.",
)(asking("verification", "all-against-all", "closed-set", "open-set"))
app.command(
    "verification",
    help="Ask of pairs whether they show one person: of listed pairs, or else of drawn ones.",
)(asking("verification"))
app.command(
    "all-against-all", help="Ask the same of every image and every other one: sees rare errors."
)(asking("all-against-all"))
app.command("identification")(identification)
app.command("compare")(models.compare)
app.command("gate")(models.gate)
app.command("show")(show.show)
