"""The faces of LFW's photos, found and embedded by Vultus in several processes."""

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

import vultus
from benchmarks.lfw import photos_in, read_photos

ARCHIVES = ("lfw-pairs.tar", "lfw-rest.tar")
MIDDLE_PX = 125.0

Templates = NDArray[np.float32]
Shown = NDArray[np.bool_]
"""(N,) whether there is a face in each of N photos."""
Preference = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Of (F, 4) boxes of a photo, the highest of (F,) numbers names the face that is taken."""


@dataclass(frozen=True, slots=True)
class PhotoFaces:
    """Every face found in some photos.

    `photos` is (N,) names; `owners` (F,) rows of `photos`; `boxes` (F, 4) xyxy in pixels; `vectors`
    (F, D) templates.
    """

    photos: NDArray[np.str_]
    owners: NDArray[np.int64]
    boxes: NDArray[np.float64]
    vectors: NDArray[np.float32]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(**arrays)

    def save(self, path: Path) -> None:
        """Write an npz file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, **{name: getattr(self, name) for name in self.__slots__})

    def templates(self, preference: Preference) -> dict[str, NDArray[np.float32]]:
        """One template per photo: of the face with the highest preference, told from the boxes.

        A photo in which no face was found is absent.
        """
        chosen = {}
        for row, photo in enumerate(self.photos.tolist()):
            faces = np.flatnonzero(self.owners == row)
            if faces.size:
                chosen[photo] = self.vectors[faces[np.argmax(preference(self.boxes[faces]))]]
        return chosen


def main_face(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Prefer the largest face, unless it is far from the middle, as `Recognizer.verify` does."""
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    return areas - 2 * central(boxes) ** 2


def central(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Prefer the face nearest to the middle of LFW's 250x250 photos, where the person meant is."""
    centres = (boxes[:, 2:] + boxes[:, :2]) / 2
    return -np.linalg.norm(centres - MIDDLE_PX, axis=1)


def all_templates(
    lfw: Path,
    cache: Path,
    settings: vultus.Settings,
    processes: int,
    preference: Preference = central,
) -> dict[str, NDArray[np.float32]]:
    """One template of each of LFW's 13,233 photos, of the face with the highest preference.

    A photo in which no face was found is absent. What was recognised is kept in `cache`.
    """
    model = vultus.load(settings=settings).model
    templates = {}
    for archive in (lfw / name for name in ARCHIVES):
        kept = cache / f"lfw-{archive.stem}-{model.pack}-{model.version}.npz"
        if not kept.exists():
            print(f"recognising the photos of {archive.name}", flush=True)
            find_faces(archive, photos_in(archive), settings, processes).save(kept)
        templates |= PhotoFaces.load(kept).templates(preference)
    return templates


def all_photos(lfw: Path) -> list[str]:
    """Every photo of LFW, in order of name."""
    return sorted(photo for archive in ARCHIVES for photo in photos_in(lfw / archive))


def rows_of(photos: Sequence[str], templates: Mapping[str, Templates]) -> tuple[Templates, Shown]:
    """(N, D) templates of photos, zero where no face was found, and (N,) where one was."""
    nothing = np.zeros_like(next(iter(templates.values())))
    shown = np.array([photo in templates for photo in photos])
    return np.stack([templates.get(photo, nothing) for photo in photos]), shown


def find_faces(
    archive: Path, photos: Sequence[str], settings: vultus.Settings, processes: int
) -> PhotoFaces:
    """Recognise every photo, from its bytes in the tar file, in `processes` of one thread each."""
    shares = [photos[start::processes] for start in range(processes)]
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        found = list(chain.from_iterable(pool.map(partial(_find, archive, settings), shares)))
    rows = {photo: row for row, photo in enumerate(photos)}
    return PhotoFaces(
        photos=np.array(photos),
        owners=np.array([rows[photo] for photo, _ in found]),
        boxes=np.array([face.detection.box.xyxy for _, face in found]),
        vectors=np.array([face.template.vector for _, face in found]),
    )


def _find(
    archive: Path, settings: vultus.Settings, photos: Sequence[str]
) -> list[tuple[str, vultus.Face]]:
    recognizer = vultus.load(settings=settings)
    return [
        (photo, face)
        for photo, data in read_photos(archive, photos)
        for face in recognizer.faces(data)
    ]
