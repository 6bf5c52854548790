"""The files that the default pack is built from."""

from collections.abc import Callable
from pathlib import Path

import pytest

from vultus.models.packs.pack import Pack

Artifact = Callable[[str], bytes]


@pytest.fixture(scope="session")
def artifact(vultus_home: Path, dlib_pack: Pack) -> Artifact:
    """The bytes of an artifact of the pack `dlib`, by its key in the manifest."""

    def read(key: str) -> bytes:
        digest = dlib_pack.manifest.artifacts[key].sha256
        return (vultus_home.parent / "artifacts" / digest).read_bytes()

    return read
