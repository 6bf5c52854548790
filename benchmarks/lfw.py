"""Labeled Faces in the Wild: the pairs of View 2, and the photos as they lie in a tar file.

Source: G. Huang et al., Labeled Faces in the Wild (2007), and its `pairs.txt`.
"""

import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Pair:
    """Two photos by their names in the tar file, whether they show one person, and their fold."""

    first: str
    second: str
    genuine: bool
    fold: int


def read_pairs(text: str) -> list[Pair]:
    """Read `pairs.txt`: a head (folds, pairs of each kind), then per fold genuine and impostor."""
    head, *lines = text.splitlines()
    folds, size = (int(number) for number in head.split())
    if len(lines) != folds * size * 2:
        raise ValueError(f"{len(lines)} pairs where {folds * size * 2} were announced")
    return [_pair(line.split(), index // (2 * size)) for index, line in enumerate(lines)]


def photos_of(pairs: Sequence[Pair]) -> list[str]:
    """Every photo that the pairs name, once, in order of name."""
    return sorted({name for pair in pairs for name in (pair.first, pair.second)})


def photos_in(archive: Path) -> list[str]:
    """Every photo in an uncompressed tar file, in order of name."""
    with tarfile.open(archive, "r:") as tar:
        return sorted(member.name for member in tar if member.isfile())


def read_photos(archive: Path, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """The bytes of the named photos, read from an uncompressed tar file where they lie."""
    with tarfile.open(archive, "r:") as tar:
        for name in names:
            member = tar.extractfile(name)
            assert member is not None
            yield name, member.read()


def _pair(words: list[str], fold: int) -> Pair:
    if len(words) == 3:
        person, first, second = words
        return Pair(_photo(person, first), _photo(person, second), True, fold)
    one, first, other, second = words
    return Pair(_photo(one, first), _photo(other, second), False, fold)


def _photo(person: str, number: str) -> str:
    return f"lfw-deepfunneled/{person}/{person}_{int(number):04d}.jpg"
