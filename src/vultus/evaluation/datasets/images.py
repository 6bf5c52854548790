"""The bytes of datasets' images: kept by their digests, or left in the files they came from."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import asdict
from hashlib import sha256
from threading import Lock

from vultus.blobs.port import BlobStore
from vultus.errors import BlobNotFound, DatasetImageLost, ImageRefused
from vultus.evaluation.datasets.naming import IMAGES, image_blob
from vultus.evaluation.datasets.place import Place
from vultus.evaluation.threads import in_threads

AT_ONCE = 8
"""Images on their way at the same time: what takes long is waiting for the disk, or for S3."""
Places = Mapping[str, Place]
"""By digest, where an image lies that was not copied."""


class DatasetImages:
    """Images by digest. Safe between threads.

    What is read is compared with its digest every time: a file that was changed since is refused.
    """

    def __init__(self, blobs: BlobStore, places: BlobStore, max_bytes: int) -> None:
        """Keep copies in `blobs`, and in `places`, of this machine, where the others lie.

        No image of more than `max_bytes` is read from a file.
        """
        self._blobs, self._kept_places = blobs, places
        self.max_bytes = max_bytes
        self._places: Mapping[str, list[Place]] | None = None
        self._reading = Lock()

    def read(self, digest: str) -> bytes:
        """Give the bytes of an image.

        Raises:
            DatasetImageLost: they are gone, or others stand in their place.
            BlobsUnavailable: the place of all copies cannot be used.
        """
        problem = "no copy of it is kept"
        for place in self.places().get(digest, ()):
            try:
                data = place.read(self.max_bytes)
            except ImageRefused as error:
                problem = str(error).removesuffix(".")
                continue
            if sha256(data).hexdigest() == digest:
                return data
            problem = f"{place.path} has changed since it was imported"
        return self._copy(digest, problem)

    def keep(self, data: bytes) -> str:
        """Keep a copy, unless there is one, and give its digest."""
        digest = sha256(data).hexdigest()
        if not self._blobs.exists(image_blob(digest)):
            self._blobs.put(image_blob(digest), data)
        return digest

    def places(self) -> Mapping[str, list[Place]]:
        """Where images lie that were not copied, of all datasets."""
        with self._reading:
            if self._places is None:
                self._places = self._read_places()
            return self._places

    def keep_places(self, version: str, places: Places) -> None:
        """Keep where the images of a version lie."""
        content = {digest: asdict(place) for digest, place in sorted(places.items())}
        self._kept_places.put(version, json.dumps(content).encode())
        self._forget_places()

    def keep_only(self, digests: Collection[str], versions: Collection[str]) -> set[str]:
        """Delete all other copies, and where the images of other versions lie.

        Also what an interrupted import left.

        Returns:
            The digests of the copies that were deleted.
        """
        deleted = keep_only(self._blobs, IMAGES, set(map(image_blob, digests)))
        keep_only(self._kept_places, "", versions)
        self._forget_places()
        return {name.rpartition("/")[2] for name in deleted}

    def _read_places(self) -> Mapping[str, list[Place]]:
        places = defaultdict(list)
        for version in self._kept_places.names():
            for digest, place in _read_places(self._kept_places.get(version)):
                places[digest].append(place)
        return dict(places)

    def _copy(self, digest: str, problem: str) -> bytes:
        try:
            data = self._blobs.get(image_blob(digest))
        except BlobNotFound as error:
            raise DatasetImageLost(digest, problem) from error
        if sha256(data).hexdigest() != digest:
            raise DatasetImageLost(digest, "its copy is damaged")
        return data

    def _forget_places(self) -> None:
        with self._reading:
            self._places = None


def keep_only(blobs: BlobStore, prefix: str, names: Collection[str]) -> list[str]:
    """Delete all other blobs whose names begin so, and give their names."""
    doomed = [name for name in blobs.names(prefix) if name not in names]
    for _ in in_threads(blobs.delete, doomed, AT_ONCE):
        pass
    return doomed


def _read_places(content: bytes) -> list[tuple[str, Place]]:
    """What `keep_places` wrote; nothing of it when it is damaged, as if the files were gone."""
    try:
        places = json.loads(content).items()
        return [(digest, Place(**place)) for digest, place in places]
    except (ValueError, TypeError, AttributeError):
        return []
