"""What datasets may be called, and under which names their parts are kept."""

import re

from vultus.errors import InvalidValue

ROOT = "datasets"
IMAGES = f"{ROOT}/images/"
NAMES = f"{ROOT}/names/"
MANIFESTS = f"{ROOT}/manifests/"

LONGEST = 64
_NAME = re.compile(rf"[a-z0-9][a-z0-9_.-]{{0,{LONGEST - 1}}}")
_SPLIT = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_.-]{{0,{LONGEST - 1}}}")


def check_dataset_name(name: str) -> None:
    """Refuse what cannot be a dataset's name.

    Raises:
        InvalidValue: it has other characters than small ASCII letters, digits, `_`, `-` and `.`.
    """
    if not _NAME.fullmatch(name):
        problem = f"{name!r} is not small letters, digits, '_', '-' and '.', at most {LONGEST}"
        raise InvalidValue("the name of the dataset", problem)


def check_split_name(name: str) -> None:
    """Refuse what cannot be the name of a split.

    Raises:
        InvalidValue: it has other characters than ASCII letters, digits, `_`, `-` and `.`.
    """
    if not _SPLIT.fullmatch(name):
        problem = f"{name!r} is not letters, digits, '_', '-' and '.', at most {LONGEST}"
        raise InvalidValue("the name of the split", problem)


def dataset_name(said: str) -> str:
    """The nearest name to a text, as of a folder."""
    kept = re.sub(r"[^a-z0-9_.-]+", "-", said.lower()).strip("-._")[:LONGEST]
    return kept or "dataset"


def image_blob(digest: str) -> str:
    """Where an image is kept."""
    return f"{IMAGES}{digest[:2]}/{digest}"


def name_blob(name: str) -> str:
    """Where it is kept which versions have a name."""
    return f"{NAMES}{name}.json"


def manifest_blob(version: str) -> str:
    """Where a manifest is kept."""
    return f"{MANIFESTS}{version}.json"
