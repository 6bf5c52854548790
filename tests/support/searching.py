"""Templates and changes for tests of searching."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from vultus.domain.gallery import Gallery, TemplateChanges
from vultus.domain.template import ModelId
from vultus.errors import GalleryNotFound, RevisionPurged, StoreUnavailable

Vectors = NDArray[np.float32]
DIM = 16


MODEL = ModelId("fake", "1")


def gallery(id: str = "0" * 32, dim: int = DIM, model: ModelId = MODEL) -> Gallery:
    """A gallery of that id."""
    created = datetime(2026, 1, 1, tzinfo=UTC)
    return Gallery(
        id, f"gallery {id}", model, dim, keep_crops=False, revision=0, created_at=created
    )


def directions(count: int, dim: int = DIM, seed: int = 0) -> Vectors:
    """(count, dim) unit rows in random directions."""
    rows = np.random.default_rng(seed).standard_normal((count, dim)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def near(rows: Vectors, apart: float = 0.1, seed: int = 1) -> Vectors:
    """Unit rows a little away from the given ones."""
    noise = np.random.default_rng(seed).standard_normal(rows.shape).astype(np.float32)
    moved = rows + apart * noise / np.sqrt(rows.shape[1])
    return (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)


def changes(
    revision: int,
    faces: Iterable[tuple[int, int]] = (),
    vectors: Vectors | None = None,
    removed: Sequence[int] = (),
    dim: int = DIM,
) -> TemplateChanges:
    """Changes that set (face, subject) pairs to vectors, and remove faces."""
    pairs = np.array(list(faces), np.int64).reshape(-1, 2)
    rows = np.empty((0, dim), np.float32) if vectors is None else vectors
    return TemplateChanges(
        revision, pairs[:, 0], pairs[:, 1], rows, np.array(removed, np.int64), complete=True
    )


class Journal:
    """A store that is nothing but what an index follows: one gallery, and what became of faces.

    While it is `failing` nobody gets an answer; once the gallery is `gone` there is none.
    """

    def __init__(self, dim: int = DIM) -> None:
        self._dim = dim
        self._faces: dict[int, tuple[int, int, Vectors | None]] = {}
        self._lock = Lock()
        self.at = 0
        self.purged = 0
        self.failing = False
        self.gone = False
        self.asked_after: list[int] = []
        """The revisions after which changes were asked for."""

    def write(
        self,
        faces: Iterable[tuple[int, int]] = (),
        vectors: Vectors | None = None,
        removed: Sequence[int] = (),
    ) -> None:
        """Set (face, subject) pairs to vectors, and remove faces, in one revision."""
        rows = [] if vectors is None else list(vectors)
        with self._lock:
            self.at += 1
            for (face, subject), vector in zip(faces, rows, strict=True):
                self._faces[face] = (self.at, subject, vector)
            for face in removed:
                self._faces[face] = (self.at, 0, None)

    def forget(self, faces: Iterable[int]) -> None:
        """Purge faces that were removed."""
        for face in faces:
            self.purged = max(self.purged, self._faces.pop(face)[0])

    def revision(self, gallery_id: str) -> int:
        self._check(gallery_id)
        return self.at

    def changes(
        self, gallery_id: str, after: int, *, limit: int = 10_000
    ) -> Iterator[TemplateChanges]:
        self._check(gallery_id)
        self.asked_after.append(after)
        if after and not self.purged <= after <= self.at:
            raise RevisionPurged(gallery_id, after, self.purged)
        with self._lock:
            at = self.at
            faces = [
                (revision, face, subject, vector)
                for face, (revision, subject, vector) in self._faces.items()
                if revision > after and (after or vector is not None)
            ]
        faces.sort(key=lambda each: each[:2])
        pages = [faces[start : start + limit] for start in range(0, len(faces), limit)] or [[]]
        for page, following in zip(pages, [*pages[1:], None], strict=True):
            live = [each for each in page if each[3] is not None]
            yield TemplateChanges(
                revision=following[0][0] - 1 if following else at,
                keys=np.array([face for _, face, _, _ in live], np.int64),
                subjects=np.array([subject for _, _, subject, _ in live], np.int64),
                vectors=np.array([row for *_, row in live], np.float32).reshape(-1, self._dim),
                removed=np.array([face for _, face, _, row in page if row is None], np.int64),
                complete=following is None,
            )

    def _check(self, gallery_id: str) -> None:
        if self.failing:
            raise StoreUnavailable("journal", "nobody answers")
        if self.gone:
            raise GalleryNotFound(gallery_id)
