"""Single comparisons that went most wrong, as pictures side by side."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """One image: how its dataset calls it, whom it shows, and its picture as a small JPEG.

    `jpeg` is Base64, empty where no pictures are wanted or none could be made.
    """

    digest: str
    name: str
    subject: str
    jpeg: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One image, or two that were compared, and what came out; `note` adds what helps to judge."""

    images: tuple[Shown, ...]
    similarity: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cases:
    """Cases of one kind, worst first."""

    key: str
    title: str
    sentence: str
    cases: tuple[Case, ...]
