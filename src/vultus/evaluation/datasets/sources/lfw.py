"""Labeled Faces in the Wild, as it is published: images, lists of people and of pairs.

View 2 (`pairs.txt`: ten folds of 300 pairs of each kind, whose people are disjoint) is for
reporting; View 1 (`pairsDevTrain.txt`, `pairsDevTest.txt` and lists of people) for choosing
anything before.

Source: G. Huang et al., Labeled Faces in the Wild (2007); Huang et al., Learning to Align from
    Scratch (2012) for the deep-funneled images.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

from vultus.errors import DatasetSourceUnreadable
from vultus.evaluation.datasets.sources.lfw_images import lfw_images
from vultus.evaluation.datasets.sources.source import NamedPair, Source, SourceImage

View = Literal[1, 2]

ABOUT = "Labeled Faces in the Wild (Huang et al., 2007)"
VIEW_1: Mapping[str, tuple[str, str]] = {
    "train": ("peopleDevTrain.txt", "pairsDevTrain.txt"),
    "test": ("peopleDevTest.txt", "pairsDevTest.txt"),
}


def lfw_source(directory: Path, view: View = 2) -> Source:
    """All images, with the pairs of one view; those of View 1 are split into train and test.

    Args:
        directory: holds the images, in folders or uncompressed tar files, and the lists.
        view: 1 or 2.

    Raises:
        DatasetSourceUnreadable: images or lists are missing, or do not fit together.
    """
    images = lfw_images(directory)
    if view == 1:
        return _first_view(directory, images)
    pairs = _pairs(directory, "pairs.txt")
    return Source(f"{ABOUT}, View 2", images, _known(pairs, images, directory))


def read_pairs(text: str) -> list[NamedPair]:
    """Read a list of pairs: a head (folds, if there are several; pairs of each kind), then them.

    Raises:
        ValueError: it is no such list.
    """
    head, *lines = text.splitlines() or [""]
    *folds, size = (int(number) for number in head.split())
    announced = 2 * size * (folds[0] if folds else 1)
    if len(lines) != announced:
        raise ValueError(f"it has {len(lines)} pairs and announces {announced}")
    return [_pair(line.split(), index // (2 * size)) for index, line in enumerate(lines)]


def _first_view(directory: Path, images: list[SourceImage]) -> Source:
    splits: dict[str, str] = {}
    pairs: list[NamedPair] = []
    for fold, (split, (people, listed)) in enumerate(VIEW_1.items()):
        splits |= dict.fromkeys(_people(directory, people), split)
        pairs += [replace(pair, fold=fold) for pair in _pairs(directory, listed)]
    placed = [replace(image, split=splits.get(image.subject)) for image in images]
    return Source(f"{ABOUT}, View 1", placed, _known(pairs, images, directory))


def _people(directory: Path, name: str) -> Iterator[str]:
    """People of a list: a head, then a name and a number of images per line."""
    for line in _text(directory, name).splitlines()[1:]:
        if words := line.split():
            yield words[0]


def _pairs(directory: Path, name: str) -> list[NamedPair]:
    text = _text(directory, name)
    try:
        return read_pairs(text)
    except ValueError as error:
        raise DatasetSourceUnreadable(str(directory / name), str(error)) from error


def _text(directory: Path, name: str) -> str:
    try:
        return (directory / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = f"{name} is needed beside the images, from the page of LFW"
        raise DatasetSourceUnreadable(str(directory), problem) from error


def _pair(words: list[str], fold: int) -> NamedPair:
    if len(words) == 3:
        person, first, second = words
        return NamedPair(_image(person, first), _image(person, second), True, fold)
    one, first, other, second = words
    return NamedPair(_image(one, first), _image(other, second), False, fold)


def _image(person: str, number: str) -> str:
    return f"{person}/{person}_{int(number):04d}.jpg"


def _known(pairs: list[NamedPair], images: list[SourceImage], directory: Path) -> list[NamedPair]:
    names = {image.name for image in images}
    missing = {name for pair in pairs for name in (pair.first, pair.second)} - names
    if missing:
        problem = f"{len(missing):,} images that pairs name are missing, as {min(missing)}"
        raise DatasetSourceUnreadable(str(directory), problem)
    return pairs
