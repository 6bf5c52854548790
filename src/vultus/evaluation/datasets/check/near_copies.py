"""Nearly the same photo of two people in which no face was found: lookalikes cannot tell these.

Source: Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions (2010): the signs
of the lowest frequencies of a small grey picture stay when it is scaled or saved again.
"""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from vultus.domain.image import Rgb
from vultus.errors import ImageRefused
from vultus.evaluation.datasets.check.finding import Finding, Kind
from vultus.evaluation.datasets.check.images import Read
from vultus.evaluation.datasets.dataset import Dataset, DatasetImage
from vultus.evaluation.protocols.people import numbered
from vultus.evaluation.templates.table import TemplateTable
from vultus.vision.read import ImageReader

SIDE_PX = 32
FREQUENCIES = 8
"""Along each side; but for the mean, each gives a bit."""
MOST_APART = 6
"""Bits of 63 in which near copies differ."""
LEAST_SPREAD = 2.0
"""Standard deviation of grey values; a picture of less has nothing to tell it by."""
MOST = 1_000
"""Pairs that are listed, the nearest of all."""

AT_ONCE = 1_000
"""Photos that are compared with all later ones."""

Bits = NDArray[np.float32]
"""(63,) -1 and 1."""


def check_near_copies(
    dataset: Dataset, rows: Sequence[int], table: TemplateTable, read: Read, reader: ImageReader
) -> Iterator[Finding]:
    """Name near copies among the photos without a face, of different people, the nearest first.

    Args:
        dataset: whose images they are.
        rows: of the images that could be read.
        table: (R,) templates of these, in their order.
        read: gives an image's bytes.
        reader: decodes them, as the maker of the templates did.
    """
    faceless = [row for row, found in zip(rows, table.found, strict=True) if not found]
    hashed = [(row, _hash(read(dataset.images[row].digest), reader)) for row in faceless]
    known = [(row, bits) for row, bits in hashed if bits is not None]
    if not known:
        return
    places = [row for row, _ in known]
    images = [dataset.images[row] for row in places]
    for one, other in _near(images, np.stack([bits for _, bits in known])):
        note = f"{images[one].subject} and {images[other].subject}"
        yield Finding(Kind.NEAR_COPY, (places[one], places[other]), note)


def _hash(data: bytes, reader: ImageReader) -> Bits | None:
    """None of what cannot be decoded, or has nothing on it."""
    try:
        return picture_hash(reader.read(data).rgb)
    except ImageRefused:
        return None


def picture_hash(rgb: Rgb) -> Bits | None:
    """The perceptual hash of a picture; None if it is of one shade."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA).astype(np.float32)
    if small.std() < LEAST_SPREAD:
        return None
    low = np.asarray(cv2.dct(small))[:FREQUENCIES, :FREQUENCIES].ravel()[1:]
    return np.where(low > np.median(low), 1, -1).astype(np.float32)


def _near(images: Sequence[DatasetImage], hashes: NDArray[np.float32]) -> list[tuple[int, int]]:
    """The pairs of images of different people whose (N, 63) hashes differ little, nearest first."""
    people = numbered([image.subject for image in images])
    copies = numbered([image.digest for image in images])
    pairs: list[tuple[float, int, int]] = []
    for start in range(0, len(images), AT_ONCE):
        rows = slice(start, start + AT_ONCE)
        apart = (hashes.shape[1] - hashes[rows] @ hashes[start:].T) / 2
        # The same bytes under two names are a finding of their own.
        others = (people[rows, np.newaxis] != people[start:]) & (
            copies[rows, np.newaxis] != copies[start:]
        )
        first, second = np.nonzero(np.triu(others & (apart <= MOST_APART)))
        found = zip(apart[first, second].tolist(), first, second, strict=True)
        pairs += [(bits, int(one) + start, int(other) + start) for bits, one, other in found]
    return [(one, other) for _, one, other in sorted(pairs)[:MOST]]
