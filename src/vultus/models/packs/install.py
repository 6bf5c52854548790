"""From a manifest that says how, to a directory that has it all."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vultus.errors import PackInvalid, SourceInvalid
from vultus.models.inference.port import NetworkFactory
from vultus.models.packs.build import build_network
from vultus.models.packs.manifest import MANIFEST, NetworkFile, dump_manifest
from vultus.models.packs.pack import Pack
from vultus.models.packs.sources.port import PackSource, Progress, Wanted


@dataclass(frozen=True, slots=True)
class Installer:
    """Obtains or builds every network of a pack.

    `sources` are by scheme; what they fetch goes to `downloads`, and stays there, so that an
    interrupted installation goes on where it stopped.
    """

    sources: Mapping[str, PackSource]
    open_network: NetworkFactory
    downloads: Path
    progress: Progress

    def install(self, origin: Pack, target: Path) -> None:
        """Fill the empty directory `target` with the networks of `origin`, and a manifest.

        Raises:
            PackInvalid: the manifest does not say where a network comes from.
            PackDamaged: a file that lies in `origin` is not the one that the manifest names.
            SourceError: an artifact cannot be obtained.
            ImportFailed, ProofFailed: a network cannot be built from its artifact.
        """
        networks = {key: self._install(origin, key, target) for key in origin.manifest.networks}
        installed = origin.manifest.model_copy(update={"networks": networks})
        write_durably(target / MANIFEST, dump_manifest(installed).encode())

    def _install(self, origin: Pack, key: str, target: Path) -> NetworkFile:
        network = origin.manifest.networks[key]
        data = self._obtain(origin, key)
        self.progress(network.file, len(data), len(data))
        write_durably(target / network.file, data)
        return network.model_copy(
            update={"sha256": hashlib.sha256(data).hexdigest(), "size_bytes": len(data)}
        )

    def _obtain(self, origin: Pack, key: str) -> bytes:
        network = origin.manifest.networks[key]
        if network.sha256 is not None:
            return origin.read(key)
        if network.build is None:
            raise PackInvalid(
                str(origin.path / MANIFEST), f"networks.{key}", "neither sha256 nor build is given"
            )
        artifact = self._fetch(origin, network.build.artifact)
        self.progress(network.file, 0, None)
        return build_network(origin, key, artifact, self.open_network)

    def _fetch(self, origin: Pack, name: str) -> Path:
        artifact = origin.manifest.artifacts[name]
        scheme, _, rest = artifact.source.partition(":")
        source = artifact.source
        if scheme == "file" and not rest.startswith("/"):
            source = (origin.path.absolute() / rest).as_uri()
        if scheme not in self.sources:
            known = ", ".join(f"{scheme}:" for scheme in sorted(self.sources))
            raise SourceInvalid(source, f"it begins with none of {known}")
        target = self.downloads / name
        self.sources[scheme].fetch(
            Wanted(source, artifact.sha256, artifact.size_bytes), target, self.progress
        )
        return target


def write_durably(path: Path, data: bytes) -> None:
    """Write a file, and return when it would survive a power cut."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
