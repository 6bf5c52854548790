"""What every source of a dataset gives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vultus.evaluation.datasets.dataset import NO_ATTRIBUTES
from vultus.evaluation.datasets.place import Place


@dataclass(frozen=True, slots=True)
class SourceImage:
    """An image before it is read; `place` says where it lies if it is in a file of this machine.

    `read` refuses an image of more than so many bytes. The other fields are `DatasetImage`'s.
    """

    name: str
    subject: str
    read: Callable[[int], bytes]
    place: Place | None = None
    split: str | None = None
    attributes: Mapping[str, str] = field(default_factory=lambda: NO_ATTRIBUTES)


@dataclass(frozen=True, slots=True)
class NamedPair:
    """A comparison of two images by their names."""

    first: str
    second: str
    same: bool
    fold: int


@dataclass(frozen=True, slots=True)
class Source:
    """All that a dataset is made of. `about` says what it is, and names no path of a machine."""

    about: str
    images: Sequence[SourceImage]
    pairs: Sequence[NamedPair] = ()


def file_image(
    path: Path,
    name: str,
    subject: str,
    split: str | None = None,
    attributes: Mapping[str, str] = NO_ATTRIBUTES,
) -> SourceImage:
    """An image that is a file."""
    place = Place(str(path.absolute()))
    return SourceImage(name, subject, place.read, place, split, attributes)
