"""Plain ways to compare faces, taught and measured on the faces that a model found."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from vultus.errors import TooFewComparisons, VultusError
from vultus.evaluation.baselines.grey import SIDE_PX, Grey, grey_faces
from vultus.evaluation.baselines.table import Baseline, baseline_table
from vultus.evaluation.datasets.dataset import Dataset
from vultus.evaluation.parts.study import Contender
from vultus.evaluation.templates.table import TemplateTable
from vultus.usecases.enroll import Step
from vultus.usecases.recognizer import Recognizer
from vultus.vision.embed.port import Chips

LEAST_TAUGHT = 100
"""With fewer faces of people in no pair, eigenfaces learn from all faces."""


def baselines_beside(
    dataset: Dataset,
    table: TemplateTable,
    recognizer: Recognizer,
    read: Callable[[str], bytes],
    step: Step,
) -> Iterator[Contender]:
    """Chance, eigenfaces and LBP histograms of the same images.

    Args:
        dataset: its images are looked at once more, for their pixels.
        table: the model's templates of them.
        recognizer: the model, which finds and aligns the faces.
        read: the bytes of an image by its digest.
        step: told how many images of all are done.
    """
    faces = _faces(dataset, table, recognizer, read, step)
    train, whose = taught_by(dataset)
    notes = {
        Baseline.CHANCE: "templates drawn at random, without a look at the faces",
        Baseline.EIGENFACES: f"principal components of grey faces (PCA), learnt from {whose}",
        Baseline.PATTERNS: "histograms of local binary patterns; nothing is learnt",
    }
    for baseline, note in notes.items():
        try:
            yield Contender(str(baseline), note, baseline_table(baseline, faces, table, train))
        except TooFewComparisons:
            # Two photos teach no eigenfaces; the others stand beside all the same.
            continue


def taught_by(dataset: Dataset) -> tuple[NDArray[np.int64], str]:
    """Rows of people who are in no pair, if there are enough, else all; and whose these are."""
    images = dataset.images
    compared = {images[row].subject for pair in dataset.pairs for row in (pair.first, pair.second)}
    others = [row for row, image in enumerate(images) if image.subject not in compared]
    if compared and len(others) >= LEAST_TAUGHT:
        return np.array(others, np.int64), f"{len(others):,} photos of people in no pair"
    return np.arange(len(images)), "the very photos it is tested on, which flatters it"


def _faces(
    dataset: Dataset,
    table: TemplateTable,
    recognizer: Recognizer,
    read: Callable[[str], bytes],
    step: Step,
) -> Grey:
    rows = np.flatnonzero(table.found)
    faces = np.zeros((len(dataset.images), SIDE_PX, SIDE_PX), np.uint8)

    def look(row: int) -> Grey:
        try:
            return grey_faces(_main_chip(recognizer, read(dataset.images[row].digest)))
        except VultusError:
            # Gone since its template was made: it stays black.
            return np.zeros((1, SIDE_PX, SIDE_PX), np.uint8)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for done, (row, grey) in enumerate(zip(rows, pool.map(look, rows.tolist()), strict=True)):
            faces[row] = grey[0]
            step(done + 1, len(rows))
    return faces


def _main_chip(recognizer: Recognizer, data: bytes) -> Chips:
    """(1, H, W, 3) the chip of the main face."""
    pipeline = recognizer.pipeline
    image = pipeline.reader.read(data)
    main = recognizer.portrait(image).main
    landmarks = main.detection.landmarks.scaled(1 / image.shrink)
    return pipeline.aligner.chips(image.rgb, [landmarks])
