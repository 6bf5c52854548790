"""What several of the commands take."""

from pathlib import Path
from typing import Annotated

import typer

On = Annotated[
    str,
    typer.Option(
        "--on", help="A dataset, by name or version, or a folder with one per person: ./photos."
    ),
]
OnPacks = Annotated[
    str | None,
    typer.Option("--on", help="Dataset to measure two packs on; without it, two JSON results."),
]
Split = Annotated[
    str | None, typer.Option("--split", help="Only the images of this split of the dataset.")
]
GalleryOf = Annotated[
    str | None,
    typer.Option(
        metavar="ATTRIBUTE=VALUE", help="Enroll the images that say so; with --probes-of."
    ),
]
ProbesOf = Annotated[
    str | None,
    typer.Option(metavar="ATTRIBUTE=VALUE", help="Search for the images that say so."),
]
SecondPack = Annotated[
    str | None, typer.Option("--second-pack", help="Another pack, shown with the same figures.")
]
Baselines = Annotated[
    bool,
    typer.Option("--baselines", help="Show chance, eigenfaces and LBP histograms beside it."),
]
Report = Annotated[
    Path | None, typer.Option("--report", help="Write a page to read here.", dir_okay=False)
]
Json = Annotated[
    Path | None,
    typer.Option("--json", help="Write the result here, for programs.", dir_okay=False),
]
NoPictures = Annotated[
    bool, typer.Option("--no-pictures", help="Show nobody's face in the report.")
]
