"""LFW's templates with the people they show, and the pairs of View 2 among them."""

import argparse
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

import vultus
from benchmarks.lfw import lfw_folder, read_pairs
from benchmarks.lfw_faces import all_templates, main_face
from vultus.evaluation.metrics.trials import NOT_COMPARED, Trials
from vultus.evaluation.protocols.people import numbered


@dataclass(frozen=True, slots=True, eq=False)
class LfwPeople:
    """(N, D) templates of the main faces, (N,) the people by number, and View 2 in ten folds."""

    model: str
    vectors: NDArray[np.float32]
    people: NDArray[np.int64]
    view2: Trials


def people_options(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The options of `lfw_people`."""
    parser.add_argument("--pack", default="dlib", help="name or path of a pack (%(default)s)")
    parser.add_argument("--processes", type=int, default=2, help="(%(default)s)")
    return parser


def lfw_people(chosen: argparse.Namespace) -> LfwPeople:
    """Recognise LFW with a pack, or take what was kept of that."""
    lfw = lfw_folder(chosen)
    settings = vultus.load_settings(pack=chosen.pack, inference={"threads": 1})
    found = all_templates(lfw, chosen.cache, settings, chosen.processes, main_face)
    photos = sorted(found)
    vectors = np.stack([found[photo] for photo in photos])
    people = numbered([PurePosixPath(photo).parent.name for photo in photos])
    trials = _view2((lfw / "pairs.txt").read_text(), photos, vectors, people)
    return LfwPeople(str(vultus.load(settings=settings).model), vectors, people, trials)


def _view2(
    text: str, photos: list[str], vectors: NDArray[np.float32], people: NDArray[np.int64]
) -> Trials:
    places = {photo: place for place, photo in enumerate(photos)}
    pairs = [pair for pair in read_pairs(text) if {pair.first, pair.second} <= places.keys()]
    rows = np.array([(places[pair.first], places[pair.second]) for pair in pairs])
    first, second = rows.T
    scores = np.einsum("nd,nd->n", vectors[first], vectors[second]).clip(-1, 1)
    assert (scores > NOT_COMPARED).all()
    folds = np.array([pair.fold for pair in pairs])
    return Trials(scores.astype(np.float32), people[first], people[second], rows, folds)
