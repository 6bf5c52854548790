"""A pack whose files are on this machine."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from vultus.errors import NotAPack, PackDamaged, PackInvalid
from vultus.models.packs.manifest import MANIFEST, Manifest, parse_manifest


@dataclass(frozen=True, slots=True)
class Pack:
    """A directory with a manifest, and the network files that it names."""

    path: Path
    manifest: Manifest

    def read(self, network: str) -> bytes:
        """The ONNX file of a network, by its key in the manifest.

        Raises:
            PackDamaged: the file is missing, or is not the one that the manifest names.
        """
        part = self.manifest.networks[network]
        file = self.path / part.file
        try:
            if file.stat().st_size != part.size_bytes:
                raise PackDamaged(self.manifest.name, part.file, "has another size than promised")
            data = file.read_bytes()
        except OSError as error:
            problem = f"cannot be read ({error.strerror})"
            raise PackDamaged(self.manifest.name, part.file, problem) from error
        if hashlib.sha256(data).hexdigest() != part.sha256:
            raise PackDamaged(self.manifest.name, part.file, "has another SHA-256 than promised")
        return data

    def verify(self) -> None:
        """Read every file again.

        Raises:
            PackDamaged: one is missing, or is not the one that the manifest names.
        """
        for network in self.manifest.networks:
            self.read(network)


def open_pack(path: Path) -> Pack:
    """Open the pack in a directory.

    Raises:
        NotAPack: the directory has no manifest.
        PackInvalid: the manifest breaks the schema, or lacks the digest of a network.
    """
    manifest = read_manifest(path)
    for key, network in manifest.networks.items():
        if network.sha256 is None:
            problem = "sha256 and size_bytes are needed"
            raise PackInvalid(str(path / MANIFEST), f"networks.{key}", problem)
    return Pack(path, manifest)


def read_manifest(path: Path) -> Manifest:
    """Read the manifest in a directory.

    Raises:
        NotAPack: there is none.
        PackInvalid: it breaks the schema.
    """
    file = path / MANIFEST
    try:
        text = file.read_bytes()
    except OSError as error:
        raise NotAPack(str(path), f"{MANIFEST} cannot be read ({error.strerror})") from error
    return parse_manifest(text, file)
