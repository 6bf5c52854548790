"""Pairs of subjects that look like one person."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vultus.domain.gallery import Duplicate, TemplateChanges
from vultus.errors import InvalidValue
from vultus.gallery.search.port import TemplateSearch
from vultus.gallery.store.port import TemplateFeed
from vultus.matching.calibration import PairCalibration

NEIGHBOURS = 10
"""So many subjects are looked at around each template, its own among them."""
BATCH = 1_024
"""So many templates are searched for at once."""


@dataclass(frozen=True, slots=True)
class DuplicateSearch:
    """Searches a gallery for each of its own templates, many at once.

    Where more than `NEIGHBOURS` subjects look alike, the most similar of them are found.
    """

    gallery_id: str
    feed: TemplateFeed
    index: TemplateSearch
    calibration: PairCalibration | None

    def find(
        self, least: float, limit: int, step: Callable[[int], None] | None = None
    ) -> list[Duplicate]:
        """List at most `limit` pairs of at least the cosine `least`, most similar first.

        `step` is told how many templates were looked at so far.

        Raises:
            InvalidValue: the limit is below 1.
        """
        if limit < 1:
            raise InvalidValue("limit", "it must be at least 1")
        found = _Pairs.none()
        done = 0
        for page in self.feed.changes(self.gallery_id, 0):
            for start in range(0, len(page.keys), BATCH):
                batch = slice(start, start + BATCH)
                found = found.and_best_of(self._around(page, batch, least), limit)
                done += len(page.keys[batch])
                if step is not None:
                    step(done)
        return list(self._named(found))

    def _around(self, page: TemplateChanges, batch: slice, least: float) -> "_Pairs":
        own = page.subjects[batch]
        hits = self.index.search(page.vectors[batch], NEIGHBOURS)
        rows, columns = np.nonzero(
            (hits.similarities >= least) & (hits.subjects != own[:, np.newaxis])
        )
        return _Pairs(
            np.column_stack([own[rows], hits.subjects[rows, columns]]),
            np.column_stack([page.keys[batch][rows], hits.faces[rows, columns]]),
            hits.similarities[rows, columns],
        )

    def _named(self, found: "_Pairs") -> Iterator[Duplicate]:
        subjects = self.feed.subjects_by_key(self.gallery_id, np.unique(found.subjects).tolist())
        faces = self.feed.face_ids_by_key(self.gallery_id, np.unique(found.faces).tolist())
        rows = found.subjects.tolist(), found.faces.tolist(), found.cosines.tolist()
        for (first, second), (face, other_face), cosine in zip(*rows, strict=True):
            # What was deleted since the search is no duplicate any more.
            if {first, second} <= subjects.keys() and {face, other_face} <= faces.keys():
                yield Duplicate(
                    first=subjects[first],
                    second=subjects[second],
                    similarity=cosine,
                    probability=self.calibration.probability(cosine) if self.calibration else None,
                    first_face_id=faces[face],
                    second_face_id=faces[other_face],
                )


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Pairs: `subjects` (P, 2) and `faces` (P, 2) int64 keys, `cosines` (P,) float32."""

    subjects: NDArray[np.int64]
    faces: NDArray[np.int64]
    cosines: NDArray[np.float32]

    @classmethod
    def none(cls) -> Self:
        nothing = np.empty((0, 2), np.int64)
        return cls(nothing, nothing, np.empty(0, np.float32))

    def and_best_of(self, more: "_Pairs", limit: int) -> "_Pairs":
        """Each pair once, by its highest cosine; at most `limit`, the highest first."""
        subjects = np.concatenate([self.subjects, more.subjects])
        faces = np.concatenate([self.faces, more.faces])
        cosines = np.concatenate([self.cosines, more.cosines])
        inner = np.argsort(subjects, axis=1)
        subjects = np.take_along_axis(subjects, inner, axis=1)
        faces = np.take_along_axis(faces, inner, axis=1)
        order = np.lexsort((subjects[:, 1], subjects[:, 0], -cosines))
        _, firsts = np.unique(subjects[order], axis=0, return_index=True)
        kept = order[np.sort(firsts)[:limit]]
        return _Pairs(subjects[kept], faces[kept], cosines[kept])
