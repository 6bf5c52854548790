"""The datasets of an installation: immutable versions, and names that stand for the newest.

    datasets/images/ab/abcd…            an image, by the SHA-256 of its bytes
    datasets/manifests/VERSION.json     the manifest of a version, by its own SHA-256
    datasets/names/NAME.json            the versions of a name

Images come before their manifest, and the manifest before the name that leads to it: a process that
dies leaves whole datasets, and at most images of none, which the next removal clears away.
"""

import json
from collections.abc import Collection
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass

from vultus.blobs.port import BlobStore
from vultus.errors import (
    BlobNotFound,
    DatasetAmbiguous,
    DatasetDamaged,
    DatasetNotFound,
    InvalidValue,
)
from vultus.evaluation.datasets.dataset import Dataset, manifest_of
from vultus.evaluation.datasets.images import DatasetImages, Places, keep_only
from vultus.evaluation.datasets.manifest import read_manifest
from vultus.evaluation.datasets.naming import (
    MANIFESTS,
    NAMES,
    check_dataset_name,
    manifest_blob,
    name_blob,
)

SHORTEST = 4
"""Fewest letters of a version that stand for it."""


@dataclass(frozen=True, slots=True)
class Known:
    """A dataset by name, and its versions: the one that the name means is last."""

    name: str
    versions: tuple[str, ...]

    @property
    def current(self) -> str:
        """The version that the name means."""
        return self.versions[-1]


class DatasetLibrary:
    """Datasets that stay. Safe between threads.

    Machines that share a bucket do not share the lock: none may remove while another imports.
    """

    def __init__(
        self, blobs: BlobStore, images: DatasetImages, changing: AbstractContextManager[object]
    ) -> None:
        """Keep manifests in `blobs`; `changing` is held while datasets are added or removed."""
        self._blobs = blobs
        self.images = images
        self.changing = changing

    def read(self, digest: str) -> bytes:
        """Give the bytes of an image; errors as for `DatasetImages.read`."""
        return self.images.read(digest)

    def known(self) -> list[Known]:
        """All datasets, by name."""
        names = [blob.removeprefix(NAMES) for blob in self._blobs.names(NAMES)]
        return [self._known(name.removesuffix(".json")) for name in names]

    def get(self, said: str) -> Dataset:
        """Give a dataset by its name, a version, the beginning of one, or `name@beginning`.

        Raises:
            DatasetNotFound: there is none.
            DatasetAmbiguous: several versions begin so.
            DatasetDamaged: its manifest is not what was written.
        """
        return self._open(self._version(said))

    def add(
        self, dataset: Dataset, places: Places | None = None, *, moves_name: bool = True
    ) -> None:
        """Keep a dataset whose images are kept, and let its name mean it.

        `changing` must be held, from the first image on.

        Args:
            dataset: a whole one.
            places: where those images lie that were not copied.
            moves_name: whether the name means it even if it meant another version before.

        Raises:
            InvalidValue: the name cannot be one, or it is a part of another.
        """
        check_dataset_name(dataset.name)
        if dataset.part_of:
            raise InvalidValue("dataset", f"it is a part of {dataset.called}")
        version = dataset.version
        if places:
            self.images.keep_places(version, places)
        self._blobs.put(manifest_blob(version), manifest_of(dataset))
        before = self._known(dataset.name).versions
        if moves_name or not before:
            self._write(dataset.name, [*(each for each in before if each != version), version])
        elif version not in before:
            self._write(dataset.name, [*before[:-1], version, before[-1]])

    def derive(self, dataset: Dataset) -> None:
        """Keep a dataset made of images of others.

        Raises:
            InvalidValue: the name cannot be one.
        """
        known = self.images.places()
        own = {image.digest for image in dataset.images} & known.keys()
        with self.changing:
            self.add(dataset, {digest: known[digest][0] for digest in own})

    def remove(self, said: str) -> set[str]:
        """Remove a version, or all versions of a name, with the images that no other has.

        A damaged one can be removed too. While one that stays is damaged, no image goes: nobody
        knows which of them are its own.

        Returns:
            The digests of those images.

        Raises:
            DatasetNotFound, DatasetAmbiguous: as for `get`.
        """
        with self.changing:
            known = self.known()
            named = next((each.versions for each in known if each.name == said), ())
            doomed = set(named or [self._version(said)])
            own = self._digests(doomed)
            for each in known:
                self._write(each.name, [each for each in each.versions if each not in doomed])
            return self._sweep(own)

    def _version(self, said: str) -> str:
        name, at, beginning = said.partition("@")
        known = self.known()
        named = [each for each in known if each.name == name]
        if named and not at:
            return named[0].current
        among, wanted = (named, beginning) if at else (known, said)
        found = {each for one in among for each in one.versions if each.startswith(wanted)}
        if len(wanted) < SHORTEST or not found:
            raise DatasetNotFound(said)
        if len(found) > 1:
            raise DatasetAmbiguous(said, len(found))
        return found.pop()

    def _sweep(self, doomed: Collection[str]) -> set[str]:
        """Delete what no name leads to, and give the digests of images that are no dataset's."""
        versions = {version for each in self.known() for version in each.versions}
        keep_only(self._blobs, MANIFESTS, set(map(manifest_blob, versions)))
        try:
            digests = {image.digest for each in versions for image in self._open(each).images}
        except DatasetDamaged:
            return set()
        return (self.images.keep_only(digests, versions) | set(doomed)) - digests

    def _known(self, name: str) -> Known:
        blob = name_blob(name)
        if not self._blobs.exists(blob):
            return Known(name, ())
        try:
            return Known(name, tuple(json.loads(self._blobs.get(blob))["versions"]))
        except (ValueError, KeyError, TypeError) as error:
            raise DatasetDamaged(name, "the list of its versions is damaged") from error

    def _write(self, name: str, versions: list[str]) -> None:
        if versions:
            content = {"schema": 1, "versions": versions}
            self._blobs.put(name_blob(name), json.dumps(content).encode())
        else:
            self._blobs.delete(name_blob(name))

    def _open(self, version: str) -> Dataset:
        try:
            content = self._blobs.get(manifest_blob(version))
        except BlobNotFound as error:
            raise DatasetDamaged(version, "its manifest is gone") from error
        return read_manifest(version, content)

    def _digests(self, versions: Collection[str]) -> set[str]:
        """The images of versions, as far as that can be known."""
        digests: set[str] = set()
        for version in versions:
            with suppress(DatasetDamaged):
                digests |= {image.digest for image in self._open(version).images}
        return digests
