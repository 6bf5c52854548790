"""What is installed, what runs and what answers: the findings of `vultus doctor`."""

import os
import platform
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from vultus.errors import VultusError
from vultus.models.packs.library import PackLibrary

CORE = ("numpy", "onnxruntime", "onnx", "opencv-python-headless", "pillow", "pi-heif")
SERVICES = (
    ("PostgreSQL", "127.0.0.1", 5432),
    ("Redis", "127.0.0.1", 6379),
    ("RabbitMQ", "127.0.0.1", 5672),
    ("Elasticsearch", "127.0.0.1", 9200),
    ("Triton", "127.0.0.1", 8000),
)
PATIENCE_S = 0.3
ROOM_BYTES = 500_000_000
"""Free space that obtaining a pack may need for a while."""


class State(StrEnum):
    """How a thing stands. Only `bad` needs a cure."""

    OK = "ok"
    ABSENT = "absent"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report."""

    topic: str
    name: str
    state: State
    detail: str


def software() -> Iterator[Finding]:
    """Versions of Python and of the libraries that the core stands on."""
    yield Finding("software", "python", State.OK, f"{platform.python_version()} {sys.executable}")
    for name in ("vultus", *CORE):
        try:
            yield Finding("software", name, State.OK, version(name))
        except PackageNotFoundError:
            yield Finding("software", name, State.BAD, "not installed: pip install vultus")


def machine(int8: Callable[[], bool]) -> Iterator[Finding]:
    """Processor and cores; `int8` says whether it multiplies bytes without saturating."""
    cores = f"{os.cpu_count()} cores, {platform.machine()}"
    yield Finding("machine", "processor", State.OK, cores)
    detail = "yes" if int8() else "no: int8 networks use the reduced range"
    yield Finding("machine", "int8 dot products", State.OK, detail)


def home(folder: Path) -> Finding:
    """Whether there is room where Vultus keeps its files."""
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free_bytes = shutil.disk_usage(existing).free
    detail = f"{folder}, {free_bytes / 1e9:.1f} GB free"
    if not os.access(existing, os.W_OK):
        return Finding("machine", "home", State.BAD, f"{detail}; it cannot be written")
    if free_bytes < ROOM_BYTES:
        return Finding("machine", "home", State.BAD, f"{detail}; packs need more")
    return Finding("machine", "home", State.OK, detail)


def packs(library: PackLibrary) -> Iterator[Finding]:
    """Which packs are known, which are here, and whether their files are intact."""
    installed = set(library.installed())
    for name in sorted(installed | set(library.shipped())):
        if name not in installed:
            yield Finding("packs", name, State.ABSENT, f"run: vultus packs pull {name}")
            continue
        try:
            library.verify(name)
        except VultusError as error:
            yield Finding("packs", name, State.BAD, str(error))
        else:
            yield _intact(library, name)


def _intact(library: PackLibrary, name: str) -> Finding:
    if library.is_current(name):
        return Finding("packs", name, State.OK, "installed, intact")
    return Finding("packs", name, State.BAD, f"outdated: run vultus packs pull {name} --again")


def attempt(topic: str, name: str, work: Callable[[], str]) -> Finding:
    """A finding from something that is tried out: what it says, or why it failed."""
    try:
        return Finding(topic, name, State.OK, work())
    except VultusError as error:
        return Finding(topic, name, State.BAD, str(error))


def services() -> Iterator[Finding]:
    """Which servers answer on this machine. One machine alone needs none of them."""
    for name, host, port in SERVICES:
        try:
            socket.create_connection((host, port), timeout=PATIENCE_S).close()
        except OSError:
            detail = f"nobody answers at {host}:{port}; needed only at scale"
            yield Finding("services", name, State.ABSENT, detail)
        else:
            yield Finding("services", name, State.OK, f"answers at {host}:{port}")
