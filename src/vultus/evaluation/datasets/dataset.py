"""A dataset as values: which images, of whom, in which split, compared how."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Self

SCHEMA = 1
"""Of manifests."""
NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class DatasetImage:
    """One image of one person.

    `digest` is the SHA-256 of its bytes, in hex. `subject` is whom it shows, as the source says;
    `name` how the source calls it, a relative path that is unique in the dataset.
    """

    digest: str
    subject: str
    name: str
    split: str | None = None
    attributes: Mapping[str, str] = field(default_factory=lambda: NO_ATTRIBUTES, hash=False)


@dataclass(frozen=True, slots=True)
class Pair:
    """A comparison that the protocol asks for: two rows of `Dataset.images`, and its fold."""

    first: int
    second: int
    same: bool
    fold: int


@dataclass(frozen=True, slots=True)
class Dataset:
    """Images of known people. Its content names its version.

    `source` says where it came from, `parent` the version that it was split or made from.
    """

    name: str
    source: str
    images: tuple[DatasetImage, ...]
    pairs: tuple[Pair, ...] = ()
    parent: str | None = None

    @property
    def version(self) -> str:
        """SHA-256 of the manifest in its canonical form, in hex."""
        return sha256(manifest_of(self)).hexdigest()

    def subset(self, split: str) -> Self:
        """The images of one split, and the pairs that lie wholly inside it, renumbered."""
        return self.only(row for row, image in enumerate(self.images) if image.split == split)

    def only(self, rows: Iterable[int]) -> Self:
        """Those images in that order, and the pairs that lie wholly among them, renumbered."""
        chosen = tuple(rows)
        places = {row: place for place, row in enumerate(chosen)}
        pairs = tuple(
            replace(pair, first=places[pair.first], second=places[pair.second])
            for pair in self.pairs
            if pair.first in places and pair.second in places
        )
        return replace(self, images=tuple(self.images[row] for row in chosen), pairs=pairs)


def manifest_of(dataset: Dataset) -> bytes:
    """The manifest as canonical JSON: sorted keys, no spaces, UTF-8."""
    content = {
        "schema": SCHEMA,
        "name": dataset.name,
        "source": dataset.source,
        "parent": dataset.parent,
        "images": [_plain(image) for image in dataset.images],
        "pairs": [asdict(pair) for pair in dataset.pairs],
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _plain(image: DatasetImage) -> dict[str, Any]:
    # Not `asdict`: it copies a mapping by its type, and a read-only one cannot be made so.
    return {
        "digest": image.digest,
        "subject": image.subject,
        "name": image.name,
        "split": image.split,
        "attributes": dict(image.attributes),
    }
