"""The packs of this machine: which are known, which are here, and how the others get here."""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from vultus.errors import (
    LibraryUnwritable,
    PackExists,
    PackInvalid,
    PackNotFound,
    PackNotInstalled,
)
from vultus.models.inference.port import NetworkFactory
from vultus.models.packs.check.pack import check_pack
from vultus.models.packs.install import Installer, write_durably
from vultus.models.packs.manifest import (
    MANIFEST,
    NAME_PATTERN,
    Build,
    CalibrationPart,
    Manifest,
    ThresholdPart,
    dump_manifest,
)
from vultus.models.packs.pack import Pack, open_pack, read_manifest
from vultus.models.packs.sources.port import PackSource, Progress, silent

SHIPPED = Path(__file__).parent / "shipped"
PASSING = ".passing-"
MEASURED = ("threshold", "calibration", "measured_here")
"""Parts of a manifest that this machine may have measured itself."""


class PackLibrary:
    """The packs below `root`, a directory each.

    A pack appears and disappears as a whole: it is made beside its place and then renamed. One
    process at a time changes the library, however many read it.
    """

    def __init__(
        self,
        root: Path,
        sources: Callable[[], Iterable[PackSource]],
        open_network: NetworkFactory,
        shipped: Path = SHIPPED,
    ) -> None:
        """Look after `root`, which need not exist.

        Args:
            root: directory of the installed packs.
            sources: gives where artifacts come from, one per scheme, when any are needed.
            open_network: runs a network that was built, to prove it.
            shipped: directory of the packs that can be pulled by name.
        """
        self._root = root
        self._sources = sources
        self._open_network = open_network
        self._shipped = shipped

    def shipped(self) -> list[str]:
        """Names of the packs that can be pulled."""
        return _packs_in(self._shipped)

    def installed(self) -> list[str]:
        """Names of the packs that are here."""
        return _packs_in(self._root)

    def show(self, pack: str | Path) -> Manifest:
        """The manifest of a known pack, as `open` gives it if it is installed, or of a directory.

        Raises:
            PackNotFound: nobody knows a pack of that name.
            NotAPack: there is none at that path.
            PackInvalid: the manifest breaks the schema, or has another name.
        """
        if is_path(pack):
            return read_manifest(Path(pack))
        name = str(pack)
        if name in self.installed():
            return self._renewed(self._installed_manifest(name))
        return read_manifest(self._shipped / self._known(name, path_will_do=True))

    def manifest(self, pack: str | Path) -> Manifest:
        """What a pack says of itself: a known one by name, or any by the path of its directory.

        Raises:
            PackNotFound: nobody knows a pack of that name.
            NotAPack: there is none at that path.
            PackInvalid: the manifest breaks the schema, or lacks a digest.
        """
        return self.open(pack).manifest if is_path(pack) else self.show(str(pack))

    def is_current(self, name: str) -> bool:
        """Whether an installed pack has the networks that this version of Vultus would build."""
        if name not in self.shipped():
            return True
        return _same_networks(self._installed_manifest(name), self._shipped_manifest(name))

    def open(self, pack: str | Path) -> Pack:
        """Open an installed pack by name, or any pack by the path of its directory.

        A string with a separator in it is a path, any other a name. A shipped pack that an older
        Vultus installed has its own networks, and what this one knows of them: rates, calibration.

        Raises:
            PackNotFound: nobody knows a pack of that name.
            NotAPack: there is none at that path.
            PackNotInstalled: it is known but not here.
            PackInvalid: its manifest breaks the schema, has another name, or lacks a digest.
        """
        if is_path(pack):
            return open_pack(Path(pack))
        name = str(pack)
        if name not in self.installed():
            raise PackNotInstalled(self._known(name, path_will_do=True))
        return self._open(name)

    def ensure(self, pack: str | Path, progress: Progress | None = None) -> Pack:
        """Open a pack as `open` does, and pull it first if it is known but not here."""
        try:
            return self.open(pack)
        except PackNotInstalled as missing:
            return self.pull(missing.name, progress=progress)

    def pull(self, name: str, *, again: bool = False, progress: Progress | None = None) -> Pack:
        """Obtain or build the files of a known pack; do nothing if they are here.

        Args:
            name: one of `shipped()`.
            again: replace it even if it is here.
            progress: told what arrives.

        Raises:
            PackNotFound: no pack of that name can be pulled.
            SourceError: an artifact cannot be obtained.
            ImportFailed, ProofFailed: a network cannot be built.
            LibraryUnwritable: the directory of packs cannot be written.
        """
        if name not in self.shipped():
            raise self._unknown(name)
        with self._changing():
            if again or name not in self.installed():
                origin = self._shipped / name
                self._install(Pack(origin, read_manifest(origin)), progress)
        return self._open(name)

    def add(self, directory: Path, progress: Progress | None = None) -> Pack:
        """Install the pack in a directory, by its manifest, after a check of its networks.

        Raises:
            NotAPack: there is no manifest.
            PackInvalid: the manifest breaks the schema, takes the name of a shipped pack, or says
                of a network what that is not.
            NetworkInvalid: a file is no network.
            PackExists: a pack of that name is installed.
            PackDamaged: a file is missing, or is not the one that the manifest names.
            LibraryUnwritable: the directory of packs cannot be written.
        """
        manifest = read_manifest(directory)
        name = manifest.name
        with self._changing():
            if name in self.installed():
                raise PackExists(name)
            # One that was pulled elsewhere may be carried here; another under its name may not.
            if name in self.shipped() and manifest.model != self.show(name).model:
                problem = f"{name} is the name of a pack of Vultus: choose another"
                raise PackInvalid(str(directory / MANIFEST), "name", problem)
            self._install(Pack(directory, manifest), progress, checked=True)
        return self._open(name)

    def verify(self, name: str) -> Pack:
        """Read every file of an installed pack again.

        Raises:
            PackNotFound, PackNotInstalled, PackInvalid: as `open`.
            PackDamaged: a file is missing, or is not the one that the manifest names.
        """
        pack = self.open(name)
        pack.verify()
        return pack

    def measured(
        self, name: str, threshold: ThresholdPart, calibration: CalibrationPart, on: str
    ) -> Pack:
        """Let an installed pack decide by what was measured here; `on` says on what.

        The manifest is replaced as a whole; `pull` again brings back what the pack came with.

        Raises:
            PackNotFound, PackNotInstalled, PackInvalid: as `open`.
            LibraryUnwritable: the directory of packs cannot be written.
        """
        with self._changing():
            pack = self.open(name)
            parts = {"threshold": threshold, "calibration": calibration, "measured_here": on}
            manifest = pack.manifest.model_copy(update=parts)
            with self._passing() as passing:
                write_durably(passing / MANIFEST, dump_manifest(manifest).encode())
                (passing / MANIFEST).replace(pack.path / MANIFEST)
        return self.open(name)

    def remove(self, name: str) -> None:
        """Delete an installed pack.

        Raises:
            PackNotFound, PackNotInstalled: there is nothing to delete.
            LibraryUnwritable: the directory of packs cannot be written.
        """
        with self._changing():
            if name not in self.installed():
                raise PackNotInstalled(self._known(name))
            with self._passing() as passing:
                (self._root / name).rename(passing / name)

    def _open(self, name: str) -> Pack:
        pack = open_pack(self._root / name)
        _check_place(pack.manifest, pack.path)
        return Pack(pack.path, self._renewed(pack.manifest))

    def _installed_manifest(self, name: str) -> Manifest:
        manifest = read_manifest(self._root / name)
        _check_place(manifest, self._root / name)
        return manifest

    def _renewed(self, installed: Manifest) -> Manifest:
        """What is known today of the networks that are installed."""
        if installed.name not in self.shipped():
            return installed
        shipped = self._shipped_manifest(installed.name)
        if not _same_networks(installed, shipped):
            return installed
        kept = ("networks", *MEASURED) if installed.measured_here else ("networks",)
        return shipped.model_copy(update={field: getattr(installed, field) for field in kept})

    def _shipped_manifest(self, name: str) -> Manifest:
        return read_manifest(self._shipped / name)

    def _install(self, origin: Pack, progress: Progress | None, *, checked: bool = False) -> None:
        place = self._root / origin.manifest.name
        downloads = self._root / f".downloads-{origin.manifest.name}"
        sources = {source.scheme: source for source in self._sources()}
        installer = Installer(sources, self._open_network, downloads, progress or silent)
        with self._passing() as passing:
            new = passing / "new"
            new.mkdir()
            installer.install(origin, new)
            if checked:
                check_pack(open_pack(new), self._open_network, origin.path)
            if place.exists():
                place.rename(passing / "old")
            new.rename(place)
        shutil.rmtree(downloads, ignore_errors=True)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Be the only process that changes the library, and clear what a crashed one left."""
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            with FileLock(self._root / ".lock"):
                for left in self._root.glob(f"{PASSING}*"):
                    shutil.rmtree(left, ignore_errors=True)
                yield
        except OSError as error:
            raise LibraryUnwritable(str(self._root), str(error)) from error

    @contextmanager
    def _passing(self) -> Iterator[Path]:
        """A directory beside the packs for what is not yet, or no longer, one of them."""
        with tempfile.TemporaryDirectory(prefix=PASSING, dir=self._root) as passing:
            yield Path(passing)

    def _known(self, name: str, *, path_will_do: bool = False) -> str:
        if name not in self.shipped():
            raise self._unknown(name, os.path.join(os.curdir, name) if path_will_do else "")
        return name

    def _unknown(self, name: str, path: str = "") -> PackNotFound:
        known = ", ".join(sorted({*self.shipped(), *self.installed()}))
        is_here = os.path.isfile(os.path.join(path, MANIFEST))
        return PackNotFound(name, known, path if is_here else "")


def is_path(pack: str | Path) -> bool:
    """Whether `pack` is the path of a directory, not the name of a pack."""
    return isinstance(pack, Path) or bool({"/", os.sep} & set(pack))


def _check_place(manifest: Manifest, directory: Path) -> None:
    """Refuse an installed pack that calls itself otherwise than its directory is called."""
    if manifest.name != directory.name:
        problem = f"it says {manifest.name!r} in the directory of {directory.name!r}"
        raise PackInvalid(str(directory / MANIFEST), "name", problem)


def _same_networks(installed: Manifest, shipped: Manifest) -> bool:
    """Whether the installed networks are built from what the shipped manifest builds them from."""
    decisive = ("model", "detector", "embedder", "quantization")
    same = all(getattr(installed, part) == getattr(shipped, part) for part in decisive)
    return same and _recipe(installed) == _recipe(shipped)


def _recipe(manifest: Manifest) -> dict[str, tuple[str, Build | None, str | None]]:
    """For each network its file, how it is built, and the SHA-256 of what it is built from."""
    digests = {name: artifact.sha256 for name, artifact in manifest.artifacts.items()}
    return {
        key: (part.file, part.build, digests[part.build.artifact] if part.build else None)
        for key, part in manifest.networks.items()
    }


def _packs_in(directory: Path) -> list[str]:
    """Names of the packs in a directory that may not exist."""
    return sorted(
        manifest.parent.name
        for manifest in directory.glob(f"*/{MANIFEST}")
        if re.fullmatch(NAME_PATTERN, manifest.parent.name)
    )
