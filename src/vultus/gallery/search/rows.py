"""Templates side by side in memory."""

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vultus.domain.gallery import TemplateChanges
from vultus.errors import TemplateSizeMismatch
from vultus.gallery.search.port import Entries

FIRST_CAPACITY = 64


class Rows:
    """A table of templates without gaps, in no particular order. Not safe between threads."""

    def __init__(self, dim: int) -> None:
        """Start empty, for templates of `dim` numbers."""
        self._all = _blank(0, dim)
        self._count = 0
        self._place: dict[int, int] = {}

    @classmethod
    def of(cls, entries: Entries) -> Self:
        """Take over arrays as they are, without copying them; keys must not repeat."""
        rows = cls(entries.vectors.shape[1])
        rows._all = entries
        rows._count = len(entries.keys)
        rows._place = dict(zip(entries.keys.tolist(), range(rows._count), strict=True))
        return rows

    def __len__(self) -> int:
        return self._count

    @property
    def dim(self) -> int:
        """Numbers in a template."""
        return int(self._all.vectors.shape[1])

    @property
    def entries(self) -> Entries:
        """All rows, as views that hold until the next change."""
        count = self._count
        return Entries(
            self._all.keys[:count], self._all.subjects[:count], self._all.vectors[:count]
        )

    def entries_of(self, keys: NDArray[np.int64]) -> Entries:
        """The rows of those of the given keys that are here, as arrays of their own."""
        positions = self._positions(keys)
        return taken(self._all, positions[positions >= 0])

    def apply(self, changes: TemplateChanges) -> None:
        """Set and remove what `changes` say, or nothing of it.

        Raises:
            TemplateSizeMismatch: the templates are not of this table's size.
        """
        check_size(changes.vectors, self.dim)
        self._remove(changes.removed)
        self._set(changes.keys, changes.subjects, changes.vectors)

    def _set(
        self, keys: NDArray[np.int64], subjects: NDArray[np.int64], vectors: NDArray[np.float32]
    ) -> None:
        """Overwrite the rows of known keys, and add the others."""
        positions = self._positions(keys)
        new = positions < 0
        count = self._count + int(np.count_nonzero(new))
        positions[new] = np.arange(self._count, count)
        self._reserve(count)
        self._all.keys[positions] = keys
        self._all.subjects[positions] = subjects
        self._all.vectors[positions] = vectors
        self._count = count
        self._place.update(zip(keys.tolist(), positions.tolist(), strict=True))

    def _remove(self, keys: NDArray[np.int64]) -> None:
        """Remove the rows of known keys: the last rows move into the gaps."""
        positions = self._positions(np.unique(keys))
        gone = positions[positions >= 0]
        count = self._count - len(gone)
        for key in self._all.keys[gone].tolist():
            del self._place[key]
        gaps = gone[gone < count]
        movers = np.setdiff1d(np.arange(count, self._count), gone, assume_unique=True)
        self._all.keys[gaps] = self._all.keys[movers]
        self._all.subjects[gaps] = self._all.subjects[movers]
        self._all.vectors[gaps] = self._all.vectors[movers]
        self._place.update(zip(self._all.keys[gaps].tolist(), gaps.tolist(), strict=True))
        self._count = count

    def _positions(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where the given keys stand; -1 for those that are not here."""
        place = self._place
        return np.array([place.get(key, -1) for key in keys.tolist()], np.int64)

    def _reserve(self, count: int) -> None:
        """Make room for `count` rows, twice as much as before at least."""
        capacity = len(self._all.keys)
        if count > capacity:
            grown = _blank(max(count, 2 * capacity, FIRST_CAPACITY), self.dim)
            held = self.entries
            grown.keys[: self._count] = held.keys
            grown.subjects[: self._count] = held.subjects
            grown.vectors[: self._count] = held.vectors
            self._all = grown


def check_size(vectors: NDArray[np.float32], dim: int) -> None:
    """Refuse vectors of another size.

    Raises:
        TemplateSizeMismatch: they are not (N, dim), and N is not 0.
    """
    if len(vectors) and vectors.shape[1:] != (dim,):
        raise TemplateSizeMismatch(expected=dim, actual=vectors.shape[-1])


def _blank(capacity: int, dim: int) -> Entries:
    return Entries(
        np.empty(capacity, np.int64),
        np.empty(capacity, np.int64),
        np.empty((capacity, dim), np.float32),
    )


def taken(entries: Entries, positions: NDArray[np.int64]) -> Entries:
    """The entries at `positions`, as arrays of their own."""
    return Entries(entries.keys[positions], entries.subjects[positions], entries.vectors[positions])


def joined(parts: Sequence[Entries]) -> Entries:
    """The entries of all parts, as arrays of their own."""
    return Entries(
        np.concatenate([part.keys for part in parts]),
        np.concatenate([part.subjects for part in parts]),
        np.concatenate([part.vectors for part in parts]),
    )
