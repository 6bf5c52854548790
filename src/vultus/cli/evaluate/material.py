"""What a command measures on: a dataset, and the templates that packs make of it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vultus.evaluation.datasets.dataset import Dataset
    from vultus.evaluation.datasets.library import DatasetLibrary
    from vultus.evaluation.templates.table import TemplateTable
    from vultus.settings import Settings
    from vultus.usecases.recognizer import Recognizer


def open_dataset(library: "DatasetLibrary", said: str, split: str | None) -> "Dataset":
    """The dataset of that name or version; of a folder, which is imported where it lies.

    A name that is known comes first; a word with a separator in it, as `./photos`, means a folder.
    """
    from vultus.errors import InvalidValue

    dataset = _imported(library, Path(said)) if _is_folder(library, said) else library.get(said)
    if split is None:
        return dataset
    part = dataset.subset(split)
    if not part.images:
        splits = sorted({image.split for image in dataset.images if image.split})
        there = f"it has {', '.join(splits)}" if splits else "it has none: vultus data split"
        raise InvalidValue("split", f"{dataset.name} has no split {split!r}; {there}")
    return part


def _is_folder(library: "DatasetLibrary", said: str) -> bool:
    if not Path(said).is_dir():
        return False
    apart = Path(said).name != said
    known = said.partition("@")[0] in {each.name for each in library.known()}
    if known and not apart:
        print(f"vultus: {said} is a dataset; the folder of that name is ./{said}", file=sys.stderr)
    return apart or not known


def load_pack(settings: "Settings") -> "Recognizer":
    """The pack of the settings, to embed many images at once."""
    from vultus.bootstrap.evaluation import load_for_tables
    from vultus.cli.progress import transfers

    with transfers() as progress:
        return load_for_tables(settings, progress)


def table_of(dataset: "Dataset", recognizer: "Recognizer", settings: "Settings") -> "TemplateTable":
    """The templates of a dataset, with a bar while they are made."""
    from vultus.bootstrap import evaluation
    from vultus.cli.progress import counted

    with counted(f"embedding with {recognizer.model}") as step:
        return evaluation.table_of(dataset, recognizer, settings, step)


def _imported(library: "DatasetLibrary", folder: Path) -> "Dataset":
    from vultus.cli.progress import counted
    from vultus.evaluation.datasets.importing import import_source
    from vultus.evaluation.datasets.naming import dataset_name
    from vultus.evaluation.datasets.sources.folder import folder_source

    name = dataset_name(folder.resolve().name)
    with counted("reading images") as step:
        imported = import_source(
            library, folder_source(folder), name, in_place=True, moves_name=False, step=step
        )
    for left_out in imported.left_out:
        print(f"vultus: {left_out.name} is left out: {left_out.error}", file=sys.stderr)
    return imported.dataset
