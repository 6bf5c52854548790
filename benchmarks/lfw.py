"""Labeled Faces in the Wild: the pairs of View 2, and the photos as they lie in a tar file.

Source: G. Huang et al., Labeled Faces in the Wild (2007), and its `pairs.txt`.
"""

import argparse
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from vultus.evaluation.datasets.sources import lfw as lists
from vultus.evaluation.datasets.sources.source import NamedPair

FOLDER = "lfw-deepfunneled/"
"""What all names in the tar file begin with."""


def lfw_folder(chosen: argparse.Namespace) -> Path:
    """Where LFW lies in the evaluation data; a benchmark without it ends, and says so."""
    lfw = Path(chosen.data, "lfw")
    if not lfw.is_dir():
        raise SystemExit(f"no LFW at {lfw}; name the evaluation data with --data")
    return lfw


def read_pairs(text: str) -> list[NamedPair]:
    """Read `pairs.txt`, with the names of photos as they are in the tar file."""
    return [
        replace(pair, first=FOLDER + pair.first, second=FOLDER + pair.second)
        for pair in lists.read_pairs(text)
    ]


def photos_of(pairs: Sequence[NamedPair]) -> list[str]:
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
