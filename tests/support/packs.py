"""Packs made as a test needs them, around networks that find nothing and mean nothing."""

import hashlib
import json
from pathlib import Path
from typing import Any

from networks import embedder_model, yunet_model
from vultus.models.packs.check.detector import YUNET_OUTPUTS

CENTRE = [[30, 40], [70, 40], [50, 60], [35, 80], [65, 80]]
FREE = {"spdx": "MIT", "commercial_use": True}
NON_COMMERCIAL = {"spdx": "CC-BY-NC-4.0", "commercial_use": False, "notice": "Research only."}
FILES = {
    "detect": yunet_model(sorted(YUNET_OUTPUTS)),
    "embed": embedder_model(100, dim=4, height_px=120),
}


def manifest(name: str = "mine", **changes: Any) -> dict[str, Any]:
    """A manifest whose networks must be in the pack's directory, as data."""
    whole = {
        "schema": 1,
        "name": name,
        "version": "1",
        "summary": "a pack for tests",
        "networks": {key: network(f"{key}.onnx", FILES[key]) for key in FILES},
        "detector": {"kind": "yunet", "networks": {"detect": "detect"}},
        "embedder": {
            "network": "embed",
            "input": {
                "width": 100,
                "height": 120,
                "colour": "rgb",
                "mean": [0, 0, 0],
                "scale": [1, 1, 1],
            },
            "points": {"yunet": CENTRE},
            "dim": 4,
        },
    }
    return whole | changes


def network(file: str, data: bytes) -> dict[str, Any]:
    """A network whose file has these bytes."""
    return {"file": file, "licence": FREE, "origin": "made up"} | pinned(data)


def pinned(data: bytes) -> dict[str, Any]:
    """Digest and size of these bytes."""
    return {"sha256": hashlib.sha256(data).hexdigest(), "size_bytes": len(data)}


def write_pack(directory: Path, data: dict[str, Any], files: dict[str, bytes] = FILES) -> Path:
    """Write a pack's directory: its manifest, and `files` as NAME.onnx."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "manifest.json").write_text(json.dumps(data))
    for name, content in files.items():
        (directory / f"{name}.onnx").write_bytes(content)
    return directory


def write_recipe(directory: Path, name: str, artifacts: Path, **changes: Any) -> Path:
    """Write the manifest of a pack whose networks are copies of artifacts, and these."""
    artifacts.mkdir(parents=True, exist_ok=True)
    whole = manifest(name, artifacts={}, networks={}) | changes
    for key, data in FILES.items():
        (artifacts / key).write_bytes(data)
        source = (artifacts / key).as_uri()
        whole["artifacts"][key] = {"source": source} | pinned(data)
        build = {"importer": "copy", "artifact": key}
        whole["networks"][key] = {
            "file": f"{key}.onnx",
            "licence": FREE,
            "origin": "made up",
            "build": build,
        }
    return write_pack(directory / name, whole, {})
