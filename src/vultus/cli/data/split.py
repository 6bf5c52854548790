"""`vultus data split`: nobody is in two of the parts."""

from typing import Annotated

import typer

from vultus.cli.data.browse import Said
from vultus.cli.options import AsJson


def split(
    dataset: Said,
    shares: Annotated[
        str, typer.Option(help="Parts of the people, as train=0.6,dev=0.2,test=0.2.")
    ],
    seed: Annotated[int, typer.Option(help="Another seed draws other people.")] = 0,
    name: Annotated[
        str | None, typer.Option("--as", help="Name of the new version; default: the same.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Divide the people of a dataset at random, alike in how many images they have.

    The same people, shares and seed give the same splits on every machine.
    """
    from dataclasses import replace

    from vultus.bootstrap.evaluation import open_datasets
    from vultus.cli.data.render import print_summary, summary
    from vultus.cli.options import settings_with
    from vultus.cli.render import print_json
    from vultus.evaluation.datasets.split import split_people

    library = open_datasets(settings_with(here=True))
    divided = split_people(library.get(dataset), _shares(shares), seed)
    if name is not None:
        divided = replace(divided, name=name)
    library.derive(divided)
    if as_json:
        print_json(summary(divided))
    else:
        print_summary(divided)


def _shares(said: str) -> dict[str, float]:
    from vultus.evaluation.datasets.naming import check_split_name

    shares: dict[str, float] = {}
    for part in said.split(","):
        split_name, _, share = part.partition("=")
        check_split_name(split_name.strip())
        try:
            shares[split_name.strip()] = float(share)
        except ValueError:
            raise typer.BadParameter(f"{part!r} is not like train=0.6") from None
    return shares
