"""The manifest of a snapshot: what it is of, and which files it consists of."""

import hashlib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from vultus.whole_file import written_whole

MANIFEST = "manifest.json"
LARGEST_BYTES = 64 * 1024

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, StringConstraints(pattern=r"^[a-z]+\.[a-z]+$")]
FolderName = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class Part(BaseModel):
    """Base of the parts of a manifest: frozen, and nothing else in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Origin(Part):
    """What a snapshot is of; only an index of the very same may be read from it."""

    gallery: str
    model: str
    dim: int
    recipe: str


class SnapshotFile(Part):
    """A file as it was written."""

    size_bytes: int = Field(ge=0)
    sha256: Sha256


class Content(Part):
    """A snapshot: the templates of `origin` up to `revision`, in the files of a folder."""

    schema_version: Literal[1] = 1
    origin: Origin
    revision: int = Field(ge=0)
    folder: FolderName
    files: dict[FileName, SnapshotFile]


class Manifest(Part):
    """The content, and the SHA-256 of its JSON."""

    content: Content
    sha256: Sha256


def read_manifest(home: Path) -> Content:
    """Read the manifest in a folder.

    Raises:
        ValueError, OSError: there is none, or it is not what `write_manifest` writes.
    """
    with (home / MANIFEST).open("rb") as file:
        manifest = Manifest.model_validate_json(file.read(LARGEST_BYTES))
    if _digest(manifest.content) != manifest.sha256:
        raise ValueError("the manifest was changed")
    return manifest.content


def write_manifest(home: Path, content: Content) -> None:
    """Write the manifest, whole or not at all; afterwards it survives a power failure."""
    manifest = Manifest(content=content, sha256=_digest(content))
    with written_whole(home / MANIFEST) as file:
        file.write(f"{manifest.model_dump_json(indent=2)}\n".encode())


def described(path: Path) -> SnapshotFile:
    """Say what a file is."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return SnapshotFile(size_bytes=path.stat().st_size, sha256=digest)


def _digest(content: Content) -> str:
    return hashlib.sha256(content.model_dump_json().encode()).hexdigest()
