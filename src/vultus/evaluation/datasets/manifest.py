"""Reading manifests back; `dataset.manifest_of` writes them."""

import json
from hashlib import sha256
from typing import Any

from vultus.errors import DatasetDamaged
from vultus.evaluation.datasets.dataset import SCHEMA, Dataset, DatasetImage, Pair


def read_manifest(version: str, content: bytes) -> Dataset:
    """Read the manifest of a version.

    Raises:
        DatasetDamaged: it is not what was written, or a newer Vultus wrote it.
    """
    if sha256(content).hexdigest() != version:
        raise DatasetDamaged(version, "its manifest is not what was written")
    manifest: dict[str, Any] = json.loads(content)
    if manifest["schema"] != SCHEMA:
        problem = f"its schema is {manifest['schema']}, and this Vultus reads {SCHEMA}"
        raise DatasetDamaged(version, problem)
    return Dataset(
        name=manifest["name"],
        source=manifest["source"],
        images=tuple(DatasetImage(**image) for image in manifest["images"]),
        pairs=tuple(Pair(**pair) for pair in manifest["pairs"]),
        parent=manifest["parent"],
    )
