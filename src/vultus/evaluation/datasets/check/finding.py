"""Something to look at in a dataset."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What can be wrong, the worst first."""

    LOST = "lost"
    UNREADABLE = "unreadable"
    TWO_NAMES = "two-names"
    LOOKALIKE = "lookalike"
    NEAR_COPY = "near-copy"
    LEAK = "leak"
    REPEATED = "repeated"
    NO_FACE = "no-face"
    SEVERAL_FACES = "several-faces"
    FEW_IMAGES = "few-images"


MEANINGS = {
    Kind.LOST: "images that are gone, or are not the ones they were",
    Kind.UNREADABLE: "images that cannot be decoded",
    Kind.TWO_NAMES: "images that are said to show different people",
    Kind.LOOKALIKE: "people so alike that they may be one person, or an image of the wrong one",
    Kind.NEAR_COPY: "photos of different people that are nearly the same and show no face",
    Kind.LEAK: "people or images in more than one split",
    Kind.REPEATED: "images that stand in the dataset more than once",
    Kind.NO_FACE: "images in which no face was found",
    Kind.SEVERAL_FACES: "images with several faces, of which the main one counts",
    Kind.FEW_IMAGES: "people with fewer images than were asked for",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at: `rows` of `Dataset.images`, and a note on what is the matter.

    `similarity` is a cosine, where the finding is about one.
    """

    kind: Kind
    rows: tuple[int, ...]
    note: str
    similarity: float | None = None
