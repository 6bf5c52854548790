"""Saved indexes: what a process starts from, so that it need not read the whole store.

A snapshot is a folder of files that a manifest beside it names, with sizes and SHA-256. The
manifest comes last and in one step, so there is always a whole snapshot or none. It is refused when
it is broken, of another gallery or model, or of an index that is made in another way. Whether it is
too old is for the store to say.
"""

import logging
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Protocol, runtime_checkable
from uuid import uuid4

from vultus.domain.gallery import Gallery
from vultus.errors import SnapshotUnusable
from vultus.gallery.search.snapshot_manifest import (
    MANIFEST,
    Content,
    Origin,
    SnapshotFile,
    described,
    read_manifest,
    write_manifest,
)
from vultus.whole_file import settle

GALLERY_ID = re.compile("[0-9a-f]{32}")

log = logging.getLogger(__name__)


@runtime_checkable
class Savable(Protocol):
    """An index that can be written to files and read again."""

    @property
    def recipe(self) -> str:
        """How it is made; what is made otherwise cannot be read from its files."""

    def save(self, folder: Path) -> int:
        """Write files into an empty folder, and give the revision that they have."""

    def load(self, folder: Path, revision: int) -> None:
        """Hold what `save` wrote, as of `revision`.

        Raises:
            Exception: the files are not what `save` writes. The index is as it was.
        """


class Snapshots:
    """Snapshots of galleries in a directory that only its owner can read: they are faces."""

    def __init__(self, directory: Path) -> None:
        """Keep them in `directory`, which is made when it is needed."""
        self._directory = directory

    def write(self, gallery: Gallery, index: Savable) -> None:
        """Write a snapshot, and then remove the one before.

        Raises:
            OSError: it could not be written; the one before still stands.
        """
        home = self._home(gallery.id)
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = home / uuid4().hex
        folder.mkdir(mode=0o700)
        try:
            content = _written(folder, _origin(gallery, index), index)
            before = _content_or_none(home)
            write_manifest(home, content)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        if before is not None:
            shutil.rmtree(home / before.folder, ignore_errors=True)

    def load(self, gallery: Gallery, index: Savable) -> bool:
        """Let `index` hold what the snapshot of the gallery holds; False if there is none.

        Raises:
            SnapshotUnusable: it is not to be trusted; the index is as it was.
        """
        home = self._home(gallery.id)
        if not (home / MANIFEST).exists():
            return False
        try:
            content = read_manifest(home)
            _check_origin(content.origin, _origin(gallery, index))
            for name, file in content.files.items():
                _check_file(home / content.folder / name, file)
            index.load(home / content.folder, content.revision)
        except Exception as error:  # whatever is wrong with it: the store has it all
            raise SnapshotUnusable(gallery.id, _first_line(error)) from error
        return True

    def revision(self, gallery_id: str) -> int | None:
        """Up to which revision the snapshot of a gallery goes, if there is one that says so."""
        content = _content_or_none(self._home(gallery_id))
        return None if content is None else content.revision

    def galleries(self) -> tuple[str, ...]:
        """Ids of the galleries of which anything is saved."""
        homes = self._directory.glob("*") if self._directory.is_dir() else ()
        return tuple(sorted(home.name for home in homes if GALLERY_ID.fullmatch(home.name)))

    def forget(self, gallery_id: str) -> None:
        """Remove the snapshot of a gallery, if there is one."""
        _remove(self._home(gallery_id))

    def forget_unfinished(self, gallery_id: str) -> None:
        """Remove what a process left that died while it wrote or replaced a snapshot."""
        home = self._home(gallery_id)
        content = _content_or_none(home)
        if content is None:
            _remove(home)
            return
        for left in home.iterdir():
            if left.name not in (MANIFEST, content.folder):
                _remove(left)

    def _home(self, gallery_id: str) -> Path:
        return self._directory / gallery_id


def _remove(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
    with suppress(OSError):
        path.unlink()
    if path.exists():
        log.warning("%s has templates, and could not be removed", path)


def _origin(gallery: Gallery, index: Savable) -> Origin:
    return Origin(
        gallery=gallery.id, model=str(gallery.model), dim=gallery.dim, recipe=index.recipe
    )


def _written(folder: Path, origin: Origin, index: Savable) -> Content:
    revision = index.save(folder)
    paths = sorted(folder.iterdir())
    for path in (*paths, folder):
        settle(path)
    files = {path.name: described(path) for path in paths}
    return Content(origin=origin, revision=revision, folder=folder.name, files=files)


def _content_or_none(home: Path) -> Content | None:
    try:
        return read_manifest(home)
    except (OSError, ValueError):
        return None


def _check_origin(found: Origin, wanted: Origin) -> None:
    for name, value in found:
        if value != getattr(wanted, name):
            raise ValueError(f"its {name} is {value}, not {getattr(wanted, name)}")


def _check_file(path: Path, file: SnapshotFile) -> None:
    # The size first: whoever put a larger file there shall not make us read it.
    if path.stat().st_size != file.size_bytes or described(path) != file:
        raise ValueError(f"{path.name} is not the file that was written")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
