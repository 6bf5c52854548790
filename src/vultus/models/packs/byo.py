"""Writes packs around networks that somebody brings."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vultus.errors import InvalidValue
from vultus.models.inference.port import NetworkFactory
from vultus.models.packs.check.detector import check_yunet
from vultus.models.packs.check.embedder import check_embedder
from vultus.models.packs.install import write_durably
from vultus.models.packs.manifest import (
    MANIFEST,
    SCHEMA,
    DetectorKind,
    Licence,
    NetworkFile,
    dump_manifest,
    parse_manifest,
)
from vultus.models.packs.pack import Pack, open_pack
from vultus.models.packs.styles import Style

PERMISSIVE = frozenset(
    {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC-BY-4.0", "CC0-1.0"}
    | {"ISC", "MIT", "Unlicense", "Zlib"}
)
"""Licences that are known to allow commercial use. Of any other, somebody must say it."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A network file that somebody brings: its bytes, and where they may be used."""

    data: bytes
    licence: Licence
    origin: str


@dataclass(frozen=True, slots=True)
class BroughtDetector:
    """A detector: its kind, and by role a network as it shall stand in the manifest, with bytes."""

    kind: DetectorKind
    networks: Mapping[str, tuple[NetworkFile, bytes]]


@dataclass(frozen=True, slots=True)
class NewPack:
    """Everything that a manifest says and no file can tell."""

    name: str
    version: str
    summary: str
    style: Style
    mirror: bool
    embedder: Brought
    detector: BroughtDetector


def licence_of(spdx: str, commercial_use: bool | None = None, notice: str = "") -> Licence:
    """A licence; whether it allows commercial use may be left out where that is known.

    Raises:
        InvalidValue: it is not known of this licence.
    """
    if commercial_use is None:
        if spdx not in PERMISSIVE:
            raise InvalidValue("licence", f"say whether {spdx} allows commercial use")
        commercial_use = True
    return Licence(spdx=spdx, commercial_use=commercial_use, notice=notice)


def yunet(brought: Brought, open_network: NetworkFactory) -> BroughtDetector:
    """A YuNet file as a detector.

    Raises:
        NetworkInvalid: it is none.
    """
    check_yunet(open_network("detector", brought.data))
    return BroughtDetector(
        "yunet", {"detect": (_network_file("detector.onnx", brought), brought.data)}
    )


def detector_of(pack: Pack) -> BroughtDetector:
    """The detector of another pack.

    Raises:
        PackDamaged: a file of it is not the one that its manifest names.
    """
    part = pack.manifest.detector
    networks = {
        role: (pack.manifest.networks[key].model_copy(update={"build": None}), pack.read(key))
        for role, key in part.networks.items()
    }
    return BroughtDetector(part.kind, networks)


def write_new_pack(new: NewPack, directory: Path, open_network: NetworkFactory) -> Pack:
    """Check the embedder by running it, and write the pack into a new directory.

    Raises:
        NetworkInvalid: the embedder is not what its style says; `check_embedder` lists why.
        PackInvalid: a name, version or licence breaks the schema.
        InvalidValue: the directory is there already.
    """
    if directory.exists():
        raise InvalidValue("directory", f"{directory} is there already")
    dim = check_embedder(open_network("embedder", new.embedder.data), new.style.input)
    manifest = parse_manifest(json.dumps(_manifest(new, dim)), directory / MANIFEST)
    files = {network.file: data for network, data in new.detector.networks.values()}
    directory.mkdir(parents=True)
    for name, data in (files | {"embedder.onnx": new.embedder.data}).items():
        write_durably(directory / name, data)
    write_durably(directory / MANIFEST, dump_manifest(manifest).encode())
    return open_pack(directory)


def _manifest(new: NewPack, dim: int) -> dict[str, Any]:
    detectors = {role: network for role, (network, _) in new.detector.networks.items()}
    networks = detectors | {"embed": _network_file("embedder.onnx", new.embedder)}
    return {
        "schema": SCHEMA,
        "name": new.name,
        "version": new.version,
        "summary": new.summary,
        "networks": {
            key: network.model_dump(exclude_none=True) for key, network in networks.items()
        },
        "detector": {"kind": new.detector.kind, "networks": {role: role for role in detectors}},
        "embedder": {
            "network": "embed",
            "input": new.style.input.model_dump(),
            "points": new.style.points,
            "dim": dim,
            "mirror": new.mirror,
        },
    }


def _network_file(file: str, brought: Brought) -> NetworkFile:
    return NetworkFile(
        file=file,
        licence=brought.licence,
        origin=brought.origin,
        sha256=hashlib.sha256(brought.data).hexdigest(),
        size_bytes=len(brought.data),
    )
