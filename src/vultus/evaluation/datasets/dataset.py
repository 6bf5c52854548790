"""A dataset as values: which images, of whom, in which split, compared how."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Self

SCHEMA = 1
"""Of manifests."""
SHOWN_DIGITS = 12
"""Of a version, to people: enough to name it by."""
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

    `source` says where it came from, `parent` the version that it was split or made from. A dataset
    that is a part of another has its version, `part_of`, for it is not kept itself; `split` names
    the part, where it is a split.
    """

    name: str
    source: str
    images: tuple[DatasetImage, ...]
    pairs: tuple[Pair, ...] = ()
    parent: str | None = None
    part_of: str | None = None
    split: str | None = None

    @property
    def version(self) -> str:
        """SHA-256 of the manifest in its canonical form, in hex; of a part, that of the whole."""
        return self.part_of or sha256(manifest_of(self)).hexdigest()

    @property
    def content(self) -> str:
        """SHA-256 of what decides about figures, in hex: images, whom they show, and pairs.

        It is the same for the same photos under another name, from another source, or as a split.
        """
        shown = [[image.digest, image.subject] for image in self.images]
        pairs = [[pair.first, pair.second, pair.same, pair.fold] for pair in self.pairs]
        return sha256(json.dumps([shown, pairs], ensure_ascii=True).encode()).hexdigest()

    @property
    def title(self) -> str:
        """Its name, and that of the split that it is: `lfw, split test`."""
        return f"{self.name}, split {self.split}" if self.split else self.name

    @property
    def called(self) -> str:
        """The title with what finds it again: `lfw, split test (12ab34cd56ef)`."""
        return f"{self.title} ({self.version[:SHOWN_DIGITS]})"

    def subset(self, split: str) -> Self:
        """The images of one split, and the pairs that lie wholly inside it, renumbered."""
        rows = (row for row, image in enumerate(self.images) if image.split == split)
        return replace(self.only(rows), split=split)

    def only(self, rows: Iterable[int]) -> Self:
        """Those images in that order, and the pairs that lie wholly among them, renumbered."""
        chosen = tuple(rows)
        places = {row: place for place, row in enumerate(chosen)}
        pairs = tuple(
            replace(pair, first=places[pair.first], second=places[pair.second])
            for pair in self.pairs
            if pair.first in places and pair.second in places
        )
        images = tuple(self.images[row] for row in chosen)
        return replace(self, images=images, pairs=pairs, part_of=self.version)


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
