"""Package archives and simple indexes (PEP 503), made as a test needs them."""

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path
from typing import Any

from vultus.models.packs.sources.pip_config import PipConfig

SABOTAGE = "raise SystemExit('a package must not be run')"


def wheel(files: dict[str, bytes]) -> bytes:
    """A wheel that holds `files` by path."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def sdist(files: dict[str, bytes]) -> bytes:
    """A source distribution that holds `files` by path, and fails when it is built."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, data in {"setup.py": SABOTAGE.encode(), **files}.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


def index_page(archives: dict[str, bytes], *, hashes: bool = True) -> bytes:
    """The page of one package, which lists its archives by file name."""
    links = [
        f'<a href="{name}{f"#sha256={hashlib.sha256(data).hexdigest()}" if hashes else ""}">'
        f"{name}</a>"
        for name, data in archives.items()
    ]
    return f"<!DOCTYPE html><html><body>{''.join(links)}</body></html>".encode()


def write_index(root: Path, package: str, archives: dict[str, bytes]) -> str:
    """Write a simple index with one package below `root`, and give its URL."""
    page = root / package
    page.mkdir(parents=True, exist_ok=True)
    (page / "index.html").write_bytes(index_page(archives))
    for name, data in archives.items():
        (page / name).write_bytes(data)
    return root.as_uri()


def pip_config(*indexes: str, **options: Any) -> PipConfig:
    """The configuration of a pip that knows these indexes and nothing else."""
    nothing = dict.fromkeys(("cert", "client_cert", "proxy"))
    return PipConfig(
        indexes=indexes,
        **{"find_links": (), "trusted_hosts": (), "timeout_s": 5, **nothing, **options},
    )
