"""The port of everything that finds the nearest templates."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vultus.domain.gallery import TemplateChanges


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """The nearest subjects of each probe, best first.

    All arrays are (Q, K): row q belongs to probe q. `subjects` int64 keys, each at most once per
    row; `faces` int64 the key of that subject's most similar face; `similarities` float32 its
    cosine in [-1, 1]. Of equal similarities the lower subject key comes first, and the lower face
    key is named.
    """

    subjects: NDArray[np.int64]
    faces: NDArray[np.int64]
    similarities: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """Templates: `keys` (N,) int64 of faces, `subjects` (N,) int64, `vectors` (N, D) float32."""

    keys: NDArray[np.int64]
    subjects: NDArray[np.int64]
    vectors: NDArray[np.float32]


class TemplateSearch(Protocol):
    """Finds the nearest subjects of one gallery as it is now. Safe between threads."""

    def search(self, probes: NDArray[np.float32], k: int) -> Hits:
        """Find the `k` most similar subjects of each of (Q, D) float32 unit rows.

        A subject's similarity is that of its most similar template. K of the answer is the smaller
        of `k` and the number of subjects with a template. What the store acknowledged before the
        search began is found, and what it deleted is not.

        Raises:
            InvalidValue: k < 1, or probes are not (Q, D) finite numbers.
            SearchUnavailable: the server that searches does not answer.
        """


class TemplateIndex(Protocol):
    """Templates of one gallery, searchable; a projection of the store. Safe between threads.

    It follows the store by revisions: what it has applied is what it knows. In memory, a search
    sees a change wholly or not at all.
    """

    @property
    def revision(self) -> int:
        """The revision up to which it has followed; 0 when it is new."""

    def __len__(self) -> int:
        """How many templates it holds."""

    def apply(self, changes: TemplateChanges) -> None:
        """Take over changes: afterwards searches see them, and `revision` is theirs.

        Changes no newer than `revision` are known already, and change nothing. Removed templates
        are never found again from the moment this returns.

        Raises:
            TemplateSizeMismatch: the templates are not of the index's size.
        """

    def replace(self, pages: Iterable[TemplateChanges]) -> None:
        """Hold what `pages` say and nothing else; until it returns, searches see what was.

        Raises:
            TemplateSizeMismatch: as for `apply`.
        """

    def search(self, probes: NDArray[np.float32], k: int) -> Hits:
        """Find the nearest subjects among what it knows; otherwise as `TemplateSearch.search`."""

    def keys(self) -> NDArray[np.int64]:
        """The keys of all faces it holds, rising."""

    def entries(self, keys: NDArray[np.int64]) -> Entries:
        """What it holds of the given faces, in no particular order; others are left out."""

    def drop(self) -> None:
        """Remove what it keeps outside this process, because its gallery is gone."""
